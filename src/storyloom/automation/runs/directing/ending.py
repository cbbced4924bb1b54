"""How a run ends: what becomes of its last shots, what is kept of it, and who is told."""

import logging
from collections import Counter
from contextlib import suppress
from datetime import datetime

from storyloom.automation.errors import NotStopped
from storyloom.automation.runs.config import StopAfter
from storyloom.automation.runs.directing.crew import Crew
from storyloom.automation.runs.directing.reading import Reader
from storyloom.automation.runs.directing.slate import Slate, outlast
from storyloom.automation.runs.directing.supply import Supply
from storyloom.automation.runs.ports import RunEdit, ShotEdit
from storyloom.automation.runs.report import report_of
from storyloom.automation.runs.schemas import Report, Run, Shot, ShotStatus, Stage, Wanted
from storyloom.errors import StoryloomError
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import JobId
from storyloom.outbound.costs import cost_of
from storyloom.story.errors import SessionNotFound
from storyloom.story.schemas import SessionKey, StoryFacts

_REUSE = "REUSE_IMAGE"
log = logging.getLogger(__name__)


class Ending:
    """Ends runs."""

    def __init__(self, crew: Crew) -> None:
        """Take where they are kept, and who is told."""
        self._crew = crew

    async def end(self, slate: Slate, supply: Supply, reader: Reader) -> bool:
        """Write the end of a run; False where somebody has asked more of it in the meantime."""
        is_cancelled = slate.run.wanted is Wanted.CANCEL
        if not is_cancelled and (_is_unfinished(slate) or not supply.is_over):
            return False
        await _close_shots(slate, supply, is_cancelled=is_cancelled)
        ended = _ended(slate, supply, self._crew.clock.now(), is_cancelled=is_cancelled)
        report = await self._report(ended, slate, reader)
        seen = slate.heeded
        run = await slate.change(_ending(ended, report, seen))
        return run.status.is_terminal

    async def after(self, run: Run) -> None:
        """Do what follows the end, once or more often: a process may have died right after it."""
        if run.status is JobStatus.COMPLETED and run.config.stop_after is StopAfter.IMAGES:
            await self._tell(run)
        if run.config.auto_shutdown and run.started_engine:
            await self._shut_down()

    async def fail(self, run_id: JobId, job: JobId, *, message: str, code: str) -> bool:
        """End a run that nobody drives any more, with what it has: a person has to look at it."""
        run = await self._crew.runs.get(run_id)
        if run is None or run.job != job or run.status.is_terminal:
            return False
        at = self._crew.clock.now()
        why = {"status": JobStatus.FAILED, "error_code": code, "error_message": message}
        ended = run.model_copy(update={**why, "stage": Stage.ERROR, "completed_at": at})
        report = report_of(
            ended,
            await self._crew.runs.shots(run_id),
            now=at,
            reused=0,
            beats=0,
            spent=cost_of(await self._crew.ledger.of_job(run_id)),
        )
        edit = _ending(ended, report, run.edits)
        return (await self._crew.runs.change(run_id, edit)).status.is_terminal

    async def _report(self, ended: Run, slate: Slate, reader: Reader) -> Report:
        entries = await outlast(lambda: self._crew.ledger.of_job(ended.id))
        beats = () if reader.view is None else reader.view.beats
        reused = sum(seen.found.image_decision.type == _REUSE for seen in beats)
        return report_of(
            ended,
            list(slate.shots.values()),
            now=self._crew.clock.now(),
            reused=reused,
            beats=len(beats),
            spent=cost_of(entries),
        )

    async def _tell(self, run: Run) -> None:
        key = SessionKey(run.org_id, run.session_timestamp)
        facts = StoryFacts("", 0, 0, 0)
        with suppress(SessionNotFound):
            seen = await outlast(lambda: self._crew.writers.sessions.look(key))
            facts = seen.reading.facts
        await outlast(lambda: self._crew.herald.images_ready(key, facts, run.job))

    async def _shut_down(self) -> None:
        swarmui = self._crew.machine.swarmui
        if swarmui is not None:
            try:
                await swarmui.stop(force=False)
            except NotStopped as fault:
                log.info("SwarmUI is left running: %s", fault.message)


def _is_unfinished(slate: Slate) -> bool:
    """Whether somebody has asked for a picture at the last moment."""
    return any(s.status in {ShotStatus.READY, ShotStatus.MAKING} for s in slate.shots.values())


async def _close_shots(slate: Slate, supply: Supply, *, is_cancelled: bool) -> None:
    for shot in list(slate.shots.values()):
        if not shot.status.is_terminal:
            edit = _cancelled if is_cancelled else _missing(supply.fault)
            await slate.change_shot(shot.id, edit)


def _cancelled(shot: Shot) -> Shot:
    if shot.status.is_terminal:
        return shot
    return shot.model_copy(update={"status": ShotStatus.CANCELLED, "progress": None})


def _missing(fault: StoryloomError | None) -> ShotEdit:
    code = "prompts_missing" if fault is None else fault.code
    says = "It has no prompt." if fault is None else fault.message
    failure = {"status": ShotStatus.FAILED, "error_code": code, "error_message": says}

    def edit(shot: Shot) -> Shot:
        return shot.model_copy(update=failure) if shot.status is ShotStatus.WAITING else shot

    return edit


def _ended(slate: Slate, supply: Supply, at: datetime, *, is_cancelled: bool) -> Run:
    """The run as it ends: failed where there is nothing to show for it."""
    shots = slate.shots.values()
    has_pictures = any(shot.status.has_picture for shot in shots)
    status, code, message = JobStatus.COMPLETED, None, None
    if is_cancelled:
        status = JobStatus.CANCELLED
    elif not has_pictures and supply.fault is not None:
        status, code, message = JobStatus.FAILED, supply.fault.code, supply.fault.message
    elif not has_pictures and (failed := [s for s in shots if s.status is ShotStatus.FAILED]):
        status = JobStatus.FAILED
        [(why, _)] = Counter((s.error_code, s.error_message) for s in failed).most_common(1)
        code, message = why
    return slate.run.model_copy(
        update={
            "status": status,
            "stage": Stage.ERROR if status is JobStatus.FAILED else Stage.COMPLETE,
            "wanted": Wanted.RUN,
            "waiting_on": (),
            "error_code": code,
            "error_message": message,
            "completed_at": at,
        }
    )


def _ending(ended: Run, report: Report, seen: int) -> RunEdit:
    names = ("status", "stage", "wanted", "waiting_on", "error_code", "error_message")
    last = {name: getattr(ended, name) for name in (*names, "completed_at")} | {"report": report}

    def edit(run: Run) -> Run:
        # Somebody has asked more of it since we last looked.
        return run if run.edits != seen else run.model_copy(update=last)

    return edit
