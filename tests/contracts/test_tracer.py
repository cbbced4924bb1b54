"""What every tracer promises."""

import pytest
from opentelemetry.sdk.trace import TracerProvider

from storyloom.adapters.opentelemetry.tracer import OtelTracer
from storyloom.jobs.ports import SpanKind, Tracer
from storyloom.jobs.untraced import Untraced


@pytest.fixture(params=["none", "opentelemetry"])
def tracer(request: pytest.FixtureRequest) -> Tracer:
    return Untraced() if request.param == "none" else OtelTracer(TracerProvider())


@pytest.mark.parametrize("kind", SpanKind)
async def test_work_goes_on_in_a_span(tracer: Tracer, kind: SpanKind) -> None:
    with tracer.span("work", kind) as span:
        span.tell("better name", job_id="j", status=200)
        span.tell(outcome="ok")

        assert dict(tracer.carried) == dict(span.carried)


async def test_outside_spans_nothing_is_carried(tracer: Tracer) -> None:
    assert dict(tracer.carried) == {}


async def test_spans_lie_in_spans(tracer: Tracer) -> None:
    with tracer.span("outer", SpanKind.JOB) as outer:
        with tracer.span("inner", SpanKind.STEP):
            pass
        assert dict(tracer.carried) == dict(outer.carried)


async def test_headers_that_carry_nothing_or_nonsense_are_no_fault(tracer: Tracer) -> None:
    for headers in ({}, {"traceparent": "nonsense"}):
        with tracer.span("work", SpanKind.REQUEST, headers):
            pass


async def test_an_error_passes_through(tracer: Tracer) -> None:
    with (
        pytest.raises(ValueError, match="words"),
        tracer.span("work", SpanKind.STEP),
    ):
        raise ValueError("words")
