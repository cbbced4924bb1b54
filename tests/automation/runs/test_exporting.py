"""Exports are accepted once, made by whoever has the job, and made again where a file has gone."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.adapters.memory.session_store import MemorySessionStore
from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.directing import slate
from storyloom.automation.runs.errors import (
    ExportFailed,
    ExportNotFound,
    ExportNotReady,
    NothingToExport,
    RunNotFound,
)
from storyloom.automation.runs.export_making import ExportMaker
from storyloom.automation.runs.exported import Export, RunExport, name_of
from storyloom.automation.runs.exporting import OVERDUE, PIPELINE, RunExports, Workshop
from storyloom.automation.runs.naming import run_of
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus, Version
from storyloom.automation.runs.state import Runs
from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.ports import Still
from storyloom.boards.export.schemas import ExportKind, ExportOptions, SheetLayout
from storyloom.errors import DiskFull, StoryloomError, Unavailable, Unsupported
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.schemas import JobStatus, Priority
from storyloom.jobs.stops import StoppablePipeline, Stops
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.story.prompts import Aspect
from storyloom.story.state import StorySessions
from tests.automation.runs.scenarios.doubles import Announcer, Images
from tests.automation.runs.scenarios.world import Starts
from tests.boards.export.stories import NotedFilms, NotedSheets, picture, ref

ORG, TIMESTAMP, SHOT = "acme", 1738195200000, "0001-cinematic-1"
PLAIN = ExportOptions()


class Direct:
    """Steps that are run at once."""

    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        try:
            return await work()
        except StoryloomError as fault:
            raise StepFailed(fault.message, failure_code=fault.code) from fault

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        await self.run(name, work)


class LongFilms(NotedFilms):
    """Works at its first film for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.out = asyncio.Queue[Path]()

    async def film(self, stills: Sequence[Still], frames_per_second: int, out: Path) -> None:
        await super().film(stills, frames_per_second, out)
        if self.out.empty():
            self.out.put_nowait(out.parent)
            await asyncio.Event().wait()


class NoFilms(NotedFilms):
    async def ping(self) -> None:
        raise Unsupported("There is no ffmpeg.")


@dataclass
class World:
    """Everything around one run with one picture."""

    clock: ManualClock
    runs: MemoryRunStore = field(default_factory=MemoryRunStore)
    engine: Starts = field(default_factory=Starts)
    images: Images = field(default_factory=Images)
    films: NotedFilms = field(default_factory=NotedFilms)

    def __post_init__(self) -> None:
        self.sessions = StorySessions(MemorySessionStore(), Announcer(), self.clock)
        self.exporter = Exporter(NotedSheets(), self.films)
        runs = Runs(self.runs, self.engine, Bells(), self.clock)
        self.stops = Stops()
        workshop = Workshop(self.engine, self.images, self.exporter.check, self.stops)
        self.exports = RunExports(runs, self.runs, workshop, self.clock)
        self.maker = ExportMaker(
            *(self.runs, self.sessions, self.images),
            exporter=self.exporter,
            ledger=MemoryLedger(),
            clock=self.clock,
        )
        self.run_id = new_job_id()

    async def begin(self, *, pictures: int = 1) -> None:
        beats = [{"beatId": "b", "action": "A ship sails"}]
        session = {"timestamp": TIMESTAMP, "analyzedEpisode": {"title": "The ship", "beats": beats}}
        await self.sessions.save(ORG, json.dumps(session).encode())
        at = self.clock.now()
        run = Run(
            id=self.run_id,
            job=self.run_id,
            org_id=ORG,
            session_timestamp=TIMESTAMP,
            config=RunConfig(),
            status=JobStatus.COMPLETED,
            created_at=at,
            completed_at=at,
        )
        await self.runs.add(run)
        self.images.files["shots/a.png"] = picture("navy")
        version = Version(
            number=1,
            picture=ref("shots/a.png"),
            backend="frames",
            model="",
            prompt="A ship",
            duration_ms=1,
            made_at=at,
        )
        shot = Shot(
            id=SHOT,
            place=1,
            beat_id="b",
            aspect=Aspect.CINEMATIC,
            take=1,
            status=ShotStatus.DONE,
            versions=(version,),
            chosen=1,
        )
        await self.runs.add_shots(run.id, [shot][:pictures], epoch=0)

    async def ask(
        self,
        *kinds: ExportKind,
        options: ExportOptions = PLAIN,
        priority: Priority = Priority.NORMAL,
    ) -> list[Export]:
        asked = await self.exports.ask(ORG, self.run_id, kinds, options, priority=priority)
        return list(asked)

    async def make(self) -> None:
        """Run all jobs that were started, as an engine does: each once."""
        jobs, self.engine.jobs = dict.fromkeys(self.engine.jobs), []
        for job in jobs:
            await StoppablePipeline(self.maker, self.stops).run(job, Direct())

    async def cancel(self, export: Export) -> None:
        await self.exports.cancel(RunExport(self.run_id, ORG, export))

    async def all(self) -> list[Export]:
        return list(await self.exports.all(ORG, self.run_id))

    async def file(self, name: str) -> bytes:
        return await self.exports.file(ORG, self.run_id, name)


