"""A studio that writes down every step that it begins, and takes its time over it.

Its log is read by the tests that kill processes: what is begun again was paid twice.
"""

import asyncio
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from storyloom.boards.ports import BoardRenderer
from storyloom.boards.schemas import Board, Drawing, FileFormat
from storyloom.imaging.ports import ImageBackend, Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRequest, Picture
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Understanding
from storyloom.storyboard.studio import Studio


@dataclass(frozen=True)
class Call:
    """A step that was begun: for which source, by which process, and when (ms since 1970)."""

    step: str
    source: str
    pid: int
    at_ms: float


@dataclass(frozen=True)
class Recorder:
    """Appends one line for every step begun; the source's name is found in the step's words."""

    log: Path
    pause_s: float

    async def begin(self, step: str, words: str) -> None:
        source = re.search(r"source\d+", words)
        assert source is not None
        line = f"{step} {source.group()} {os.getpid()} {time.time_ns() / 1e6:.3f}\n"
        with self.log.open("a") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        await asyncio.sleep(self.pause_s)

    def calls(self) -> list[Call]:
        """All that was begun so far, in order."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [Call(step, source, int(pid), float(at)) for step, source, pid, at in lines]


@dataclass(frozen=True)
class CountedReading:
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


class NoRoadmap:
    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        raise NotImplementedError


class CountedBackend:
    def __init__(self, recorder: Recorder, inner: ImageBackend) -> None:
        self._inner = inner
        self._recorder = recorder

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        await self._recorder.begin("illustrate", request.prompt)
        return await self._inner.generate(request, watch)

    async def ping(self) -> None:
        await self._inner.ping()

    async def free(self) -> None:
        await self._inner.free()


class CountedRenderer:
    def __init__(self, recorder: Recorder, inner: BoardRenderer) -> None:
        self._inner = inner
        self._recorder = recorder

    async def draw(
        self,
        board: Board,
        file_format: FileFormat,
        *,
        art: bytes | None = None,
        logo: bytes | None = None,
        scale: float = 1.0,
    ) -> Drawing:
        await self._recorder.begin("draw", board.headline)
        return await self._inner.draw(board, file_format, art=art, logo=logo, scale=scale)

    async def ping(self) -> None:
        await self._inner.ping()


def counting_studio(recorder: Recorder, backend: ImageBackend, renderer: BoardRenderer) -> Studio:
    return Studio(
        catalogue=Catalogue.load(),
        code=CountedReading(recorder),
        roadmap=NoRoadmap(),
        backend=CountedBackend(recorder, backend),
        renderer=CountedRenderer(recorder, renderer),
    )
