"""Stopping jobs while they run: whoever ends a job from outside has the process that runs it let go.

An engine would stop a job between two steps only, and a step may be a call of a minute and a half
that is paid for. So the step itself is cancelled, which closes its connection. What has to be put
away first, such as files that a thread writes, shields itself, and is waited for.
"""

import logging
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import anyio
from pydantic import JsonValue

from storyloom.errors import StoryloomError
from storyloom.jobs.errors import JobStopped
from storyloom.jobs.ports import Pipeline, Steps
from storyloom.kit.ids import JobId

LOOK_EVERY_S = 0.5
Work = Callable[[], Awaitable[JsonValue]]
log = logging.getLogger(__name__)


class Ends(Protocol):
    """Knows which jobs have ended, whoever ended them."""

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Those of these jobs that have."""
        ...


@dataclass(slots=True)
class _Run:
    is_stopped: bool = False
    scope: anyio.CancelScope | None = None


class Stops:
    """The jobs that run in this process, and the way to stop them."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._runs: dict[JobId, _Run] = {}
        self._lock = Lock()

    @property
    def running(self) -> Sequence[JobId]:
        """What runs here, and has not been stopped."""
        with self._lock:
            return [job_id for job_id, run in self._runs.items() if not run.is_stopped]

    def stop(self, job_id: JobId) -> bool:
        """Stop a job whose end is written; whether it runs here.

        Call it on the event loop that the services live on. Doing so again changes nothing.
        """
        with self._lock:
            run = self._runs.get(job_id)
        if run is None:
            return False
        run.is_stopped = True
        if run.scope is not None:
            run.scope.cancel()
        return True

    @contextmanager
    def run(self, job_id: JobId) -> Generator[None]:
        """Let the job be stopped for as long as it runs. Runs may be on different threads."""
        with self._lock:
            self._runs[job_id] = _Run()
        try:
            yield
        finally:
            with self._lock:
                self._runs.pop(job_id, None)

    async def do(self, job_id: JobId, work: Work) -> JsonValue:
        """Do a part of a job that runs; raises `JobStopped` as soon as it is to stop."""
        with self._lock:
            run = self._runs[job_id]
        if run.is_stopped:
            raise JobStopped
        try:
            with anyio.CancelScope() as run.scope:
                return await work()
        finally:
            run.scope = None
        raise JobStopped


class StoppablePipeline:
    """Runs another pipeline, whose steps end as soon as its job is stopped."""

    def __init__(self, pipeline: Pipeline, stops: Stops) -> None:
        """Take both."""
        self._pipeline = pipeline
        self._stops = stops

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
        with self._stops.run(job_id):
            await self._pipeline.run(job_id, _StoppableSteps(steps, self._stops, job_id))


class _StoppableSteps:
    def __init__(self, steps: Steps, stops: Stops, job_id: JobId) -> None:
        self._steps = steps
        self._stops = stops
        self._job_id = job_id

    async def run(self, name: str, work: Work) -> JsonValue:
        """Run the step, unless and until the job is stopped."""

        async def stoppable() -> JsonValue:
            return await self._stops.do(self._job_id, work)

        return await self._steps.run(name, stoppable)

    async def end(self, name: str, work: Work) -> None:
        """Run the end; the archive knows whether there is one already."""
        await self._steps.end(name, work)


class Stopper:
    """Looks whether jobs that run here have been ended elsewhere: one query twice a second, if any run."""

    def __init__(self, stops: Stops, ends: Ends) -> None:
        """Take both."""
        self._stops = stops
        self._ends = ends

    async def run_once(self) -> None:
        """Look once, and stop them."""
        running = self._stops.running
        if running:
            for job_id in await self._ends.ended(running):
                self._stops.stop(job_id)

    async def run_forever(self, every_s: float = LOOK_EVERY_S) -> None:
        """Look again and again; their store may be away for a while."""
        while True:
            try:
                await self.run_once()
            except StoryloomError as fault:
                log.info("nobody knows what is to stop", extra={"reason": fault.message})
            await anyio.sleep(every_s)
