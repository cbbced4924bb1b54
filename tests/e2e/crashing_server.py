"""A server with a counting studio.

Usage: crashing_server.py DATA_DIR PORT LOG
"""

import sys
from pathlib import Path

import uvicorn

from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.api.application import create_app
from storyloom.settings import Settings
from tests.counting import Recorder, counting_studio

PAUSE_S = 0.04


def main() -> None:
    """Serve until killed."""
    data_dir, port, log = sys.argv[1:]
    studio = counting_studio(
        Recorder(Path(log), PAUSE_S), TypstImageBackend(), TypstBoardRenderer(system_fonts=False)
    )
    settings = Settings(data_dir=Path(data_dir), reconcile_every_s=0.5)
    uvicorn.run(create_app(settings, studio), port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
