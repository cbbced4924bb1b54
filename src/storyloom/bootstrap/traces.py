"""Who watches the jobs, and whether traces are made."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from storyloom.errors import Misconfigured
from storyloom.jobs.observers import Observers
from storyloom.settings import Settings


@asynccontextmanager
async def observers_of(settings: Settings) -> AsyncGenerator[Observers]:
    """Open those that the settings choose; raises `Misconfigured` when the extra is missing."""
    if not settings.traces:
        yield Observers()
        return
    try:
        # Here, because it is an extra, and because it is slow to import.
        from storyloom.adapters.opentelemetry._provider import open_tracer  # noqa: PLC0415
    except ImportError as fault:
        raise Misconfigured(
            "Traces need OpenTelemetry: install it with `pip install 'storyloom[otel]'`, "
            "or leave STORYLOOM_TRACES out.",
            setting="STORYLOOM_TRACES",
        ) from fault
    async with open_tracer() as tracer:
        yield Observers(tracer=tracer)