@pytest.fixture
async def world(clock: ManualClock) -> World:
    made = World(clock)
    await made.begin()
    return made


async def test_one_that_is_being_made_is_stopped_and_stays_cancelled(clock: ManualClock) -> None:
    films = LongFilms()
    world = World(clock, films=films)
    await world.begin()
    (asked,) = await world.ask(ExportKind.ANIMATIC)

    async with asyncio.TaskGroup() as tasks:
        made = tasks.create_task(world.make())
        folder = await films.out.get()
        assert [one.status for one in await world.all()] == [JobStatus.PROCESSING]
        await world.cancel(asked)
        await made

    assert not folder.exists()
    assert [one.status for one in await world.all()] == [JobStatus.CANCELLED]
    await world.maker.run(asked.job, Direct())  # the engine begins it once more after a crash
    assert [one.status for one in await world.all()] == [JobStatus.CANCELLED]
    assert not any("exports" in key for key in world.images.files)


async def test_one_that_is_cancelled_when_it_is_made_stays_cancelled(world: World) -> None:
    (asked,) = await world.ask(ExportKind.EDL)

    class Late(Direct):
        async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
            await world.cancel(asked)
            await super().end(name, work)

    await world.maker.run(asked.job, Late())

    (kept,) = await world.all()
    assert (kept.status, kept.found) == (JobStatus.CANCELLED, None)
    await world.cancel(kept)  # again is no error
    assert (await world.all())[0] == kept


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slate, "FIRST_WAIT_S", 0.001)


async def test_what_is_asked_for_is_made_and_fetched(world: World) -> None:
    asked = await world.ask(ExportKind.SHEET, ExportKind.EDL)

    assert [(one.name, one.status) for one in asked] == [
        ("contact-sheet.pdf", JobStatus.PENDING),
        ("timeline.edl", JobStatus.PENDING),
    ]
    assert [run_of(job) for job in world.engine.jobs] == [world.run_id] * 2
    with pytest.raises(ExportNotReady):
        await world.file("timeline.edl")

    await world.make()

    assert [one.status for one in await world.all()] == [JobStatus.COMPLETED] * 2
    assert await world.file("contact-sheet.pdf") == b"The ship grid-6"
    kept, found = await world.exports.one(ORG, world.run_id, "timeline.edl")
    assert (kept.kind, found.file_name) == (ExportKind.EDL, "the-ship-timeline.edl")
    assert found.size_bytes == len(await world.file("timeline.edl"))


async def test_what_is_being_made_is_not_begun_twice_and_what_is_there_is_made_anew(
    world: World,
) -> None:
    (first,) = await world.ask(ExportKind.EDL)
    (second,) = await world.ask(ExportKind.EDL)
    assert second.job == first.job

    await world.make()
    (third,) = await world.ask(ExportKind.EDL)
    await world.maker.run(first.job, Direct())  # the engine begins it once more after a crash

    assert third.job != first.job
    assert [one.status for one in await world.all()] == [JobStatus.PENDING]
    await world.make()
    await world.maker.run(third.job, Direct())
    assert [one.status for one in await world.all()] == [JobStatus.COMPLETED]


