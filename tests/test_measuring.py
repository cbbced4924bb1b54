"""What is measured, and what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.measuring import measured
from tests.servers import environment

SETTING = "COVERAGE_PROCESS_CONFIG"


@pytest.mark.no_cover
def test_coverage_is_put_aside_for_a_while() -> None:
    assert SETTING not in environment()


def test_who_is_started_is_not_measured_after_that_either() -> None:
    assert SETTING not in environment()


def test_who_is_told_to_be_is_measured(tmp_path: Path) -> None:
    if not measured():
        pytest.skip("nothing is measured")
    told = subprocess.run(
        [sys.executable, "-c", "import coverage; print(coverage.Coverage.current() is not None)"],
        env=environment(**measured(), COVERAGE_FILE=str(tmp_path / "data")),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "True"
