"""What is told of runs and their exports beyond what they are like now."""

from collections.abc import Sequence
from contextlib import suppress

from storyloom.automation.runs.errors import RunNotFound
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.schemas import Shot, ShotStatus, picture_name
from storyloom.automation.runs.steps import steps_of
from storyloom.automation.runs.views import RUNS, counts_of, first_of
from storyloom.errors import NotFound
from storyloom.events.ports import EventLog
from storyloom.events.schemas import Event, EventType, Filter
from storyloom.imaging.ports import ImageStore
from storyloom.kit.ids import JobId
from storyloom.outbound.ports import Ledger
from storyloom.work.faults import told
from storyloom.work.insights import WorkPicture
from storyloom.work.schemas import Work, WorkKind
from storyloom.work.timeline import (
    SHOTS_TOLD,
    ShotFault,
    ShotSummary,
    ShotTime,
    Timeline,
    last_outcome,
    step_of,
)

_TYPES = frozenset(
    {EventType.ACCEPTED, EventType.STARTED, EventType.PROGRESS, EventType.WAITING}
    | {EventType.COMPLETED, EventType.FAILED, EventType.CANCELLED}
)
_PAGE = 500
#: A run that waits for its GPU all night says so again and again.
MOST_EVENTS = 5000


class RunInsight:
    """Tells of runs."""

    kinds = frozenset({WorkKind.RUN})

    def __init__(self, runs: RunStore, images: ImageStore, ledger: Ledger, log: EventLog) -> None:
        """Take where runs and pictures are kept, and whatever has noted how they went."""
        self._images = images
        self._runs = runs
        self._ledger = ledger
        self._log = log

    async def timeline(self, work: Work) -> Timeline:
        """Its stages, as they were told while it went on, and its pictures in figures."""
        run_id = JobId(work.id)
        run = await self._runs.get(run_id)
        if run is None:  # forgotten since it was looked up
            raise RunNotFound
        entries = await self._ledger.of_job(run_id)
        steps = steps_of(work, await self._events(work), entries)
        summary = summary_of(work.id, await self._runs.shots(run_id))
        return Timeline.of(work, steps, entries, summary, asked_at=run.waits_since)

    async def picture(self, work: Work) -> WorkPicture | None:
        """That of the first shot that has one."""
        first = first_of(await self._runs.shots(JobId(work.id)))
        if first is None:
            return None
        shot, version = first

        async def read() -> bytes | None:
            with suppress(NotFound):
                return await self._images.get(version.picture.key)
            return None

        return WorkPicture(picture_name(shot.id, version.number), read)

    async def _events(self, work: Work) -> Sequence[Event]:
        wanted = Filter(work.org_id, work.id, types=_TYPES)
        found: list[Event] = []
        while len(found) < MOST_EVENTS:
            after = found[-1].seq if found else 0
            page = await self._log.after(after, limit=_PAGE, wanted=wanted)
            found += page
            if len(page) < _PAGE:
                break
        return found


class ExportInsight:
    """Tells of exports, which are made in one step."""

    kinds = frozenset({WorkKind.EXPORT})

    async def picture(self, work: Work) -> WorkPicture | None:  # noqa: ARG002 - the signature is the port's
        """Files of pictures are none themselves."""
        return None

    async def timeline(self, work: Work) -> Timeline:
        """Waiting, and being made."""
        began, ended = work.started_at, work.completed_at
        steps = (
            []
            if began is None
            else [
                step_of(
                    "export",
                    last_outcome(work),
                    began=began,
                    ended=ended,
                    degraded=work.degraded,
                    error=work.error,
                )
            ]
        )
        return Timeline.of(work, steps, ())


def summary_of(run_id: str, shots: Sequence[Shot]) -> ShotSummary:
    """The pictures of a run in figures, and those that took longest or failed."""
    times = [
        ShotTime(
            id=shot.id,
            caption=shot.caption,
            duration_ms=version.duration_ms,
            backend=version.backend,
            model=version.model,
            url=f"{RUNS}/{run_id}/shots/{shot.id}/image?version={version.number}",
        )
        for shot in shots
        if (version := shot.version) is not None
    ]
    faults = [
        ShotFault(
            id=shot.id,
            caption=shot.caption,
            rounds=shot.rounds,
            error=told(shot.error_code, shot.error_message),
        )
        for shot in shots
        if shot.status is ShotStatus.FAILED
    ]
    times.sort(key=lambda one: (-one.duration_ms, one.id))
    return ShotSummary(
        **counts_of(shots).model_dump(), slowest=times[:SHOTS_TOLD], faults=faults[:SHOTS_TOLD]
    )
