"""Spans through OpenTelemetry's SDK, sent as the standard `OTEL_` variables say."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from storyloom.errors import StoryloomError
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.ports import Span, SpanKind

_KINDS = {
    SpanKind.REQUEST: trace.SpanKind.SERVER,
    SpanKind.JOB: trace.SpanKind.CONSUMER,
    SpanKind.STEP: trace.SpanKind.INTERNAL,
}
# The names of the conventions where there is one, so that tools know them.
_ATTRIBUTES = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
}
_SERVER_FAULT = 500
_W3C = TraceContextTextMapPropagator()


class OtelSpan:
    """A span that is open."""

    def __init__(self, span: trace.Span) -> None:
        """Take the library's span."""
        self._span = span

    @property
    def carried(self) -> Mapping[str, str]:
        """The headers of the W3C: `traceparent`, and `tracestate` if there is one."""
        return _carried(trace.set_span_in_context(self._span, Context()))

    def tell(self, name: str | None = None, **attributes: str | int) -> None:
        """Add a better name, and attributes."""
        if name is not None:
            self._span.update_name(name)
        for key, value in attributes.items():
            self._span.set_attribute(_ATTRIBUTES.get(key, f"storyloom.{key}"), value)
        status = attributes.get("status")
        if isinstance(status, int) and status >= _SERVER_FAULT:
            self._span.set_status(trace.StatusCode.ERROR)


class OtelTracer:
    """Makes spans with the given provider, which its owner shuts down."""

    def __init__(self, provider: TracerProvider) -> None:
        """Take an open provider; the library's global one is left alone."""
        self._tracer = provider.get_tracer("storyloom")

    @property
    def carried(self) -> Mapping[str, str]:
        """The headers of the current span; nothing outside one."""
        return _carried(None)

    @contextmanager
    def span(
        self, name: str, kind: SpanKind, within: Mapping[str, str] | None = None
    ) -> Generator[Span]:
        """A span. An error in it leaves its code there, and not its words, which may be private."""
        with self._tracer.start_as_current_span(
            name,
            context=_W3C.extract(within) if within else None,
            kind=_KINDS[kind],
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield OtelSpan(span)
            except BaseException as fault:
                span.set_status(trace.StatusCode.ERROR)
                span.set_attribute("error.type", _code_of(fault))
                raise


def _carried(context: Context | None) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    _W3C.inject(headers, context)
    return headers


def _code_of(fault: BaseException) -> str:
    if isinstance(fault, StepFailed):
        return fault.failure_code
    return fault.code if isinstance(fault, StoryloomError) else type(fault).__name__
