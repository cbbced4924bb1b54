"""A pipeline that is watched while it runs: counted, timed and traced. It does nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter

from pydantic import JsonValue

from storyloom.errors import StoryloomError
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import JobArchive, Pipeline, SpanKind, Steps, Tracer
from storyloom.kit.ids import JobId
from storyloom.kit.known import knowing

# Where an accepted job keeps the trace of the request that brought it.
TRACE = "trace"
Work = Callable[[], Awaitable[JsonValue]]


class ObservedPipeline:
    """Runs another pipeline, and watches."""

    def __init__(
        self, pipeline: Pipeline, meter: Meter, tracer: Tracer, archive: JobArchive | None
    ) -> None:
        """Take the archive, which knows the trace that a job belongs to; None if nobody traces.

        Call it on the event loop that the archive lives on: an engine may run pipelines on another.
        """
        self._pipeline = pipeline
        self._meter = meter
        self._tracer = tracer
        self._archive = archive
        self._home = asyncio.get_running_loop()

    @property
    def name(self) -> str:
        """The name of the pipeline."""
        return self._pipeline.name

    @property
    def queue(self) -> str:
        """The queue of the pipeline."""
        return self._pipeline.queue

    async def run(self, job_id: JobId, steps: Steps) -> None:
        """Run it."""
        carried = await self._carried(job_id)
        with (
            knowing(job_id=job_id),
            self._meter.run(job_id),
            self._tracer.span(self.name, SpanKind.JOB, carried) as span,
        ):
            span.tell(job_id=job_id)
            watched = ObservedSteps(steps, self._meter, self._tracer, span.carried)
            await self._pipeline.run(job_id, watched)

    async def _carried(self, job_id: JobId) -> Mapping[str, str]:
        if self._archive is None:
            return {}
        asked = asyncio.run_coroutine_threadsafe(_trace_of(self._archive, job_id), self._home)
        return await asyncio.wrap_future(asked)


async def _trace_of(archive: JobArchive, job_id: JobId) -> Mapping[str, str]:
    try:
        job = await archive.get(job_id)
    except StoryloomError:
        return {}  # a trace of its own, then
    kept = None if job is None else job.details.get(TRACE)
    return {k: str(v) for k, v in kept.items()} if isinstance(kept, dict) else {}


class ObservedSteps:
    """Runs steps, and watches those that are really run: one that had finished is not one of them."""

    def __init__(
        self, steps: Steps, meter: Meter, tracer: Tracer, carried: Mapping[str, str]
    ) -> None:
        """Take the steps, and the trace of their job."""
        self._steps = steps
        self._meter = meter
        self._tracer = tracer
        self._carried = carried

    async def run(self, name: str, work: Work) -> JsonValue:
        """Run the step."""

        async def watched() -> JsonValue:
            return await self._watched(name, work)

        with knowing(step=name):
            return await self._steps.run(name, watched)

    async def end(self, name: str, work: Work) -> None:
        """Run the end."""

        async def watched() -> JsonValue:
            return await self._watched(name, work)

        with knowing(step=name):
            await self._steps.end(name, watched)

    async def _watched(self, name: str, work: Work) -> JsonValue:
        started = perf_counter()
        outcome = "internal"
        with self._tracer.span(name, SpanKind.STEP, self._carried) as span:
            try:
                result = await work()
                outcome = "ok"
            except asyncio.CancelledError:
                outcome = "interrupted"
                raise
            except StepFailed as fault:
                outcome = fault.failure_code
                raise
            except StoryloomError as fault:
                outcome = fault.code
                raise
            else:
                return result
            finally:
                span.tell(outcome=outcome)
                self._meter.steps.add((name, outcome), perf_counter() - started)
