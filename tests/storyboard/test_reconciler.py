"""Accepted jobs that nobody runs are found, and that is mended."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import anyio
import pytest
from pydantic import JsonValue

from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import Unavailable, Unsupported
from storyloom.jobs.ports import RunState
from storyloom.jobs.reconciler import PAGE, Reconciler
from storyloom.jobs.schemas import HANDLING, Job, JobStatus, Priority
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard.reconciler import AcceptedStoryboards
from storyloom.storyboard.state import StoryboardJobManager

Accept = Callable[..., Awaitable[JobId]]


class KnownStates:
    """An engine that knows what it is told, and notes what is started."""

    def __init__(self) -> None:
        self.known: dict[JobId, RunState] = {}
        self.started: list[tuple[JobId, str]] = []
        self.priorities: list[Priority] = []
        self.fault: Unavailable | None = None
        self.asked = 0
        self.unstartable: set[JobId] = set()
        self.refused = anyio.Event()
        self.restarted = anyio.Event()

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        raise NotImplementedError

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        if job_id in self.unstartable:
            raise Unsupported("This version knows no such pipeline.")
        self.restarted.set()
        self.started.append((job_id, pipeline))
        self.priorities.append(priority)

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        self.asked += 1
        if self.fault is not None:
            self.refused.set()
            raise self.fault
        return {job_id: self.known.get(job_id, RunState.UNKNOWN) for job_id in job_ids}

    async def ahead(self, job_id: JobId) -> int | None:
        return None

    async def ping(self) -> None: ...


@pytest.fixture
def engine() -> KnownStates:
    return KnownStates()


@pytest.fixture
def reconciler(
    archive: SqlJobArchive, engine: KnownStates, jobs: StoryboardJobManager, clock: ManualClock
) -> Reconciler:
    return Reconciler(AcceptedStoryboards(archive, jobs), engine, clock=clock, grace_s=5)


async def test_a_job_that_was_never_started_is_started(
    reconciler: Reconciler, engine: KnownStates, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()
    clock.advance(6)

    mended = await reconciler.run_once()

    assert mended == 1
    assert engine.started == [(job_id, "code_to_storyboard")]
    assert engine.priorities == [Priority.NORMAL]


async def test_it_is_started_with_the_priority_that_it_was_accepted_with(
    reconciler: Reconciler, engine: KnownStates, jobs: StoryboardJobManager, clock: ManualClock
) -> None:
    told: dict[str, JsonValue] = {HANDLING: {"priority": Priority.LOW}}
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params=told,
        created_at=clock.now(),
    )
    await jobs.accept(job)
    clock.advance(6)

    await reconciler.run_once()

    assert engine.priorities == [Priority.LOW]


async def test_a_job_whose_request_is_still_at_work_is_left_alone(
    reconciler: Reconciler, engine: KnownStates, accepted: Accept, clock: ManualClock
) -> None:
    await accepted()
    clock.advance(4)

    assert await reconciler.run_once() == 0
    assert engine.asked == 0


async def test_a_running_job_is_left_alone(
    reconciler: Reconciler, engine: KnownStates, accepted: Accept, clock: ManualClock
) -> None:
    engine.known[await accepted()] = RunState.ACTIVE
    clock.advance(6)

    assert await reconciler.run_once() == 0
    assert engine.started == []


async def test_a_run_that_ended_without_an_end_fails_with_a_reason(
    reconciler: Reconciler,
    engine: KnownStates,
    accepted: Accept,
    clock: ManualClock,
    *,
    jobs: StoryboardJobManager,
) -> None:
    job_id = await accepted()
    engine.known[job_id] = RunState.ENDED
    clock.advance(6)

    await reconciler.run_once()

    job = await jobs.job(job_id)
    assert job.status == "failed"
    assert job.error_message == "The run ended unexpectedly; please try again."


async def test_a_fault_does_not_stop_the_rounds(
    reconciler: Reconciler, engine: KnownStates, accepted: Accept, clock: ManualClock
) -> None:
    await accepted()
    clock.advance(6)
    engine.fault = Unavailable(system="engine")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reconciler.run_forever, 0.001)
        with anyio.fail_after(60):
            await engine.refused.wait()
            engine.fault = None
            await engine.restarted.wait()
        tasks.cancel_scope.cancel()

    assert engine.started


async def test_a_job_that_cannot_be_started_keeps_no_other_waiting(
    reconciler: Reconciler, engine: KnownStates, accepted: Accept, clock: ManualClock
) -> None:
    stuck = await accepted()
    clock.advance(1)
    lost = await accepted()
    engine.unstartable.add(stuck)
    clock.advance(6)

    mended = await reconciler.run_once()

    assert mended == 1
    assert engine.started == [(lost, "code_to_storyboard")]


@pytest.mark.parametrize("apart_s", [0.0, 0.001])
async def test_a_lost_job_is_found_behind_many_that_run(
    reconciler: Reconciler,
    engine: KnownStates,
    accepted: Accept,
    clock: ManualClock,
    *,
    apart_s: float,
) -> None:
    for _ in range(PAGE + 1):
        engine.known[await accepted()] = RunState.ACTIVE
        clock.advance(apart_s)
    clock.advance(1)
    lost = await accepted()
    clock.advance(6)

    assert await reconciler.run_once() == 1
    assert engine.started == [(lost, "code_to_storyboard")]


async def test_a_job_that_ended_meanwhile_is_left_alone(
    reconciler: Reconciler,
    engine: KnownStates,
    accepted: Accept,
    clock: ManualClock,
    *,
    jobs: StoryboardJobManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job_id = await accepted()
    clock.advance(6)

    async def ended_just_now(job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        await jobs.fail(job_id, message="Its own reason.", code="rejected")
        return dict.fromkeys(job_ids, RunState.ENDED)

    monkeypatch.setattr(engine, "states", ended_just_now)
    await reconciler.run_once()

    assert (await jobs.job(job_id)).error_message == "Its own reason."