async def test_a_file_that_has_gone_is_made_again(world: World) -> None:
    await world.ask(ExportKind.EDL)
    await world.make()
    before = await world.file("timeline.edl")
    world.images.files = {key: d for key, d in world.images.files.items() if "exports" not in key}

    with pytest.raises(ExportNotReady):
        await world.file("timeline.edl")
    await world.make()

    assert await world.file("timeline.edl") == before


async def test_what_waits_for_long_is_started_once_more(world: World, clock: ManualClock) -> None:
    (asked,) = await world.ask(ExportKind.EDL)
    await world.all()
    assert world.engine.jobs == [asked.job]

    clock.advance(OVERDUE / timedelta(seconds=1) + 1)
    await world.all()

    assert world.engine.jobs == [asked.job] * 2


async def test_what_cannot_be_made_says_why_and_can_be_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> bytes:
        raise Unsupported("It is broken.")

    await world.ask(ExportKind.ARCHIVE)
    with monkeypatch.context() as patched:
        patched.setattr(world.images, "get", broken)
        await world.make()

    (kept,) = await world.all()
    assert (kept.status, kept.error_code) == (JobStatus.FAILED, "unsupported")
    with pytest.raises(ExportFailed, match=r"It is broken\."):
        await world.file("pictures.zip")

    await world.ask(ExportKind.ARCHIVE)
    await world.make()
    assert (await world.file("pictures.zip")).startswith(b"PK")


@pytest.mark.usefixtures("no_pauses")
async def test_a_store_that_is_away_is_waited_for_and_one_that_is_full_is_told(
    world: World,
) -> None:
    faults: list[Unavailable] = [Unavailable("away")]
    world.images.fault = lambda now: faults.pop() if faults else None
    await world.ask(ExportKind.EDL)
    await world.make()
    assert await world.file("timeline.edl")

    world.images.fault = lambda now: DiskFull()
    await world.ask(ExportKind.EDL)
    await world.make()
    assert [one.error_code for one in await world.all()] == ["disk_full"]


async def test_only_what_can_be_made_here_is_accepted(clock: ManualClock) -> None:
    world = World(clock, films=NoFilms())
    await world.begin()

    with pytest.raises(Unsupported):
        await world.ask(ExportKind.EDL, ExportKind.ANIMATIC)

    assert await world.all() == []
    assert world.engine.jobs == []


async def test_where_there_is_nothing_nothing_is_made(clock: ManualClock) -> None:
    world = World(clock)
    await world.begin(pictures=0)

    with pytest.raises(NothingToExport):
        await world.ask(ExportKind.EDL)
    with pytest.raises(ExportNotFound):
        await world.file("timeline.edl")
    with pytest.raises(RunNotFound):
        await world.exports.all("beta", world.run_id)


async def test_without_its_session_a_run_is_still_handed_over(world: World) -> None:
    await world.sessions.delete(ORG, str(TIMESTAMP))
    await world.ask(ExportKind.SHEET)

    await world.make()

    assert await world.file("contact-sheet.pdf") == b"Untitled story grid-6"


async def test_an_export_of_a_run_that_has_gone_is_let_go(world: World, clock: ManualClock) -> None:
    await world.ask(ExportKind.EDL)
    await world.runs.forget(ended_before=clock.now() + timedelta(seconds=1), limit=1)

    await world.make()
    await world.maker.run(JobId(f"{world.run_id}-x9"), Direct())

    assert world.maker.name == PIPELINE
    assert not any("exports" in key for key in world.images.files)


def test_layouts_of_a_sheet_have_names_of_their_own() -> None:
    names = [name_of(ExportKind.SHEET, ExportOptions(layout=layout)) for layout in SheetLayout]

    assert len(set(names)) == len(names)
    assert len({name_of(kind, PLAIN) for kind in ExportKind}) == len(ExportKind)
