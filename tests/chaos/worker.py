"""A worker with a counting studio whose pictures cost nothing.

Usage: python -m tests.chaos.worker LOG PAUSE_S, with the settings in the environment. There
CHAOS_VERSION names the version of its pipelines.
"""

import os
import sys
from pathlib import Path

from storyloom.bootstrap import engine
from storyloom.cli.working import work
from storyloom.settings import Settings
from tests.counting import Recorder, counting_studio
from tests.free import Free


def main() -> None:
    """Take jobs until a signal comes."""
    log, pause_s = sys.argv[1:]
    engine.PIPELINES_VERSION = os.environ.get("CHAOS_VERSION", engine.PIPELINES_VERSION)  # noqa: TID251
    free = Free()
    work(Settings.load(), counting_studio(Recorder(Path(log), float(pause_s)), free, free))


if __name__ == "__main__":
    main()
