"""Sees to it that every beat gets its prompts: written here, or by another service."""

import logging
from datetime import datetime, timedelta
from typing import Protocol

from storyloom.automation.runs.config import StopAfter
from storyloom.automation.runs.directing.reading import FOLLOW_S, Reader
from storyloom.automation.runs.directing.sitting import Sitting
from storyloom.automation.runs.directing.writing import Writer
from storyloom.automation.runs.errors import NothingToTell, PromptsMissing
from storyloom.automation.runs.schemas import ShotStatus, Stage, WaitCode
from storyloom.errors import StoryloomError
from storyloom.story.episodes import STORYSWARM, StoryView
from storyloom.story.schemas import BeatsReady, Triggered

log = logging.getLogger(__name__)


class Trigger(Protocol):
    """Tells other services that the beats of a session wait for prompts, as `BeatsTrigger` does."""

    async def trigger(self, org_id: str, request: BeatsReady) -> Triggered:
        """Tell it once for the same beats."""
        ...


class Scribe:
    """Finds the beats of a run, and its prompts."""

    def __init__(self, sitting: Sitting, reader: Reader, writer: Writer, trigger: Trigger) -> None:
        """Take who reads the session, who writes, and what tells others."""
        self._sitting = sitting
        self._slate = sitting.slate
        self._reader = reader
        self._writer = writer
        self._trigger = trigger
        self._has_settled = False

    async def run(self) -> None:
        """Return when no prompt is missing any more, or will come; why is told in the supply."""
        try:
            await self._work()
        except StoryloomError as fault:
            await self._give_up(fault)
        self._settle()

    async def follow(self) -> None:
        """See what others write into the session, and write anew what they make outdated.

        For as long as pictures are made: whoever makes them waits for words that are missing, so
        a session that has gone, or cannot be read, is looked for again.
        """
        while True:
            bell = self._reader.bell()
            try:
                view = await self._reader.look()
                if self._is_behind:
                    await self._write(view, finds=False)
            except StoryloomError as fault:
                if self._is_behind:
                    log.info("words are not written anew", extra={"reason": fault.message})
                    await self._give_up(fault)
            if self._is_behind:
                self._settle()
            await self._sitting.waits.pulse(FOLLOW_S, bell)

    @property
    def _is_behind(self) -> bool:
        """Whether all had been written, and the session has lost or outdated some of it since."""
        return self._has_settled and not self._sitting.supply.is_over

    def _settle(self) -> None:
        self._has_settled = True
        self._sitting.supply.is_over = True
        self._sitting.notices.writing(None)
        self._slate.rouse()

    async def _give_up(self, fault: StoryloomError) -> None:
        """What cannot be written anew is painted from the words that are there."""
        self._sitting.supply.fault = fault
        if self._reader.renews:
            await self._reader.finish()

    async def _work(self) -> None:
        view = await self._reader.look()
        finds = not view.beats or view.scenes_to_come > 0
        if finds and not view.script.strip():
            raise NothingToTell
        is_elsewhere = view.prompt_mode == STORYSWARM
        self._sitting.supply.is_soon = not is_elsewhere or self._reader.is_ready
        self._slate.rouse()
        stop_after = self._slate.run.config.stop_after
        if is_elsewhere or stop_after is StopAfter.BEATS:
            if finds:
                await self._find(view)
            if stop_after is not StopAfter.BEATS:
                await self._wait_for_others()
            await self._reader.finish()
        else:
            await self._write(view, finds=finds)

    async def _find(self, view: StoryView) -> None:
        self._sitting.notices.writing(Stage.FINDING_BEATS)
        self._sitting.supply.detail = "The beats are being found"
        await self._writer.find(view)

    async def _write(self, view: StoryView, *, finds: bool) -> None:
        stage = Stage.FINDING_BEATS if finds else Stage.WAITING_FOR_PROMPTS
        self._sitting.notices.writing(stage)
        says = "The beats are being found" if finds else "The prompts are being written"
        self._sitting.supply.detail = says
        await self._writer.write(view, finds=finds)
        # What was changed when the last of those who write had just left.
        while self._writer.is_wanted:
            await self._writer.write(view, finds=False)

    async def _wait_for_others(self) -> None:
        """Wait until another service has sent all prompts; raises `PromptsMissing`."""
        run, supply = self._slate.run, self._sitting.supply
        self._sitting.notices.writing(Stage.WAITING_FOR_PROMPTS)
        wanted = BeatsReady(session_timestamp=run.session_timestamp)
        if not self._reader.is_ready and not self._has_all_it_wants:
            await self._reader.patiently(lambda: self._trigger.trigger(run.org_id, wanted))
        until = self._began_at + timedelta(seconds=run.config.max_prompts_wait)
        while True:
            bell = self._reader.bell()
            view = await self._reader.look()
            if self._reader.is_ready or self._has_all_it_wants:
                return
            if self._sitting.clock.now() >= until:
                raise PromptsMissing(*_counted(view))
            there, all_of_them = _counted(view)
            supply.code, supply.until = WaitCode.PROMPTS_MISSING, until
            says = f"{there} of {all_of_them} beats have their prompts from another service"
            if says != supply.detail:
                supply.detail = says
                self._slate.rouse()
            supply.is_soon = any(
                shot.status is ShotStatus.READY for shot in self._slate.shots.values()
            )
            await self._reader.pulse(bell)

    @property
    def _has_all_it_wants(self) -> bool:
        """Whether no picture waits for its prompt: people may have cancelled those that did."""
        statuses = {shot.status for shot in self._slate.shots.values()}
        return bool(statuses) and ShotStatus.WAITING not in statuses

    @property
    def _began_at(self) -> datetime:
        return self._slate.run.started_at or self._sitting.clock.now()


def _counted(view: StoryView) -> tuple[int, int]:
    wanting = [seen.beat for seen in view.beats if seen.beat.needs_prompts]
    return sum(beat.has_prompts for beat in wanting), len(wanting)
