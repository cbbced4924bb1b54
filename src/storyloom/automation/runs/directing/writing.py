"""Beats and prompts are written here: by an author, scene by scene, several prompts at a time."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import inf
from typing import TypeVar

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream

from storyloom.access.schemas import Scope
from storyloom.automation.runs.config import StopAfter
from storyloom.automation.runs.directing.reading import Reader
from storyloom.automation.runs.directing.shots import is_outdated, may_follow
from storyloom.automation.runs.directing.sitting import Sitting
from storyloom.automation.runs.directing.together import together
from storyloom.automation.runs.directing.waits import Place
from storyloom.automation.runs.schemas import WaitCode, Wanted, shot_id
from storyloom.errors import InvalidInput, RateLimited, StoryloomError, Unavailable
from storyloom.outbound.account import charged_to
from storyloom.outbound.schemas import Account
from storyloom.story.author import Author, SceneFound
from storyloom.story.beats import is_prompt
from storyloom.story.episodes import BeatSeen, StoryView
from storyloom.story.origins import Origin, change_since, origin_now
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import Aspect, prompt_of
from storyloom.story.script.schemas import Bible

AT_ONCE = 8
# With the pauses between them a quarter of an hour.
ATTEMPTS = 9
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 300.0
#: Sentences of one run; more of them would say nothing new.
MOST_REMARKS = 20
BEATS, PROMPTS = "beats", "prompts"
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Authors:
    """Who writes: the model that a session names or the usual one; and rules, which never fail."""

    named: Callable[[str | None], Author]  #: raises `InvalidInput` for one that may not be asked
    rules: Author


class Writer:
    """Writes what a session lacks. What a model cannot do is done by rules, and says so."""

    def __init__(self, sitting: Sitting, reader: Reader, authors: Authors) -> None:
        """Take the session, and who writes."""
        self._sitting = sitting
        self._slate = sitting.slate
        self._reader = reader
        self._authors = authors
        self._author: Author | None = None
        #: What each beat was when somebody last took it in hand.
        self._taken: dict[str, Origin] = {}
        self._view: StoryView | None = None
        self._lacking: list[BeatSeen] = []
        self._written: list[BeatPrompts] = []
        self._news = anyio.Event()
        self._is_found = True
        self._busy = 0

    @property
    def is_wanted(self) -> bool:
        """Whether there is a prompt to be written that nobody has in hand."""
        view = self._reader.view
        if view is None or not self._reader.renews:
            return False
        return any(self._lacks(seen, view) for seen in view.beats)

    async def find(self, view: StoryView) -> None:
        """Find the beats, and keep scenes as soon as they are found, also those before a fault."""
        fault = None
        # As many as the script has: whoever finds them has them in memory anyway.
        found, kept = anyio.create_memory_object_stream[SceneFound](inf)
        try:
            async with kept, together() as tasks:
                tasks.start_soon(self._keep, kept)
                async with found:
                    try:
                        async for scene in self._scenes(view):
                            found.send_nowait(scene)
                    except StoryloomError as other:
                        fault = other
        finally:
            self._is_found = True
            self._tell()
        if fault is not None:
            raise fault

    async def _keep(self, found: MemoryObjectReceiveStream[SceneFound]) -> None:
        """Keep what is found, all of it at once that has come about meanwhile.

        Each time the whole session is written: a long script would take minutes scene by scene.
        """
        async for first in found:
            batch = [first]
            while found.statistics().current_buffer_used:
                batch.append(found.receive_nowait())
            await self._reader.add_scenes(batch)
            await self.remark(*(sentence for one in batch for sentence in one.degraded))
            self._tell()

    async def write(self, view: StoryView, *, finds: bool) -> None:
        """Write all prompts that are missing; where one `finds` beats too, of each as it is there."""
        self._is_found = not finds
        self._view = None
        async with together() as tasks:
            if finds:
                tasks.start_soon(self.find, view)
            async with anyio.create_task_group() as workers:
                self._busy = AT_ONCE
                for _ in range(AT_ONCE):
                    workers.start_soon(self._work)
                workers.start_soon(self._post)

    async def remark(self, *sentences: str) -> None:
        """Write down what could not be done as well as usual."""
        known = self._slate.run.degraded
        told = tuple(dict.fromkeys((*known, *sentences)))[:MOST_REMARKS]
        if told != known:
            await self._slate.change(lambda run: run.model_copy(update={"degraded": told}))

    async def _work(self) -> None:
        try:
            with self._sitting.waits.place() as place:
                while True:
                    news = self._news
                    seen = self._next()
                    if seen is not None:
                        await self._take(seen, place)
                    elif self._is_found:
                        return
                    else:
                        await news.wait()
        finally:
            self._busy -= 1
            self._tell()

    async def _take(self, seen: BeatSeen, place: Place) -> None:
        view = self._reader.view
        bible = Bible() if view is None else view.bible
        self._taken[seen.beat.id] = origin_now(seen.found, bible)
        await self._while_paused(place)
        written = await self._prompts(seen, bible, place)
        # What it shows is known by now, and a change of that counts too.
        if written.origin is not None:
            self._taken[seen.beat.id] = written.origin
        # Not before the await: the list is another one by then.
        self._written.append(written)
        self._tell()

    async def _post(self) -> None:
        """Keep what is written, all of it at once that has come about meanwhile."""
        while True:
            news = self._news
            batch, self._written = self._written, []
            if batch:
                await self._reader.add_written(batch)
                self._let_go(batch)
                await self.remark(*(sentence for one in batch for sentence in one.degraded))
                self._sitting.supply.detail = self._progress()
                self._slate.rouse()
            elif not self._busy:
                return
            else:
                await news.wait()

    def _let_go(self, kept: list[BeatPrompts]) -> None:
        """Have what was kept written again if the session loses it; not what came without words."""
        for one in kept:
            if all(is_prompt(one.wire.get(each)) for each in self._slate.run.config.aspects):
                self._taken.pop(one.beat_id, None)

    def _next(self) -> BeatSeen | None:
        """The first beat that lacks a prompt, or has an outdated one, and is in nobody's hands."""
        view = self._reader.view
        if view is not None and view is not self._view:
            self._view = view
            self._lacking = [seen for seen in view.beats if self._lacks(seen, view)]
        return self._lacking.pop(0) if self._lacking else None

    def _lacks(self, seen: BeatSeen, view: StoryView) -> bool:
        if not seen.beat.needs_prompts or not any(
            prompt_of(seen.beat, aspect) is None
            or (is_outdated(view, seen, aspect) and self._is_to_be_made(seen, aspect))
            for aspect in self._slate.run.config.aspects
        ):
            return False
        taken = self._taken.get(seen.beat.id)
        # A bible that grows while scenes are found makes no beat another one.
        return taken is None or (not view.scenes_to_come and _is_other(taken, seen, view))

    def _is_to_be_made(self, seen: BeatSeen, aspect: Aspect) -> bool:
        """Whether words are needed: nothing is paid for those of a picture that is there."""
        config, shots = self._slate.run.config, self._slate.shots
        takes = range(1, config.images_per_prompt + 1)
        of_beat = (shots.get(shot_id(seen.place, aspect, take)) for take in takes)
        is_all = config.stop_after is StopAfter.PROMPTS
        return is_all or any(shot is not None and may_follow(shot) for shot in of_beat)

    def _progress(self) -> str:
        view = self._reader.view
        wanting = [s.beat for s in view.beats if s.beat.needs_prompts] if view else []
        there = sum(beat.has_prompts for beat in wanting)
        return f"Prompts are being written: {there} of {len(wanting)} beats have theirs"

    async def _while_paused(self, place: Place) -> None:
        while self._slate.run.wanted is Wanted.PAUSE:
            orders = self._slate.orders()
            await place.nap(WaitCode.PAUSED, "Somebody has paused the run", 60.0, news=orders)
        place.clear()

    async def _prompts(self, seen: BeatSeen, bible: Bible, place: Place) -> BeatPrompts:
        style = self._slate.run.config.style

        async def ask(author: Author) -> BeatPrompts:
            return await author.prompts(seen.found, bible, style=style)

        with self._charged(PROMPTS):
            return await self._asked(ask, place)

    async def _scenes(self, view: StoryView) -> AsyncIterator[SceneFound]:
        """Scene after scene. An author who is asked again begins anew, and pays nothing twice."""
        seen = 0
        with self._sitting.waits.place() as place:
            scenes: AsyncIterator[SceneFound] | None = None

            async def ask(author: Author) -> SceneFound | None:
                nonlocal scenes
                if scenes is None:
                    scenes = author.scenes(view.script, episode=view.head)
                    for _ in range(seen):
                        await anext(scenes, None)
                try:
                    return await anext(scenes, None)
                except StoryloomError:
                    scenes = None
                    raise

            while True:
                with self._charged(BEATS):
                    found = await self._asked(ask, place)
                if found is None:
                    return
                seen += 1
                yield found

    async def _asked(self, ask: Callable[[Author], Awaitable[T]], place: Place) -> T:
        """What the author answers: the model, as long as there is hope, or else the rules."""
        wait_s = FIRST_WAIT_S
        for is_last in (*[False] * (ATTEMPTS - 1), True):
            try:
                answer = await ask(await self._who())
            except InvalidInput:
                raise
            except StoryloomError as fault:
                if is_last or not isinstance(fault, Unavailable):
                    await self._fall_back(fault)
                    break
                await self._pause(fault, wait_s, place)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
            else:
                place.clear()
                return answer
        place.clear()
        return await ask(self._authors.rules)

    async def _pause(self, fault: Unavailable, wait_s: float, place: Place) -> None:
        is_limit = isinstance(fault, RateLimited)
        code = WaitCode.RATE_LIMIT if is_limit else WaitCode.WRITING_PROMPTS
        pause_s = max(wait_s, min(fault.retry_after_s or 0, LONGEST_WAIT_S))
        await place.nap(code, f"The language model is waited for. {fault.message}", pause_s)

    async def _who(self) -> Author:
        if self._author is None:
            view = self._reader.view
            try:
                self._author = self._authors.named(None if view is None else view.selected_llm)
            except InvalidInput as fault:
                await self.remark(f"{fault.message}, so the usual author writes.")
                self._author = self._authors.named(None)
        return self._author

    async def _fall_back(self, fault: StoryloomError) -> None:
        """From now on rules write: the next question would meet with the same."""
        if self._author is not self._authors.rules:
            log.warning("rules write from now on", extra={"reason": fault.message})
            self._author = self._authors.rules
            await self.remark(f"Rules write in place of the language model. {fault.message}")

    def _charged(self, step: str) -> AbstractContextManager[None]:
        run = self._slate.run
        return charged_to(Account(org_id=run.org_id, job_id=run.id, scope=Scope.STORIES, step=step))

    def _tell(self) -> None:
        self._news.set()
        self._news = anyio.Event()


def _is_other(taken: Origin, seen: BeatSeen, view: StoryView) -> bool:
    """Whether a beat, or one whom it shows, is another than when it was taken in hand."""
    return bool(change_since(taken, seen.found, view.bible))
