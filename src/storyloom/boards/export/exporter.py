"""Hands a reel over as a file of any kind."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from anyio import CancelScope, to_thread

from storyloom.boards.export.archive import Archive
from storyloom.boards.export.edl import edl_of
from storyloom.boards.export.otio import otio_of
from storyloom.boards.export.ports import Fetch, FilmMaker, SheetRenderer
from storyloom.boards.export.schemas import (
    ExportFile,
    ExportKind,
    ExportOptions,
    Reel,
    ReelItem,
)
from storyloom.errors import NotFound, Unsupported

_DEFAULTS = ExportOptions()
_TEXTS: dict[ExportKind, Callable[[Reel, int], str]] = {
    ExportKind.EDL: edl_of,
    ExportKind.OTIO: otio_of,
}


class Exporter:
    """Writes reels to files. Pictures are fetched one after the other and let go of again."""

    def __init__(self, sheets: SheetRenderer, films: FilmMaker) -> None:
        """Take what typesets contact sheets, and what films."""
        self._sheets = sheets
        self._films = films

    async def export(
        self,
        reel: Reel,
        kind: ExportKind,
        fetch: Fetch,
        out: Path,
        *,
        options: ExportOptions = _DEFAULTS,
    ) -> ExportFile:
        """Write the reel to the file `out`, whose folder exists.

        The file is there whole or not at all. Raises `Unsupported` where a program or package for
        the kind is not installed, and what `fetch` raises other than `NotFound`.
        """
        left_out: list[int] = []
        async with _whole(out) as part:
            if text := _TEXTS.get(kind):
                said = text(reel, options.frames_per_second).encode()
                await to_thread.run_sync(part.write_bytes, said)
            elif kind is ExportKind.ARCHIVE:
                left_out = await _archive(reel, fetch, part, options.frames_per_second)
            else:
                raise Unsupported(f"A reel cannot be handed over as {kind} here.", system="export")
        size_bytes = await to_thread.run_sync(lambda: out.stat().st_size)
        return ExportFile(path=out, kind=kind, size_bytes=size_bytes, left_out=tuple(left_out))


@asynccontextmanager
async def _whole(out: Path) -> AsyncGenerator[Path]:
    """A file beside `out` that takes its place in the end, or is removed."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        await to_thread.run_sync(part.replace, out)
    except BaseException:
        with CancelScope(shield=True):
            await to_thread.run_sync(partial(part.unlink, missing_ok=True))
        raise


async def _archive(reel: Reel, fetch: Fetch, part: Path, rate: int) -> list[int]:
    left_out: list[int] = []
    archive = await to_thread.run_sync(Archive, part)
    try:
        for item in reel.items:
            data = await _fetched(item, fetch)
            if data is not None:
                await to_thread.run_sync(archive.add_picture, item, data)
            elif item.picture is not None:
                left_out.append(item.number)
        await to_thread.run_sync(archive.add_words, reel.without(left_out), rate)
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(archive.close)
    return left_out


async def _fetched(item: ReelItem, fetch: Fetch) -> bytes | None:
    if item.picture is None:
        return None
    try:
        return await fetch(item.picture.key)
    except NotFound:
        return None
