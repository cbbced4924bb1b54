"""What everything promises that launches SwarmUI."""

import os
from pathlib import Path

import pytest

from storyloom.adapters.swarmui.swarm_launcher import InstalledSwarmLauncher
from storyloom.automation.ports import SwarmLauncher
from tests.processes import is_alive
from tests.swarmui.install import FakeInstall
from tests.until import until


@pytest.fixture
def install(tmp_path: Path) -> FakeInstall:
    return FakeInstall(tmp_path / "SwarmUI")


@pytest.fixture
def launcher(install: FakeInstall) -> SwarmLauncher:
    return InstalledSwarmLauncher(
        install.folder,
        install.port,
        environment={"PATH": os.defpath},
        log=install.folder / "log",
        platform="linux",
    )


async def test_what_is_launched_runs_until_it_is_stopped(
    launcher: SwarmLauncher, install: FakeInstall
) -> None:
    await launcher.check()
    assert await launcher.printed(5) == []

    process = await launcher.launch()
    await until(lambda: process.port is not None)

    assert process.exit_code is None
    assert process.last_lines
    assert await launcher.printed(1) == [process.last_lines[-1]]
    await process.stop(20)
    assert process.exit_code is not None
    assert not is_alive(install.launches[0]["pid"])
