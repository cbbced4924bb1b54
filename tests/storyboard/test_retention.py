"""What is too old goes, and nothing else, wherever it is interrupted."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import NotFound, Unavailable
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId
from storyloom.outbound.schemas import Account, Budget, Call
from storyloom.storyboard import retention as module
from storyloom.storyboard.retention import Retention

DAY_S = 86400


class NotedRecords:
    """An engine that notes what it is told to forget, or is down for a while."""

    def __init__(self) -> None:
        self.forgotten: list[JobId] = []
        self.is_down = False
        self.asked = anyio.Event()

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        self.asked.set()
        if self.is_down:
            raise Unavailable("The engine is down.", system="engine")
        self.forgotten += job_ids


class Place:
    """An archive and a folder, in which time passes as the clock says."""

    def __init__(
        self,
        archive: SqlJobArchive,
        clock: ManualClock,
        folder: Path,
        make_job: Callable[..., Job],
    ) -> None:
        self.archive = archive
        self.clock = clock
        self.images = ObstoreImageStore.in_folder(folder)
        self.ledger = MemoryLedger()
        self.folder = folder
        self.make_job = make_job

    async def file(self, key: str) -> str:
        """Write a file, now."""
        await self.images.put(key, b"12345")
        at = self.clock.now().timestamp()
        os.utime(self.folder / key, (at, at))
        return key

    async def job(self, *, ended: bool = True) -> JobId:
        """A job of now, which ended at once or waits."""
        job = self.make_job()
        await self.archive.add(job)
        if ended:
            await self.archive.finish(
                job.id,
                Outcome(
                    status=JobStatus.COMPLETED,
                    completed_at=self.clock.now(),
                    execution_time_ms=0,
                ),
            )
        return job.id

    async def has(self, *job_ids: JobId) -> list[bool]:
        return [await self.archive.get(job_id) is not None for job_id in job_ids]

    def files(self) -> set[str]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)) for path in found}


@pytest.fixture
def place(
    archive: SqlJobArchive, clock: ManualClock, tmp_path: Path, make_job: Callable[..., Job]
) -> Place:
    return Place(archive, clock, tmp_path / "images", make_job)


@pytest.fixture
def records() -> NotedRecords:
    return NotedRecords()


@pytest.fixture
def retention(place: Place, records: NotedRecords) -> Retention:
    return Retention(
        place.archive, records, place.images, place.ledger, clock=place.clock, keep_days=30
    )


async def test_old_jobs_go_with_their_records_and_files(
    place: Place, retention: Retention, records: NotedRecords
) -> None:
    old = await place.job()
    for folder in ("sources", "art", "pictures"):
        await place.file(f"{folder}/old")
    place.clock.advance(31.5 * DAY_S)
    young = await place.job()
    await place.file("pictures/young")

    gone = await retention.run_once()

    assert (gone.jobs, gone.files, gone.size_bytes) == (1, 3, 15)
    assert gone.ended_before == place.clock.now() - timedelta(days=30)
    assert await place.has(old, young) == [False, True]
    assert records.forgotten == [old]
    assert place.files() == {"pictures/young"}


async def test_calls_to_models_go_when_nobody_counts_them_any_more(
    place: Place, retention: Retention
) -> None:
    call = Call(
        account=Account(job_id=JobId("one")),
        provider="google",
        model="gemini",
        purpose="understand_code",
        prompt_version="1",
        input_hash="00",
        size_bytes=1,
        destination="127.0.0.1",
    )
    await place.ledger.open(call, attempt=1, at=place.clock.now(), budget=Budget())
    place.clock.advance(30.5 * DAY_S)

    await retention.run_once()
    kept = await place.ledger.of_job(JobId("one"))
    place.clock.advance(DAY_S)
    await retention.run_once()

    assert len(kept) == 1
    assert await place.ledger.of_job(JobId("one")) == []


class Dated:
    """Notes what it is told to forget."""

    def __init__(self) -> None:
        self.before: list[datetime] = []

    async def forget(self, *, before: datetime) -> int:
        self.before.append(before)
        return 1


async def test_what_else_has_a_date_goes_too(place: Place, records: NotedRecords) -> None:
    kept = (place.archive, records, place.images, place.ledger)
    dated = Dated()

    await Retention(*kept, clock=place.clock, keep_days=30, dated=[dated]).run_once()

    assert dated.before == [place.clock.now() - timedelta(days=30)]


async def test_files_go_a_day_after_the_rows(place: Place, retention: Retention) -> None:
    await place.job()
    await place.file("pictures/a")
    place.clock.advance(30.5 * DAY_S)

    first = await retention.run_once()
    place.clock.advance(DAY_S)
    second = await retention.run_once()

    assert (first.jobs, first.files) == (1, 0)
    assert (second.jobs, second.files) == (0, 1)


async def test_a_file_that_is_used_again_stays(place: Place, retention: Retention) -> None:
    await place.file("art/shared")
    place.clock.advance(40 * DAY_S)
    await place.file("art/shared")

    await retention.run_once()

    assert place.files() == {"art/shared"}


async def test_a_job_that_waits_keeps_its_files_however_old_it_is(
    place: Place, retention: Retention
) -> None:
    await place.file("art/older-than-it")
    place.clock.advance(2 * DAY_S)
    await place.file("sources/of-it")
    waiting = await place.job(ended=False)
    place.clock.advance(365 * DAY_S)

    await retention.run_once()

    assert await place.has(waiting) == [True]
    assert place.files() == {"sources/of-it"}


async def test_what_is_not_ours_in_the_bucket_stays(place: Place, retention: Retention) -> None:
    await place.file("holiday/beach.png")
    place.clock.advance(365 * DAY_S)

    await retention.run_once()

    assert place.files() == {"holiday/beach.png"}


async def test_the_last_hour_is_always_kept(place: Place, records: NotedRecords) -> None:
    retention = Retention(
        place.archive, records, place.images, place.ledger, clock=place.clock, keep_days=0
    )
    job_id = await place.job()
    place.clock.advance(3599)

    assert (await retention.run_once()).jobs == 0
    place.clock.advance(2)
    assert (await retention.run_once()).jobs == 1
    assert await place.has(job_id) == [False]


async def test_many_jobs_go_in_batches(
    place: Place,
    retention: Retention,
    records: NotedRecords,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    old = [await place.job() for _ in range(5)]
    place.clock.advance(31 * DAY_S)

    gone = await retention.run_once()

    assert gone.jobs == 5
    assert set(records.forgotten) == set(old)


async def test_looking_removes_nothing(
    place: Place, retention: Retention, records: NotedRecords
) -> None:
    class Counted:
        async def ended(self, *, before: object) -> int:
            return 7

    old = await place.job()
    await place.file("pictures/old")
    place.clock.advance(32 * DAY_S)

    would_go = await retention.look(Counted())

    assert (would_go.jobs, would_go.files, would_go.size_bytes) == (7, 1, 5)
    assert await place.has(old) == [True]
    assert place.files() == {"pictures/old"}
    assert records.forgotten == []


class Interrupted:
    """The archive, the engine and the files, which stop answering after so many calls."""

    def __init__(self, place: Place, records: NotedRecords, calls: int) -> None:
        self._parts = {"archive": place.archive, "records": records, "images": place.images}
        self._left = calls

    def part(self, name: str) -> Any:
        return Stopping(self, self._parts[name])

    def count(self) -> None:
        if self._left == 0:
            raise Unavailable("The power went.", system="all")
        self._left -= 1


class Stopping:
    """One part; what it did before the power went has been done."""

    def __init__(self, power: Interrupted, part: object) -> None:
        self._power = power
        self._part = part

    def __getattr__(self, name: str) -> Callable[..., object]:
        async def call(*args: object, **more: object) -> object:
            done = await getattr(self._part, name)(*args, **more)
            self._power.count()
            return done

        return call


@pytest.mark.parametrize("calls", range(7))
async def test_wherever_it_is_interrupted_kept_jobs_are_whole_and_the_next_round_ends_it(
    place: Place, retention: Retention, records: NotedRecords, calls: int
) -> None:
    old = await place.job()
    await place.file("pictures/old")
    place.clock.advance(31.5 * DAY_S)
    young = await place.job()
    waiting = await place.job(ended=False)
    for name in ("young", "waiting"):
        await place.file(f"pictures/{name}")
    power = Interrupted(place, records, calls)
    archive, engine, images = (power.part(name) for name in ("archive", "records", "images"))
    interrupted = Retention(archive, engine, images, place.ledger, clock=place.clock, keep_days=30)

    with pytest.raises(Unavailable):
        await interrupted.run_once()

    assert await place.has(young, waiting) == [True, True]
    assert place.files() >= {"pictures/young", "pictures/waiting"}
    await retention.run_once()
    assert await place.has(old, young, waiting) == [False, True, True]
    assert place.files() == {"pictures/young", "pictures/waiting"}
    with pytest.raises(NotFound):
        await place.images.get("pictures/old")


async def test_a_fault_does_not_stop_the_rounds(
    place: Place, retention: Retention, records: NotedRecords, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await place.job()
    await place.file("pictures/old")
    place.clock.advance(32 * DAY_S)
    records.is_down = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(retention.run_forever, 0.001, after_s=0))
        with anyio.fail_after(60):
            await records.asked.wait()
            records.is_down = False
            while "forgot" not in caplog.text:  # noqa: ASYNC110 - a log sends no event
                await anyio.sleep(0.001)
        tasks.cancel_scope.cancel()

    assert "have to wait for the next round: The engine is down." in caplog.text
    assert "forgot 0 old jobs, 0 runs and 1 files" in caplog.text


class FakeRuns:
    """Runs by when they were made and ended."""

    def __init__(self) -> None:
        self.kept: dict[JobId, tuple[datetime, datetime | None]] = {}

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[Sequence[JobId]]:
        gone = self._ended(ended_before)[:limit]
        for name in gone:
            del self.kept[name]
        return [(name, JobId(f"{name}-2")) for name in gone]

    async def ended(self, *, before: datetime) -> int:
        return len(self._ended(before))

    async def oldest(self, *, without_ended_before: datetime | None = None) -> datetime | None:
        gone = [] if without_ended_before is None else self._ended(without_ended_before)
        kept = [made for name, (made, _) in self.kept.items() if name not in gone]
        return min(kept, default=None)

    def _ended(self, before: datetime) -> list[JobId]:
        return [name for name, (_, end) in self.kept.items() if end and end < before]


class NoJobs:
    async def ended(self, *, before: datetime) -> int:
        return 0


async def test_the_pictures_of_a_run_stay_as_long_as_the_run(
    place: Place, records: NotedRecords
) -> None:
    runs, run_id = FakeRuns(), JobId("run")
    retention = Retention(
        *(place.archive, records, place.images, place.ledger),
        clock=place.clock,
        keep_days=30,
        runs=runs,
    )
    made = place.clock.now()
    picture = await place.file("pictures/first")
    place.clock.advance(10 * DAY_S)
    runs.kept[run_id] = (made, place.clock.now())
    place.clock.advance(29 * DAY_S)

    assert (await retention.run_once()).files == 0
    assert place.files() == {picture}

    place.clock.advance(2 * DAY_S)
    would_go = await retention.look(NoJobs())
    assert await retention.run_once() == would_go
    assert (would_go.jobs, would_go.runs, would_go.files) == (0, 1, 1)
    assert runs.kept == {}
    assert records.forgotten == [run_id, "run-2"]


async def test_further_folders_are_swept_as_well(place: Place, records: NotedRecords) -> None:
    parts = (place.archive, records, place.images, place.ledger)
    retention = Retention(*parts, clock=place.clock, keep_days=30, more_folders=("work",))
    await place.file("work/note.json")
    other = await place.file("other/note.json")
    place.clock.advance(32 * DAY_S)

    assert (await retention.run_once()).files == 1
    assert place.files() == {other}
