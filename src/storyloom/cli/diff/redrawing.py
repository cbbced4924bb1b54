"""Each storyboard whose code has changed is understood anew, and drawn where its words differ."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from anyio import CapacityLimiter, create_task_group, to_thread
from rich.console import Console

from storyloom.cli.diff.keeping import Change, Kept, asked_of, kept_at, note_of
from storyloom.cli.diff.manifest import Storyboard
from storyloom.cli.faults import unexpected
from storyloom.cli.makers import Made, Maker
from storyloom.cli.places import Places
from storyloom.cli.progress import Watcher, watching
from storyloom.errors import StoryloomError
from storyloom.storyboard.schemas import MAX_SOURCE_BYTES


class Fate(StrEnum):
    """What became of a storyboard."""

    NEW = "new"  #: there was no picture, or nothing was known of it
    CHANGED = "changed"
    UNCHANGED = "unchanged"  #: the code is another one, its words are the same
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A storyboard that was looked at."""

    board: Storyboard
    fate: Fate
    headline: str = ""
    changes: Sequence[Change] = ()
    warnings: Sequence[str] = ()
    error: StoryloomError | None = None

    @property
    def is_other(self) -> bool:
        """Whether there is another picture now, or would be."""
        return self.fate in {Fate.NEW, Fate.CHANGED}


@dataclass(frozen=True, slots=True)
class Redrawing:
    """What is the same for all storyboards of a command."""

    places: Places
    writes: bool
    at_a_time: int
    console: Console | None = None


def due(
    boards: Sequence[Storyboard], changed: Collection[str] | None, places: Places
) -> list[Storyboard]:
    """Those whose code has changed (None: nobody knows), that have no picture, or another wish."""
    return [
        board
        for board in boards
        if changed is None or board.source in changed or _is_stale(board, places)
    ]


async def redraw(
    boards: Sequence[Storyboard],
    opening: AbstractAsyncContextManager[Maker],
    redrawing: Redrawing,
) -> list[Redrawn]:
    """Redraw them all; one that fails takes no other with it."""
    done: dict[int, Redrawn] = {}
    limiter = CapacityLimiter(redrawing.at_a_time)

    async def one(number: int, maker: Maker, watcher: Watcher) -> None:
        async with limiter:
            done[number] = await _attempt(boards[number], maker, redrawing, watcher)

    async with opening as maker:
        with watching(len(boards), redrawing.console) as watcher:
            async with create_task_group() as tasks:
                for number in range(len(boards)):
                    tasks.start_soon(one, number, maker, watcher)
    return [done[number] for number in range(len(boards))]


def _is_stale(board: Storyboard, places: Places) -> bool:
    try:
        kept = kept_at(places, board.picture)
        return kept is None or kept.asked != asked_of(board.order)
    except StoryloomError:
        return True  # it is told when it is drawn


async def _attempt(
    board: Storyboard, maker: Maker, redrawing: Redrawing, watcher: Watcher
) -> Redrawn:
    fault: StoryloomError
    try:
        return await _redrawn(board, maker, redrawing, watcher)
    except StoryloomError as known:
        fault = known
    except Exception as other:  # noqa: BLE001 - as in `drawing`: the others are still drawn
        fault = unexpected(other)
    finally:
        watcher.done()
    return Redrawn(board, Fate.FAILED, error=fault)


async def _redrawn(
    board: Storyboard, maker: Maker, redrawing: Redrawing, watcher: Watcher
) -> Redrawn:
    places, order = redrawing.places, board.order
    raw = await to_thread.run_sync(places.read, board.source, MAX_SOURCE_BYTES)
    old = await to_thread.run_sync(kept_at, places, board.picture)
    name = board.source.rpartition("/")[2]
    made = await maker.code(name, raw, order, partial(watcher.at, board.source))
    new = Kept.of(board.source, order, made)
    changes = new.changes(old)
    ignored = {*(board.look.ignore or ())}
    counts = any(change.field not in ignored for change in changes)
    if old is not None and not counts and old.asked == new.asked:
        return Redrawn(board, Fate.UNCHANGED, made.headline)  # it stays as it is, byte for byte
    if redrawing.writes:
        await to_thread.run_sync(_keep, board, places, made, new)
    fate = Fate.NEW if old is None else Fate.CHANGED
    return Redrawn(board, fate, made.headline, changes, made.warnings)


def _keep(board: Storyboard, places: Places, made: Made, note: Kept) -> None:
    places.keep(places.picture(board.picture), made.data)
    # After the picture: a note without its picture would say that nothing has to be done.
    places.keep(places.root / note_of(board.picture), note.data)
