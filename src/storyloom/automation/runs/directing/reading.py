"""The session as it is now, and the shots of the run brought up to it."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Protocol, TypeVar

import anyio

from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.config import LastResort, StopAfter
from storyloom.automation.runs.directing.shots import (
    Planned,
    brought_up_to_date,
    changes,
    given_up,
    shots_of,
)
from storyloom.automation.runs.directing.sitting import Sitting
from storyloom.automation.runs.ports import ShotEdit
from storyloom.automation.runs.schemas import Mending, Remedy, Shot, ShotStatus, WaitCode
from storyloom.errors import Unavailable
from storyloom.story.author import SceneFound
from storyloom.story.episodes import STORYSWARM, StoryView
from storyloom.story.errors import SessionNotFound
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import PromptSet
from storyloom.story.readiness import Reading
from storyloom.story.schemas import SessionKey
from storyloom.story.state import Seen

T = TypeVar("T")
log = logging.getLogger(__name__)
POLL_S, FOLLOW_S = 1.0, 2.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0
#: The code of a prompt on which nothing is to be spent.
LINT = "prompt_lint"


class Sessions(Protocol):
    """What a run needs of sessions, as `StorySessions` has it."""

    async def look(self, key: SessionKey) -> Seen:
        """What the session is now; raises `SessionNotFound`."""
        ...

    async def episode(self, key: SessionKey) -> StoryView:
        """Script, beats and bible as they are now; raises `SessionNotFound`."""
        ...

    async def add_scenes(self, key: SessionKey, found: list[SceneFound]) -> Reading:
        """Keep scenes as they are found."""
        ...

    async def add_written(self, key: SessionKey, written: list[BeatPrompts]) -> Reading:
        """Keep prompts that were written here."""
        ...


class Reader:
    """Reads the session whenever it has changed."""

    def __init__(self, sitting: Sitting, sessions: Sessions, bells: Bells) -> None:
        """Take where sessions are kept, and the bells that ring when one changes here."""
        self._sitting = sitting
        self._slate = sitting.slate
        self._sessions = sessions
        self._bells = bells
        self._version = ""
        self._lock = anyio.Lock()
        self.view: StoryView | None = None
        self.is_ready = False
        self.is_whole = False  #: nobody will write another prompt

    @property
    def renews(self) -> bool:
        """Whether what a beat lacks, or is outdated, is written here."""
        is_here = self.view is not None and self.view.prompt_mode != STORYSWARM
        return is_here and not self.is_whole

    @property
    def key(self) -> SessionKey:
        """Which session it is."""
        return SessionKey(self._slate.run.org_id, self._slate.run.session_timestamp)

    async def look(self) -> StoryView:
        """The session as it is now; raises `SessionNotFound`."""
        async with self._lock:
            seen = await self.patiently(partial(self._sessions.look, self.key))
            if self.view is None or seen.kept.version != self._version:
                self.view = await self.patiently(partial(self._sessions.episode, self.key))
                self._version, self.is_ready = seen.kept.version, seen.reading.is_ready
                await self._bring_up_to_date(self.view)
            return self.view

    async def finish(self) -> None:
        """Bring the shots up to a session in which nobody will write another prompt."""
        async with self._lock:
            self.is_whole = True
            if self.view is not None:
                await self._bring_up_to_date(self.view)

    async def add_scenes(self, found: list[SceneFound]) -> StoryView:
        """Keep scenes, and see what the session is now."""
        await self.patiently(partial(self._sessions.add_scenes, self.key, found))
        return await self.look()

    async def add_written(self, written: list[BeatPrompts]) -> StoryView:
        """Keep prompts, and see what the session is now."""
        for one in written:
            if one.errors:
                await self._refuse(one)
        await self.patiently(partial(self._sessions.add_written, self.key, written))
        return await self.look()

    async def recheck(self, name: str) -> Shot:
        """A shot that is about to be begun, with the words that its session has for it now.

        Where sessions cannot be read, or this one has gone, it is as it was last seen.
        """
        try:
            seen = await self._sessions.look(self.key)
            if self.view is None or seen.kept.version != self._version:
                await self.look()
        except (Unavailable, SessionNotFound) as fault:
            log.info("a picture is begun as it was last seen", extra={"reason": fault.message})
        # By what is known then: others may be about to bring it up to a newer session.
        async with self._lock:
            if self.view is not None and (shot := self._slate.shots[name]).prompt is not None:
                planned = self._planned(self.view, shot.place)
                await self._bring([one for one in planned if one.shot.id == name])
        return self._slate.shots[name]

    def bell(self) -> anyio.Event:
        """What rings when the session is changed in this process. Take it before you look."""
        return self._bells.bell(self.key)

    async def pulse(self, bell: anyio.Event) -> None:
        """Wait until the session may have changed."""
        await self._sitting.waits.pulse(POLL_S, bell)

    async def patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """What the call gives, once the store of sessions is there."""
        wait_s = FIRST_WAIT_S
        with self._sitting.waits.place() as place:
            while True:
                try:
                    return await call()
                except Unavailable as fault:
                    detail = f"The sessions cannot be read or written. {fault.message}"
                await place.nap(WaitCode.STORE_AWAY, detail, wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _bring_up_to_date(self, view: StoryView) -> None:
        if self._slate.run.config.stop_after is not StopAfter.IMAGES:
            return
        # While beats are being found, what is not there may be yet to come.
        await self._bring(list(self._planned(view)), is_all=not view.scenes_to_come)

    def _planned(self, view: StoryView, place: int | None = None) -> Iterator[Planned]:
        config = self._slate.run.config
        return shots_of(view, config, whole=self.is_whole, renews=self.renews, place=place)

    async def _bring(self, planned: list[Planned], *, is_all: bool = False) -> None:
        """Bring shots up to what the session wants; where this is all that it wants, others go."""
        renews = self.renews
        new, changed = changes(self._slate.shots, planned, whole=is_all, renews=renews)
        if renews and any(shot.status is ShotStatus.WAITING for shot in (*new, *changed)):
            # Before whoever makes pictures believes that there is nothing more to come.
            self._sitting.supply.is_over = False
            self._bells.ring(self.key)
        by_id = {one.shot.id: one for one in planned}
        if new:
            await self._slate.add_shots(new)
        for shot in changed:
            await self._slate.change_shot(shot.id, _edit(by_id.get(shot.id), renews=renews))

    async def _refuse(self, written: BeatPrompts) -> None:
        """Spend nothing on prompts that were found wrong: before they can be seen in the session."""
        says = " ".join(error.message for error in written.errors)
        for shot in list(self._slate.shots.values()):
            prompt = written.prompts.get(shot.aspect)
            if shot.beat_id == written.beat_id and prompt is not None:
                await self._slate.change_shot(shot.id, self._refusal(prompt, says))

    def _refusal(self, prompt: PromptSet, says: str) -> ShotEdit:
        wants_frame = self._slate.run.config.last_resort is LastResort.FRAME
        at = self._sitting.clock.now()
        frame = Mending(remedy=Remedy.FRAME, why=says, code=LINT, at=at)

        def edit(shot: Shot) -> Shot:
            if shot.status is not ShotStatus.WAITING:
                return shot
            if wants_frame:
                update = {"status": ShotStatus.READY, "prompt": prompt, "steps": (frame,)}
            else:
                failure = {"error_code": LINT, "error_message": says}
                update = {"status": ShotStatus.FAILED, "prompt": prompt, **failure}
            return shot.model_copy(update=update)

        return edit


def _edit(planned: Planned | None, *, renews: bool) -> ShotEdit:
    """Made of the shot as it is kept then: somebody may have edited it."""
    if planned is None:
        return given_up
    return lambda kept: brought_up_to_date(kept, planned, renews=renews)
