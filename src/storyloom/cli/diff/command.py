"""`storyloom diff`: from what was asked to the exit status."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import anyio
import typer

from storyloom.cli.diff import git, reporting
from storyloom.cli.diff.manifest import MANIFEST, Storyboard, by_options, read, with_entries
from storyloom.cli.diff.redrawing import Fate, Redrawing, Redrawn, due, redraw
from storyloom.cli.drawing import maker_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.output import complain, print_json
from storyloom.cli.places import Places
from storyloom.cli.progress import on_terminal
from storyloom.cli.wording import sentence_of
from storyloom.errors import InvalidInput, NotFound, StoryloomError
from storyloom.settings import Settings

CHANGED = 1
FAILED = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of `storyloom diff`, besides how to draw."""

    paths: tuple[str, ...] = ()
    base: str = "HEAD"
    every: bool = False
    check: bool = False
    tells: bool = False  #: by the exit status, that something was redrawn
    init: bool = False
    markdown: Path | None = None


def run(asked: Asked, options: DrawOptions) -> int:
    """0: nothing to tell; 1: a picture has changed, where that counts; 2: something is wrong."""
    try:
        here = Path.cwd()
        places = Places(here if asked.every else git.top_of(here))
        if asked.init:
            return _init(places, asked, options)
        return _compare(places, asked, options)
    except StoryloomError as fault:
        complain(sentence_of(fault))
        if options.as_json:
            print_json({"error": {"code": fault.code, "message": sentence_of(fault)}})
        return FAILED


def _init(places: Places, asked: Asked, options: DrawOptions) -> int:
    sources = [_named(places, path) for path in asked.paths]
    if not sources:
        raise InvalidInput("Name the files that are to have a storyboard, as in --init src/roi.py")
    for source in sources:
        if not (places.root / source).is_file():
            raise NotFound(f"There is no file {source}.")
    text, manifest = with_entries(places, read(places), sources, options)
    for board in manifest.storyboards:
        places.picture(board.picture)
        _ = board.order
    places.keep(places.root / MANIFEST, text)
    typer.echo(str(places.root / MANIFEST))
    return 0


def _compare(places: Places, asked: Asked, options: DrawOptions) -> int:
    boards = _boards(places, asked, options)
    changed = None if asked.every else git.changed_since(places.root, asked.base)
    wanted = due(boards, changed, places)
    done = _redrawn(wanted, places, asked, options) if wanted else []
    if asked.markdown is not None:
        reporting.append(asked.markdown, done)
    if options.as_json:
        print_json(reporting.wire(done))
    else:
        reporting.tell(done, is_check=asked.check)
    if any(one.fate is Fate.FAILED for one in done):
        return FAILED
    counts = asked.check or asked.tells
    return CHANGED if counts and any(one.is_other for one in done) else 0


def _boards(places: Places, asked: Asked, options: DrawOptions) -> Sequence[Storyboard]:
    """Those that are meant; files without a storyboard are passed over, as hooks name them too."""
    named = [_named(places, path) for path in asked.paths]
    if options.output is not None:
        return by_options(named, options, _named(places, options.output)).storyboards
    manifest = read(places)
    if manifest is None:
        raise InvalidInput(
            f"There is no {MANIFEST} in {places.root}. Write it with `storyloom diff --init "
            "FILE…`, or say with -o where pictures are kept."
        )
    known = manifest.storyboards
    return [board for board in known if board.source in named] if named else known


def _redrawn(
    boards: Sequence[Storyboard], places: Places, asked: Asked, options: DrawOptions
) -> list[Redrawn]:
    settings = Settings.load()
    orders = [board.order for board in boards]
    # Models are opened for all where one of them names a model.
    order = next((one for one in orders if one.wishes.model), orders[0])
    redrawing = Redrawing(
        places,
        writes=not asked.check,
        at_a_time=settings.concurrency,
        console=on_terminal(as_json=options.as_json),
    )
    return anyio.run(redraw, boards, maker_of(order, options, settings), redrawing)


def _named(places: Places, path: str) -> str:
    """A path as the manifest has it: from the top, with slashes; raises `NotAllowed`."""
    return PurePath(places.folder(str(Path.cwd() / path)).relative_to(places.root)).as_posix()
