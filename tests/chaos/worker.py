"""A worker with a counting studio whose pictures cost nothing.

Usage: python -m tests.chaos.worker LOG PAUSE_S, with the settings in the environment. There
CHAOS_VERSION names the version of its pipelines.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from storyloom.boards.schemas import Board, Drawing, FileFormat
from storyloom.bootstrap import engine
from storyloom.cli.working import work
from storyloom.imaging.schemas import Capabilities, ImageRequest, MediaType, Picture
from storyloom.settings import Settings
from tests.counting import Recorder, counting_studio


def _png() -> bytes:
    data = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(data, "PNG")
    return data.getvalue()


class Free:
    """Paints and draws the same small picture each time."""

    name = "free"
    capabilities = Capabilities(
        media_types=frozenset({MediaType.PNG}),
        max_width=4096,
        max_height=4096,
        supports_seed=False,
        supports_negative_prompt=False,
        is_local=True,
        is_free=True,
    )

    def __init__(self) -> None:
        self._data = _png()

    async def generate(self, request: ImageRequest) -> Picture:
        return Picture(self._data, MediaType.PNG, 8, 8, "free", "free")

    async def draw(
        self, board: Board, file_format: FileFormat, *, art: bytes | None = None, scale: float = 1.0
    ) -> Drawing:
        return Drawing(data=self._data, width=8, height=8)

    async def ping(self) -> None:
        """It always can."""


def main() -> None:
    """Take jobs until a signal comes."""
    log, pause_s = sys.argv[1:]
    engine.PIPELINES_VERSION = os.environ.get("CHAOS_VERSION", engine.PIPELINES_VERSION)  # noqa: TID251
    free = Free()
    work(Settings.load(), counting_studio(Recorder(Path(log), float(pause_s)), free, free))


if __name__ == "__main__":
    main()
