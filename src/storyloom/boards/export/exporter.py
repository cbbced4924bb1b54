"""Hands a reel over as a file of any kind."""

from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from anyio import CancelScope, to_thread

from storyloom.boards.export.archive import Archive
from storyloom.boards.export.edl import edl_of
from storyloom.boards.export.otio import otio_of
from storyloom.boards.export.ports import Fetch, FilmMaker, SheetRenderer, Still
from storyloom.boards.export.schemas import (
    ExportFile,
    ExportKind,
    ExportOptions,
    Reel,
    ReelItem,
)
from storyloom.boards.export.slides import Deck, check_slides, picture_side
from storyloom.boards.export.stills import film_size, still_of
from storyloom.boards.export.thumbnails import thumbnail_of
from storyloom.boards.export.timing import cuts_of
from storyloom.boards.export.viewer import viewer_of
from storyloom.errors import NotFound
from storyloom.kit.scratch import Scratch

T = TypeVar("T")


@dataclass(slots=True)
class _Work:
    """One export: what it is of, where to, and what is to be told of it."""

    reel: Reel
    fetch: Fetch
    part: Path
    options: ExportOptions
    left_out: list[int] = field(default_factory=list[int])
    truncated: tuple[str, ...] = ()
    missing_glyphs: tuple[str, ...] = ()

    async def picture(self, item: ReelItem) -> bytes | None:
        """The item's picture; None where it has none, or where it is lost."""
        if item.picture is None:
            return None
        try:
            return await self.fetch(item.picture.key)
        except NotFound:
            self.left_out.append(item.number)
            return None

    async def small(self, item: ReelItem, longer_side: int | None = None) -> bytes | None:
        """A small JPEG of it; None also where it cannot be decoded."""
        if (picture := await self.picture(item)) is None:
            return None
        sized = {} if longer_side is None else {"longer_side": longer_side}
        small = await _aside(thumbnail_of, item, picture, **sized)
        if small is None:
            self.left_out.append(item.number)
        return small


class Exporter:
    """Writes reels to files. Pictures are fetched one after the other and let go of again."""

    def __init__(self, sheets: SheetRenderer, films: FilmMaker) -> None:
        """Take what typesets contact sheets, and what films."""
        self._sheets = sheets
        self._films = films
        self._kinds: dict[ExportKind, Callable[[_Work], Awaitable[None]]] = {
            ExportKind.SHEET: self._sheet,
            ExportKind.SLIDES: _slides,
            ExportKind.ARCHIVE: _archive,
            ExportKind.VIEWER: _viewer,
            ExportKind.ANIMATIC: self._animatic,
            ExportKind.EDL: partial(_text, edl_of),
            ExportKind.OTIO: partial(_text, otio_of),
        }

    async def check(self, kind: ExportKind) -> None:
        """Return when such files can be made here; raise `Unsupported` when they cannot."""
        if kind is ExportKind.ANIMATIC:
            await self._films.ping()
        if kind is ExportKind.SLIDES:
            await _aside(check_slides)

    async def export(
        self,
        reel: Reel,
        kind: ExportKind,
        fetch: Fetch,
        out: Path,
        *,
        options: ExportOptions | None = None,
    ) -> ExportFile:
        """Write the reel to the file `out`, whose folder exists.

        The file is there whole or not at all. Raises `Unsupported` where a program or package for
        the kind is not installed, and what `fetch` raises other than `NotFound`.
        """
        async with _whole(out) as part:
            work = _Work(reel, fetch, part, options or ExportOptions())
            await self._kinds[kind](work)
        size_bytes = await _aside(lambda: out.stat().st_size)
        return ExportFile(
            path=out,
            kind=kind,
            size_bytes=size_bytes,
            left_out=tuple(work.left_out),
            truncated=work.truncated,
            missing_glyphs=work.missing_glyphs,
        )

    async def _sheet(self, work: _Work) -> None:
        thumbnails: dict[int, bytes] = {}
        for item in work.reel.items:
            if (small := await work.small(item)) is not None:
                thumbnails[item.number] = small
        drawing = await self._sheets.sheet(work.reel, work.options.layout, thumbnails)
        work.truncated, work.missing_glyphs = drawing.truncated, drawing.missing_glyphs
        await _aside(work.part.write_bytes, drawing.data)

    async def _animatic(self, work: _Work) -> None:
        await self._films.ping()
        rate = work.options.frames_per_second
        size = film_size(work.reel, work.options.film_height)
        folder = await _aside(Scratch, "stills")
        try:
            stills: list[Still] = []
            for cut in cuts_of(work.reel.items, rate):
                picture = await work.picture(cut.item)
                path = folder.path / f"{cut.item.number:06d}.jpg"
                still = await _aside(still_of, work.reel, cut.item, picture, size)
                await _aside(path.write_bytes, still)
                stills.append(Still(path, cut.frames, cut.item.caption))
            await self._films.film(stills, rate, work.part)
        finally:
            with CancelScope(shield=True):
                await _aside(folder.cleanup)


async def _text(text: Callable[[Reel, int], str], work: _Work) -> None:
    said = await _aside(text, work.reel, work.options.frames_per_second)
    await _aside(work.part.write_bytes, said.encode())


async def _viewer(work: _Work) -> None:
    if not work.options.embeds:
        await _text(lambda reel, _: viewer_of(reel), work)
        return
    longer_side = picture_side(len(work.reel.items))
    pictures: dict[int, str] = {}
    for item in work.reel.items:
        if (small := await work.small(item, longer_side)) is not None:
            pictures[item.number] = f"data:image/jpeg;base64,{b64encode(small).decode()}"
    page = partial(viewer_of, name_of=lambda item: pictures.get(item.number), embeds=True)
    await _text(lambda reel, _: page(reel), work)


async def _slides(work: _Work) -> None:
    longer_side = picture_side(len(work.reel.items))
    deck = await _aside(Deck, work.reel)
    for item in work.reel.items:
        await _aside(deck.add, item, await work.small(item, longer_side))
    await _aside(deck.save, work.part)


async def _archive(work: _Work) -> None:
    archive = await _aside(Archive, work.part)
    try:
        for item in work.reel.items:
            if (picture := await work.picture(item)) is not None:
                await _aside(archive.add_picture, item, picture)
        there = work.reel.without(work.left_out)
        await _aside(archive.add_words, there, work.options.frames_per_second)
    finally:
        with CancelScope(shield=True):
            await _aside(archive.close)


@asynccontextmanager
async def _whole(out: Path) -> AsyncGenerator[Path]:
    """A file beside `out` that takes its place in the end, or is removed."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        await _aside(part.replace, out)
    except BaseException:
        with CancelScope(shield=True):
            await _aside(partial(part.unlink, missing_ok=True))
        raise


async def _aside(work: Callable[..., T], *arguments: object, **named: object) -> T:
    """Do it in a thread: files, and pixels."""
    return await to_thread.run_sync(partial(work, *arguments, **named))
