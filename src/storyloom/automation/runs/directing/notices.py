"""Keeping up to date what people see of a run: its stage, what it waits for, how far a picture is."""

import anyio

from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.waits import Waits
from storyloom.automation.runs.ports import ShotEdit
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus, Stage

# What comes about in this time is written at once.
GATHER_S = 0.1
PROGRESS_EVERY_S = 1.0
# The words of a reason may change at each look. A run may wait all night, and each change is an event.
WORDS_EVERY_S = 5.0
IDLE_S = 15.0


class Notices:
    """Writes what has changed: reasons soon, their words and progress now and then."""

    def __init__(self, slate: Slate, waits: Waits) -> None:
        """Take the run, and what it waits for."""
        self._slate = slate
        self._waits = waits
        self._scribe: Stage | None = None
        self._darkroom: Stage | None = None
        self._progress: dict[str, float] = {}
        self._progress_at = self._written_at = 0.0
        self._is_behind = False  #: there are newer words than those that are written
        self._gpu_ms = slate.run.gpu_ms

    def writing(self, stage: Stage | None) -> None:
        """Say what is done about beats and prompts; None: nothing more."""
        self._scribe = stage
        self._waits.tell()

    def making(self, stage: Stage | None) -> None:
        """Say what is done about pictures; None: nothing now."""
        self._darkroom = stage
        self._waits.tell()

    def progress(self, shot_id: str, fraction: float | None) -> None:
        """Say how far a picture is; None: it is made, or given up."""
        if fraction is None:
            self._progress.pop(shot_id, None)
        else:
            is_first = shot_id not in self._progress
            self._progress[shot_id] = fraction
            if is_first:
                self._waits.tell()

    def used_gpu(self, milliseconds: int) -> None:
        """Say that a GPU worked for the run."""
        self._gpu_ms += milliseconds

    @property
    def stage(self) -> Stage:
        """What the run is at: the later of two things that are done at the same time.

        While there is nothing to make yet, that the GPU is looked at is not what it is at.
        """
        statuses = {shot.status for shot in self._slate.shots.values()}
        if ShotStatus.MAKING in statuses:
            return Stage.GENERATING_IMAGES
        at_hand = ShotStatus.READY in statuses
        if self._darkroom is not None and (at_hand or self._scribe is None):
            return self._darkroom
        return self._scribe or self._slate.run.stage

    async def run_forever(self) -> None:
        """Write what has changed, again and again."""
        while True:
            changed = self._waits.changed
            await self.write()
            # Progress is told by backends, which wake nobody.
            is_soon = self._progress or self._is_behind
            await self._waits.pulse(PROGRESS_EVERY_S if is_soon else IDLE_S, changed)
            await self._waits.pulse(GATHER_S)

    async def write(self) -> None:
        """Write what has changed since the last time."""
        run, now = self._slate.run, anyio.current_time()
        seen = {"waiting_on": self._waits.reasons, "stage": self.stage, "gpu_ms": self._gpu_ms}
        changed = run.model_copy(update=seen)
        is_early = now - self._written_at < WORDS_EVERY_S and _but_words(changed) == _but_words(run)
        self._is_behind = is_early and changed != run
        if changed != run and not is_early:
            self._written_at = now
            await self._slate.change(lambda run: run.model_copy(update=seen))
        if now - self._progress_at >= PROGRESS_EVERY_S:
            self._progress_at = now
            await self._write_progress()

    async def _write_progress(self) -> None:
        for shot_id, fraction in list(self._progress.items()):
            shot = self._slate.shots.get(shot_id)
            if shot is not None and shot.progress != fraction:
                await self._slate.change_shot(shot_id, _at(fraction), is_news=False)


def _but_words(run: Run) -> tuple[object, ...]:
    return [one.code for one in run.waiting_on], run.stage, run.gpu_ms


def _at(fraction: float) -> ShotEdit:
    def edit(shot: Shot) -> Shot:
        # It may have been finished since.
        is_making = shot.status is ShotStatus.MAKING
        return shot.model_copy(update={"progress": fraction}) if is_making else shot

    return edit
