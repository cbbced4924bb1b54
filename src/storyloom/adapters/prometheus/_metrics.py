"""A scrape: refresh what is slow, but not for long, and write everything down."""

from collections.abc import Iterable

import anyio
from anyio import to_thread
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from storyloom.adapters.prometheus._families import families
from storyloom.adapters.prometheus._sources import Sources
from storyloom.kit.questions import Questions


class Metrics:
    """The figures in Prometheus' text format, from a registry of its own."""

    def __init__(self, sources: Sources, questions: Questions) -> None:
        """Take where the figures come from, and how slow parts are asked."""
        self.requests = sources.requests
        self.sockets = sources.sockets
        self._sources = sources
        self._questions = questions
        self._registry = CollectorRegistry()
        self._registry.register(_Figures(sources))

    async def text(self) -> bytes:
        """Everything as it is now; what all share is a few seconds old."""
        async with anyio.create_task_group() as tasks:
            for reading in self._sources.readings:
                tasks.start_soon(reading.refresh, self._questions)
        # In a thread: the figures of the process are read from files.
        return await to_thread.run_sync(self._written)

    def _written(self) -> bytes:
        return generate_latest(self._registry)


class _Figures(Collector):
    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        yield from families(self._sources)
        yield from ProcessCollector(registry=None).collect()
