"""Work of all kinds, over real stores."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storyloom.access.schemas import Caller, Scope
from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.config_store import SqlConfigStore
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.job_index import SqlJobIndex
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.adapters.sql.queue_switches import SqlQueueSwitches
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.adapters.sql.session_store import SqlSessionStore
from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.defaults import RunDefaults
from storyloom.automation.runs.export_work import ExportWork
from storyloom.automation.runs.exported import Export
from storyloom.automation.runs.exporting import RunExports, Workshop
from storyloom.automation.runs.schemas import Run, Shot, Version, shot_id
from storyloom.automation.runs.starting import RunStarter
from storyloom.automation.runs.state import Runs
from storyloom.automation.runs.work import RunWork
from storyloom.boards.export.schemas import ExportKind, ExportOptions
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import RunState
from storyloom.jobs.queues import Queues
from storyloom.jobs.schemas import HANDLING, Handling, Job, JobStatus, Outcome, Priority
from storyloom.jobs.stops import Stops
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.story.prompts import Aspect
from storyloom.story.state import StorySessions
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.orders import StoryboardOrders
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.work import StoryboardWork
from storyloom.work.state import Whose, Works
from tests.automation.runs.scenarios.doubles import Announcer

ACME = Whose("acme", Caller())
BETA = Whose("beta", Caller())


def with_scope(scope: Scope) -> Whose:
    return Whose("acme", Caller("key", "acme", frozenset({scope})))


def shot_of(place: int, **fields: Any) -> Shot:
    name = shot_id(place, Aspect.CINEMATIC, 1)
    return Shot(
        id=name, place=place, beat_id=f"b{place}", aspect=Aspect.CINEMATIC, take=1, **fields
    )


def drawn(made_at: datetime) -> Version:
    picture = ImageRef(
        key="pictures/a.png", media_type=MediaType.PNG, size_bytes=9, width=64, height=64
    )
    return Version(
        number=1,
        picture=picture,
        backend="swarmui",
        model="m",
        prompt="a boat",
        duration_ms=12000,
        made_at=made_at,
    )


async def anything(kind: ExportKind) -> None:
    """Whatever is asked for can be made."""


class IdleEngine:
    """Starts nothing, and notes what it was to start."""

    def __init__(self) -> None:
        self.places: dict[JobId, int] = {}
        self.priorities: list[Priority] = []
        self.started: list[tuple[JobId, str]] = []

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        self.started.append((job_id, pipeline))
        self.priorities.append(priority)

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        return {}

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        pass

    async def ahead(self, job_id: JobId) -> int | None:
        return self.places.get(job_id)

    async def ping(self) -> None:
        pass


@dataclass
class Desk:
    """All work, and where each kind is kept."""

    works: Works
    archive: SqlJobArchive
    store: SqlRunStore
    runs: Runs
    exports: RunExports
    engine: IdleEngine
    stops: Stops
    ledger: SqlLedger
    clock: ManualClock
    _minutes: int = field(default=0)

    async def storyboard(self, handling: Handling | None = None, **fields: Any) -> Job:
        """A job, made a minute after the one before."""
        params: dict[str, Any] = {"file_name": "a.py", "file_content": "x = 1"}
        if handling is not None:
            params[HANDLING] = handling.model_dump(mode="json")
        job = Job.model_validate(
            {
                "id": new_job_id(),
                "org_id": "acme",
                "job_type": "code_to_storyboard",
                "status": JobStatus.PENDING,
                "input_params": params,
                "created_at": self._next(),
                **fields,
            }
        )
        await self.archive.add(job)
        return job

    async def ended(self, job: Job, status: JobStatus, **fields: Any) -> None:
        at = job.created_at + timedelta(seconds=10)
        await self.archive.begin(job.id, job.created_at + timedelta(seconds=4))
        end = {"status": status, "completed_at": at, "execution_time_ms": 6000, **fields}
        await self.archive.finish(job.id, Outcome.model_validate(end))

    async def stored(self, job_id: JobId) -> Job:
        job = await self.archive.get(job_id)
        assert job is not None
        return job

    async def run(self, **fields: Any) -> Run:
        run = Run.model_validate(
            {
                "id": new_job_id(),
                "job": new_job_id(),
                "org_id": "acme",
                "session_timestamp": 1,
                "config": RunConfig(),
                "created_at": self._next(),
                **fields,
            }
        )
        return await self.store.add(run)

    async def export(self, run: Run, kind: ExportKind = ExportKind.EDL) -> Export:
        """One that is asked for a minute after what was made before, of a run with a picture."""
        self._next()
        await self.store.add_shots(run.id, [shot_of(1)], epoch=0)
        return (await self.exports.ask(run.org_id, run.id, [kind], ExportOptions()))[0]

    async def exported(self, run: Run, **fields: Any) -> None:
        """Change what is kept of its exports."""

        def edit(kept: Run) -> Run:
            exports = tuple(one.model_copy(update=fields) for one in kept.exports)
            return kept.model_copy(update={"exports": exports})

        await self.store.change(run.id, edit)

    def _next(self) -> Any:
        self.clock.advance(60)
        return self.clock.now()


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture
async def desk(tmp_path: Path, clock: ManualClock, catalogue: Catalogue) -> AsyncGenerator[Desk]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/work.sqlite") as database:
        engine = IdleEngine()
        archive, store = SqlJobArchive(database), SqlRunStore(database)
        jobs = StoryboardJobManager(archive, MemoryHotJobs(clock), clock)
        runs = Runs(store, engine, Bells(), clock)
        stops, ledger = Stops(), SqlLedger(database)
        images = ObstoreImageStore.in_memory()
        intake = StoryboardIntake(jobs, engine, images, catalogue)
        orders = StoryboardOrders(jobs, intake, stops, ledger=ledger, meter=Meter())
        rested: list[set[str]] = []
        queues = Queues(
            {"storyboards", "stories", "exports"},
            SqlQueueSwitches(database),
            engine,
            clock,
            rest=lambda names: rested.append(set(names)),
        )
        boards = StoryboardWork(jobs, SqlJobIndex(database), orders, queues, slots=2)
        sessions = StorySessions(SqlSessionStore(database), Announcer(), clock)
        defaults = RunDefaults(SqlConfigStore(database))
        starter = RunStarter(store, defaults, sessions, runs=runs, clock=clock)
        exports = RunExports(runs, store, Workshop(engine, images, anything, stops), clock)
        of_runs = [RunWork(runs, store, starter, queues), ExportWork(exports, store, queues)]
        works = Works([boards, *of_runs], queues, ledger)
        yield Desk(works, archive, store, runs, exports, engine, stops, ledger, clock)
