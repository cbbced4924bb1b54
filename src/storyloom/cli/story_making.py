"""`storyloom story`: a script becomes pictures, in this process."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath
from typing import Protocol

import anyio
import typer
from anyio import CancelScope, to_thread
from anyio.abc import TaskGroup

from storyloom.automation.runs.directing.together import together
from storyloom.automation.runs.errors import NothingToDo, RunNotFound
from storyloom.automation.runs.schemas import Run, Shot
from storyloom.automation.runs.starting import SCRIPT_LENGTH, RunRequest
from storyloom.bootstrap.solo import Solo, open_solo
from storyloom.cli.output import print_json, warn
from storyloom.cli.progress import on_terminal
from storyloom.cli.sources import STDIN, as_text, read_up_to
from storyloom.cli.story_export import exported
from storyloom.cli.story_gallery import Gallery
from storyloom.cli.story_note import Note, order_of, read_note
from storyloom.cli.story_options import StoryOptions
from storyloom.cli.story_progress import Screen, screen_on
from storyloom.cli.story_telling import Show, Told, tell
from storyloom.errors import InvalidInput, StoryloomError
from storyloom.jobs.errors import HandedOver
from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.settings import Settings
from storyloom.story.schemas import SessionKey

HIDDEN = ".storyloom"
LOOK_EVERY_S = 0.2
#: What a picture in hand may take at most once somebody wants to stop.
GRACE_S = 60.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SCRIPT_BYTES = 4 * SCRIPT_LENGTH


class Leaving(Protocol):
    """Who lets go of what it drives, as `Director` does."""

    async def leave(self, grace_s: float) -> None:
        """Begin nothing more; pictures in hand have so long."""
        ...

    def hurry(self) -> None:
        """Wait no longer for them."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """A script, and what is wished of it."""

    script: str
    folder: Path
    options: StoryOptions

    @property
    def hash(self) -> str:
        """The same for the same script and the same wishes."""
        return order_of(self.script, self.options.title, self.options.config)


def make(file: str, options: StoryOptions) -> int:
    """Make it, and tell of it; the exit status."""
    settings = Settings.load()
    script = as_text(read_up_to(None if file == STDIN else Path(file), _SCRIPT_BYTES))
    if not script.strip():
        raise InvalidInput("The script is empty.")
    stem = "story" if file == STDIN else PurePath(file).stem
    order = Order(script, options.output or Path(f"{stem}.story"), options)
    told = anyio.run(make_story, order, settings)
    if options.as_json:
        print_json(told.wire)
    else:
        tell(told)
    return told.exit_status


async def make_story(order: Order, settings: Settings) -> Told:
    """Make it, or go on where an earlier command has stopped."""
    options = order.options
    async with open_solo(settings, order.folder / HIDDEN, warn) as solo:
        old = await to_thread.run_sync(read_note, order.folder)
        run = await begun(order, old, solo)
        is_done = run.status.is_terminal
        note = Note(order=order.hash, run=run.id, session=run.session_timestamp)
        if old is not None and old.run == run.id:
            note.pictures = old.pictures
        gallery = Gallery(order.folder, solo.images, note)
        await gallery.open(old)
        console = on_terminal(as_json=options.as_json)
        with screen_on(console, is_mute=options.as_json) as screen:
            is_stopped = await _driven(run, solo, gallery, screen)
            run, shots = await _seen(run, solo)
            await gallery.hang(shots)
            found = await solo.office.views.report(run.org_id, run.id)
            story = await solo.sessions.episode(SessionKey(run.org_id, run.session_timestamp))
            show = Show(order.folder, run, tuple(shots), found, is_stopped=is_stopped)
            return await exported(show, story, solo, is_known=is_done)


async def begun(order: Order, old: Note | None, solo: Solo) -> Run:
    """The run of an earlier command with the same order, or a new one.

    Raises `Misconfigured` where there is no such backend here.
    """
    if old is not None and old.order == order.hash:
        with suppress(RunNotFound):
            return await _again(await solo.office.runs.get(DEFAULT_ORG, old.run), solo)
    starter, config = solo.office.starter, order.options.config
    wanted = await starter.config(DEFAULT_ORG, config)
    # What cannot be made takes no pictures of an earlier story down.
    solo.gear.choice(wanted.backend)
    request = RunRequest(script=order.script, title=order.options.title, config=config)
    run = await starter.start(DEFAULT_ORG, request)
    if run.config != wanted:
        # An earlier command began it with other wishes, and was stopped.
        await solo.director.fail(run.job, message="Something else is wanted.", code="replaced")
        run = await starter.start(DEFAULT_ORG, request)
    return run


async def _again(run: Run, solo: Solo) -> Run:
    """What has ended goes on where something has failed."""
    if not run.status.is_terminal:
        return run
    try:
        return await solo.office.runs.retry(run.org_id, run.id)
    except NothingToDo:
        return run


async def _driven(run: Run, solo: Solo, gallery: Gallery, screen: Screen) -> bool:
    """Drive it to its end, unless it is there; whether somebody has stopped it before."""
    if run.status.is_terminal:
        return False
    is_stopped = False
    async with together() as tasks, heeding(solo.director, tasks):
        tasks.start_soon(_watch, run, solo, gallery, screen)
        try:
            await solo.director.run(run.job)
        except HandedOver:
            is_stopped = True
        except StoryloomError as fault:
            await solo.director.fail(run.job, message=fault.message, code=fault.code)
        tasks.cancel_scope.cancel()
    return is_stopped


async def _watch(run: Run, solo: Solo, gallery: Gallery, screen: Screen) -> None:
    """Show how it goes on, and write each picture as soon as it is there."""
    while True:
        now, shots = await _seen(run, solo)
        screen.show(now, shots, solo.clock.now())
        with CancelScope(shield=True):
            await gallery.hang(shots)
        await anyio.sleep(LOOK_EVERY_S)


async def _seen(run: Run, solo: Solo) -> tuple[Run, Sequence[Shot]]:
    return await solo.store.get(run.id) or run, await solo.store.shots(run.id)


@asynccontextmanager
async def heeding(director: Leaving, tasks: TaskGroup) -> AsyncGenerator[None]:
    """Finish the pictures in hand at the first signal, and wait no longer at the second."""
    loop, signals = asyncio.get_running_loop(), count(1)

    def heed() -> None:
        if next(signals) > 1:
            director.hurry()
            return
        typer.echo("Pictures in hand are finished. Ctrl+C again stops at once.", err=True)
        tasks.start_soon(director.leave, GRACE_S)

    for number in _SIGNALS:
        loop.add_signal_handler(number, heed)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
