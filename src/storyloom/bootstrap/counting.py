"""What tells the figures of work."""

from anyio import to_thread

from storyloom.access.schemas import Scope
from storyloom.automation.runs.export_making import EXPORTS
from storyloom.automation.runs.pipeline import STORIES
from storyloom.bootstrap.storyboards import Stores
from storyloom.jobs.ports import WorkerRegistry
from storyloom.jobs.watch import LEASE_S
from storyloom.storyboard.work import QUEUE
from storyloom.work.counting import Counting, CountWorkers, Present
from storyloom.work.state import Works

_QUEUES = {QUEUE: Scope.STORYBOARDS, STORIES: Scope.STORIES, EXPORTS: Scope.STORIES}


def counting_of(works: Works, stores: Stores, registry: WorkerRegistry | None) -> Counting:
    """The figures, with the workers that are registered, if there are any beside this process."""
    now = Present(works.queues, _QUEUES, workers_of(registry))
    return Counting(stores.records.figures, now, stores.clock)


def workers_of(registry: WorkerRegistry | None) -> CountWorkers:
    """Who counts those that were heard of within a lease."""

    async def count() -> int | None:
        if registry is None:
            return None
        seen = await to_thread.run_sync(registry.seen)
        return sum(not one.has_left and one.silent_s < LEASE_S for one in seen)

    return count
