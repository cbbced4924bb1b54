"""A pipeline that is watched while it runs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import JsonValue

from storyloom.errors import Rejected, StoryloomError
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.observers import Observers
from storyloom.jobs.ports import JobArchive, Steps
from storyloom.kit.ids import JobId, new_job_id
from storyloom.kit.known import known


class DirectSteps:
    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        return None if name == "finished before" else await work()

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        await work()


class OneStep:
    """A pipeline of one step, which does as it is told."""

    name = "one"
    queue = "ones"

    def __init__(self, step: str = "work", fault: BaseException | None = None) -> None:
        self.step = step
        self.fault = fault
        self.known: dict[str, str] = {}

    async def run(self, job_id: JobId, steps: Steps) -> None:
        if self.step == "end":
            await steps.end(self.step, self.work)
        else:
            await steps.run(self.step, self.work)

    async def work(self) -> JsonValue:
        self.known = dict(known.get())
        if self.fault is not None:
            raise self.fault
        return None


class NoArchive:
    """Nobody asks it."""


def outcomes(observers: Observers) -> list[tuple[str, ...]]:
    return [took.labels for took in observers.meter.steps.read()]


async def watched(pipeline: OneStep, observers: Observers) -> JobId:
    archive: Any = NoArchive()
    kept: JobArchive = archive
    (over,) = observers.over([pipeline], kept)
    job_id = new_job_id()
    assert (over.name, over.queue) == ("one", "ones")
    await over.run(job_id, DirectSteps())
    return job_id


async def test_what_is_run_is_counted_and_its_lines_name_job_and_step() -> None:
    pipeline, observers = OneStep(), Observers()

    job_id = await watched(pipeline, observers)

    assert outcomes(observers) == [("work", "ok")]
    assert (observers.meter.running, observers.meter.peak) == (0, 1)
    assert pipeline.known == {"job_id": job_id, "step": "work"}


async def test_the_end_is_watched_like_a_step() -> None:
    pipeline, observers = OneStep("end"), Observers()

    job_id = await watched(pipeline, observers)

    assert outcomes(observers) == [("end", "ok")]
    assert pipeline.known == {"job_id": job_id, "step": "end"}


async def test_a_step_that_had_finished_is_not_counted_again() -> None:
    observers = Observers()

    await watched(OneStep("finished before"), observers)

    assert outcomes(observers) == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Rejected("No."), "rejected"),
        (StepFailed("No.", failure_code="blocked"), "blocked"),
        (StoryloomError(), "internal"),
        (RuntimeError("a bug"), "internal"),
        (asyncio.CancelledError(), "interrupted"),
    ],
)
async def test_a_fault_is_counted_by_its_code(fault: BaseException, outcome: str) -> None:
    observers = Observers()

    with pytest.raises(type(fault)):
        await watched(OneStep(fault=fault), observers)

    assert outcomes(observers) == [("work", outcome)]
    assert observers.meter.running == 0


async def test_without_traces_a_job_keeps_none() -> None:
    assert Observers().details == {}
