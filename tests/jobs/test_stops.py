import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import anyio.lowlevel
import pytest
from anyio import from_thread, to_thread
from pydantic import JsonValue

from storyloom.errors import Unavailable
from storyloom.jobs.errors import JobStopped
from storyloom.jobs.ports import Steps
from storyloom.jobs.schemas import JobBrief, JobSummary, Sought
from storyloom.jobs.stops import StoppablePipeline, Stopper, Stops
from storyloom.kit.ids import JobId

JOB = JobId("job")


class DirectSteps:
    """Runs what it is given."""

    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        return await work()

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        await work()


class Hanging:
    """A pipeline of two steps, of which the first hangs until it is let go."""

    name = "hanging"
    queue = "hangings"

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.seen: list[str] = []

    async def run(self, job_id: JobId, steps: Steps) -> None:
        try:
            await steps.run("hang", self._hang)
            await steps.run("next", self._next)
        except JobStopped:
            self.seen.append("stopped")
        await steps.end("end", self._end)

    async def _hang(self) -> JsonValue:
        self.has_begun.set()
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.seen.append("let go")
            raise
        return None

    async def _next(self) -> JsonValue:
        self.seen.append("next")
        return None

    async def _end(self) -> JsonValue:
        self.seen.append("end")
        return None


class Index:
    """An index that knows which jobs have ended, or is away."""

    def __init__(self) -> None:
        self.has_ended: set[JobId] = set()
        self.asked: list[Sequence[JobId]] = []
        self.was_asked = asyncio.Event()
        self.is_away = False

    async def page(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[JobBrief]:
        return []

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        self.asked.append(job_ids)
        self.was_asked.set()
        if self.is_away:
            raise Unavailable
        return [job_id for job_id in job_ids if job_id in self.has_ended]

    async def ended_since(self, at: datetime, *, limit: int) -> Sequence[JobSummary]:
        return []


async def test_a_step_that_runs_is_let_go_of_and_no_other_begins() -> None:
    stops, inner = Stops(), Hanging()
    pipeline = StoppablePipeline(inner, stops)
    assert (pipeline.name, pipeline.queue) == ("hanging", "hangings")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(pipeline.run(JOB, DirectSteps()))
        await inner.has_begun.wait()
        assert stops.running == [JOB]
        assert stops.stop(JOB)
        assert stops.running == []
        assert stops.stop(JOB), "again is no error"

    assert inner.seen == ["let go", "stopped", "end"]
    assert stops.running == []
    assert not stops.stop(JOB)


async def test_a_job_that_was_stopped_between_two_steps_begins_no_other() -> None:
    stops, inner = Stops(), Hanging()

    class Between(DirectSteps):
        async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
            if name == "next":
                stops.stop(JOB)
            return await work()

    inner.go_on.set()
    await StoppablePipeline(inner, stops).run(JOB, Between())

    assert inner.seen == ["stopped", "end"]


async def test_a_job_that_nobody_stops_runs_to_its_end() -> None:
    inner = Hanging()
    inner.go_on.set()

    await StoppablePipeline(inner, Stops()).run(JOB, DirectSteps())

    assert inner.seen == ["next", "end"]


async def test_a_fault_of_a_step_is_raised_as_it_is() -> None:
    stops = Stops()

    async def fails() -> JsonValue:
        raise Unavailable("the archive is away")

    with stops.run(JOB), pytest.raises(Unavailable, match="away"):
        await stops.do(JOB, fails)


async def test_what_a_thread_has_begun_is_waited_for() -> None:
    """So that nobody puts away the files that it writes."""
    stops, seen = Stops(), list[str]()
    has_begun, go_on = asyncio.Event(), threading.Event()

    def write() -> None:
        from_thread.run_sync(has_begun.set)
        assert go_on.wait(60)
        seen.append("written")

    async def work() -> JsonValue:
        try:
            await to_thread.run_sync(write)
            await anyio.lowlevel.checkpoint()
        finally:
            seen.append("put away")
        return None

    async def job() -> None:
        with stops.run(JOB), pytest.raises(JobStopped):
            await stops.do(JOB, work)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(job())
        await has_begun.wait()
        stops.stop(JOB)
        await asyncio.sleep(0.01)
        assert seen == []
        go_on.set()

    assert seen == ["written", "put away"]


async def test_a_process_that_ends_is_no_stop() -> None:
    """Whoever waits is cancelled: the job is to be taken up again."""
    inner = Hanging()
    pipeline = StoppablePipeline(inner, Stops())

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(pipeline.run(JOB, DirectSteps()))
        await inner.has_begun.wait()
        running.cancel()

    assert inner.seen == ["let go"]


async def test_whoever_looks_stops_what_has_ended_elsewhere() -> None:
    stops, inner, index = Stops(), Hanging(), Index()
    stopper = Stopper(stops, index)
    await stopper.run_once()
    assert index.asked == [], "nothing runs, so nothing is asked"

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(StoppablePipeline(inner, stops).run(JOB, DirectSteps()))
        await inner.has_begun.wait()
        await stopper.run_once()
        assert inner.seen == []
        index.has_ended.add(JOB)
        await stopper.run_once()

    assert index.asked == [[JOB], [JOB]]
    assert inner.seen == ["let go", "stopped", "end"]


async def test_an_index_that_is_away_is_asked_again() -> None:
    stops, inner, index = Stops(), Hanging(), Index()
    index.is_away = True
    index.has_ended.add(JOB)

    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(Stopper(stops, index).run_forever(every_s=0))
        job = tasks.create_task(StoppablePipeline(inner, stops).run(JOB, DirectSteps()))
        await inner.has_begun.wait()
        await index.was_asked.wait()
        index.is_away = False
        await job
        looking.cancel()

    assert inner.seen == ["let go", "stopped", "end"]
