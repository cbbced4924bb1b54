"""Opening what sends spans, and sending the last ones in the end."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import CancelScope, to_thread
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import (
    SERVICE_NAME,
    SERVICE_VERSION,
    OTELResourceDetector,
    Resource,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from storyloom.adapters.opentelemetry.tracer import OtelTracer


@asynccontextmanager
async def open_tracer() -> AsyncGenerator[OtelTracer]:
    """Open a tracer that exports over OTLP; where to, `OTEL_EXPORTER_OTLP_ENDPOINT` says."""
    provider = await to_thread.run_sync(_provider)
    try:
        yield OtelTracer(provider)
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(provider.shutdown)


def _provider() -> TracerProvider:
    ours = Resource({SERVICE_NAME: "storyloom", SERVICE_VERSION: version("storyloom")})
    # What the variables say wins over what we say.
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
