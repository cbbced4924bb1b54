"""A program that was stopped does not begin any more."""

import sys
from pathlib import Path

import pytest

from storyloom.adapters.ffmpeg._program import Program


def test_whoever_is_stopped_before_it_begins_does_not_begin(tmp_path: Path) -> None:
    program = Program({})
    program.stop()

    with pytest.raises(InterruptedError):
        program.run([sys.executable, "-c", ""], tmp_path, 5)
