"""A fake install for each test, of which nothing may be left."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.processes import is_alive
from tests.swarmui.install import FakeInstall


@pytest.fixture
def install(tmp_path: Path) -> Generator[FakeInstall]:
    install = FakeInstall(tmp_path / "SwarmUI")
    yield install
    left = [*(one["pid"] for one in install.launches), *install.children]
    assert [pid for pid in left if is_alive(pid)] == []
