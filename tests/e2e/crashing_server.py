"""A server whose studio writes down every step that it begins, and takes its time over it.

Usage: crashing_server.py DATA_DIR PORT LOG
"""

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.api.application import create_app
from storyloom.boards.schemas import Board, BoardFormat, Drawing, FileFormat
from storyloom.imaging.schemas import Capabilities, ImageRequest, Picture
from storyloom.settings import Settings
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Understanding
from storyloom.storyboard.studio import Studio

PAUSE_S = 0.04


@dataclass(frozen=True)
class Recorder:
    """Appends one line for every step begun; the source's name is found in the step's words."""

    log: Path

    async def begin(self, step: str, words: str) -> None:
        source = re.search(r"source\d+", words)
        assert source is not None
        with self.log.open("a") as file:
            file.write(f"{step} {source.group()}\n")
            file.flush()
            os.fsync(file.fileno())
        await asyncio.sleep(PAUSE_S)


@dataclass(frozen=True)
class RecordedReading:
    recorder: Recorder

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        await self.recorder.begin("understand", file_name)
        return Understanding(
            headline=f"The story of {file_name}",
            what_it_does=f"Does the work of {file_name}.",
            business_value="Will save time.",
            who_benefits="Owners.",
            differentiator="One file.",
            pain_point_addressed="Paper.",
            suggested_icon="calculator",
        )


class RecordedRoadmap:
    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        raise NotImplementedError


class RecordedBackend:
    def __init__(self, recorder: Recorder) -> None:
        self._inner = TypstImageBackend()
        self._recorder = recorder

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    async def generate(self, request: ImageRequest) -> Picture:
        await self._recorder.begin("illustrate", request.prompt)
        return await self._inner.generate(request)

    async def ping(self) -> None:
        await self._inner.ping()


class RecordedRenderer:
    def __init__(self, recorder: Recorder) -> None:
        self._inner = TypstBoardRenderer(system_fonts=False)
        self._recorder = recorder

    async def draw(
        self, board: Board, file_format: FileFormat, *, art: bytes | None = None, scale: float = 1.0
    ) -> Drawing:
        await self._recorder.begin("draw", board.headline)
        assert board.format is BoardFormat.SQUARE
        return await self._inner.draw(board, file_format, art=art, scale=scale)

    async def ping(self) -> None:
        await self._inner.ping()


def main() -> None:
    """Serve until killed."""
    data_dir, port, log = sys.argv[1:]
    recorder = Recorder(Path(log))
    studio = Studio(
        catalogue=Catalogue.load(),
        code=RecordedReading(recorder),
        roadmap=RecordedRoadmap(),
        backend=RecordedBackend(recorder),
        renderer=RecordedRenderer(recorder),
    )
    settings = Settings(data_dir=Path(data_dir), reconcile_every_s=0.5)
    uvicorn.run(create_app(settings, studio), port=int(port), log_level="warning")


if __name__ == "__main__":
    main()
