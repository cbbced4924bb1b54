"""A storyboard workbench: real storage and real drawing, and a reading that tests can steer."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.errors import StoryloomError
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import (
    Evidence,
    JobType,
    Understanding,
    UnderstandingSource,
)
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.painters import FakePainter


@dataclass
class FixedReading:
    """Understands everything in the same way, or fails as it is told to."""

    fault: Exception | None = None
    wait: asyncio.Event | None = None
    seen: list[object] = field(default_factory=list[object])
    by: UnderstandingSource = UnderstandingSource.STATIC
    notes: tuple[str, ...] = ()
    keeps_headline: bool = True

    async def understand(self, *source: object, **more: object) -> Understanding:
        self.seen.append((source, more))
        if self.wait is not None:
            await self.wait.wait()
        if self.fault is not None:
            raise self.fault
        brief = next(part for part in source if isinstance(part, Brief))
        made = Understanding(
            headline="Payback before you sign",
            what_it_does="Calculates payback and yearly savings, and exports a report.",
            business_value="Will show the money saved in plain figures.",
            who_benefits=f"For {brief.audience.people}, and those who answer to them.",
            differentiator="Three operations in one file, with the standard library alone.",
            pain_point_addressed="Savings are guessed at in spreadsheets.",
            suggested_icon="calculator",
            source=self.by,
            evidence=(Evidence(field="headline", first_line=1, last_line=2),),
            degraded=self.notes,
        )
        if self.keeps_headline or brief.headline is None:
            return made.headed(brief.headline)
        return made.model_copy(update={"headline": brief.headline, "evidence": ()})


class DirectSteps:
    """Runs steps in a row, and counts them. Errors become `StepFailed`, as with an engine."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        await self.run(name, work)

    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        self.runs[name] += 1
        try:
            return await work()
        except StoryloomError as fault:
            raise StepFailed(fault.message, failure_code=fault.code) from fault


@pytest.fixture(scope="session")
def renderer() -> TypstBoardRenderer:
    return TypstBoardRenderer(system_fonts=False)


@pytest.fixture
def reading() -> FixedReading:
    return FixedReading()


@pytest.fixture
def rules() -> FixedReading:
    return FixedReading()


@pytest.fixture
def steps() -> DirectSteps:
    return DirectSteps()


@pytest.fixture
def images() -> ObstoreImageStore:
    return ObstoreImageStore.in_memory()


@pytest.fixture
def hot(clock: ManualClock) -> MemoryHotJobs:
    return MemoryHotJobs(clock)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncGenerator[SqlJobArchive]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        yield SqlJobArchive(database)


@pytest.fixture
def jobs(archive: SqlJobArchive, hot: MemoryHotJobs, clock: ManualClock) -> StoryboardJobManager:
    return StoryboardJobManager(archive, hot, clock)


@pytest.fixture
def studio(reading: FixedReading, renderer: TypstBoardRenderer) -> Studio:
    return Studio(
        catalogue=Catalogue.load(),
        code=reading,
        roadmap=reading,
        backend=TypstImageBackend(),
        renderer=renderer,
    )


@pytest.fixture
def bench(
    jobs: StoryboardJobManager, images: ObstoreImageStore, studio: Studio, clock: ManualClock
) -> Workbench:
    return Workbench(jobs, images, studio, clock)


@pytest.fixture
def painter() -> FakePainter:
    return FakePainter()


@pytest.fixture
def modelled(bench: Workbench, painter: FakePainter, rules: FixedReading) -> Workbench:
    """A bench with models, and scenes and rules beside them."""
    studio = bench.studio
    with_models = replace(
        studio,
        backend=painter,
        scenes=studio.backend,
        painter=painter,
        rules=rules,
        roadmap_rules=rules,
    )
    return replace(bench, studio=with_models)


@pytest.fixture
def make_job(clock: ManualClock) -> Callable[..., Job]:
    def make(**params: JsonValue) -> Job:
        return Job(
            id=new_job_id(),
            org_id="acme",
            job_type=JobType.CODE,
            status=JobStatus.PENDING,
            input_params={"file_content": "x = 1", "file_name": "src/x.py", **params},
            created_at=clock.now(),
        )

    return make


@pytest.fixture
def accepted(
    jobs: StoryboardJobManager, make_job: Callable[..., Job]
) -> Callable[..., Awaitable[JobId]]:
    async def accept(**params: JsonValue) -> JobId:
        job = make_job(**params)
        await jobs.accept(job)
        await jobs.show(job)
        return job.id

    return accept
