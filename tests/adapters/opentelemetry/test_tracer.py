"""Traces: from a request over a job to its steps, in whichever process they run."""

import sys
from collections.abc import Awaitable, Callable, Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import JsonValue
from starlette.types import Receive, Scope, Send

from storyloom.adapters.opentelemetry.tracer import OtelTracer
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.api.requests import Requests
from storyloom.bootstrap.traces import observers_of
from storyloom.errors import Misconfigured, Rejected, Unavailable
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.observers import Observers
from storyloom.jobs.ports import SpanKind, Steps
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.settings import Settings


def context_of(span: ReadableSpan) -> trace.SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


class Collected:
    """A tracer whose spans stay here."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracer = OtelTracer(provider)

    @property
    def spans(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self._kept.get_finished_spans()}

    def trace_ids(self) -> set[int]:
        return {context_of(span).trace_id for span in self._kept.get_finished_spans()}


class Drawing:
    """A pipeline of one step."""

    name = "drawing"
    queue = "drawings"

    async def run(self, job_id: JobId, steps: Steps) -> None:
        await steps.run("draw", self.draw)

    async def draw(self) -> JsonValue:
        return None


class DirectSteps:
    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        return await work()

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        raise NotImplementedError


class Away:
    """An archive that does not answer."""

    async def get(self, job_id: JobId) -> Job | None:
        raise Unavailable("Away.")


def parent_of(span: ReadableSpan) -> int | None:
    return None if span.parent is None else span.parent.span_id


def id_of(span: ReadableSpan) -> int:
    return context_of(span).span_id


def make(clock: ManualClock, observers: Observers) -> Job:
    return Job(
        id=new_job_id(),
        org_id="acme",
        job_type="drawing",
        status=JobStatus.PENDING,
        input_params={"file_name": "a.py"},
        details=observers.details,
        created_at=clock.now(),
    )


async def test_a_trace_goes_from_the_request_to_the_steps_in_another_process(
    tmp_path: Path, clock: ManualClock
) -> None:
    api, worker = Collected(), Collected()
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        archive = SqlJobArchive(database)
        with api.tracer.span("POST /storyboard/code", SpanKind.REQUEST):
            job = make(clock, Observers(tracer=api.tracer))
            await archive.add(job)
        observed = Observers(tracer=worker.tracer).over([Drawing()], archive)

        await observed[0].run(job.id, DirectSteps())

    request = api.spans["POST /storyboard/code"]
    run, step = worker.spans["drawing"], worker.spans["draw"]
    assert api.trace_ids() == worker.trace_ids()
    assert (parent_of(run), parent_of(step)) == (id_of(request), id_of(run))
    assert run.kind is trace.SpanKind.CONSUMER
    assert dict(run.attributes or {}) == {"storyloom.job_id": job.id}
    assert dict(step.attributes or {}) == {"storyloom.outcome": "ok"}
    assert job.input_params == {"file_name": "a.py"}


@pytest.mark.parametrize("known", [True, False])
async def test_a_job_without_a_trace_begins_one(
    known: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
    clock: ManualClock,
) -> None:
    collected = Collected()
    job = make(clock, Observers())
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        archive = SqlJobArchive(database)
        if known:
            await archive.add(job)

        await (
            Observers(tracer=collected.tracer)
            .over([Drawing()], archive)[0]
            .run(job.id, DirectSteps())
        )

    assert parent_of(collected.spans["drawing"]) is None


async def test_an_archive_that_is_away_does_not_stop_the_job() -> None:
    collected, archive = Collected(), Away()

    (observed,) = Observers(tracer=collected.tracer).over([Drawing()], archive)  # type: ignore[arg-type]
    await observed.run(new_job_id(), DirectSteps())

    assert collected.spans.keys() == {"draw", "drawing"}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Rejected("Secret words."), "rejected"),
        (StepFailed("Secret words.", failure_code="blocked"), "blocked"),
        (KeyError("Secret words."), "KeyError"),
    ],
)
def test_an_error_leaves_its_code_and_not_its_words(fault: Exception, code: str) -> None:
    collected = Collected()

    with pytest.raises(type(fault)), collected.tracer.span("draw", SpanKind.STEP):
        raise fault

    span = collected.spans["draw"]
    assert (span.attributes or {})["error.type"] == code
    assert span.status.status_code is trace.StatusCode.ERROR
    assert "Secret" not in span.to_json()


class App:
    """An app that is traced."""

    def __init__(self, tracer: OtelTracer) -> None:
        self._tracer = tracer
        self._app = FastAPI()
        self._app.add_middleware(Requests)
        for path in ("/things/{name}", "/healthz", "/bug/{name}"):
            self._app.add_api_route(path, self.bug if "bug" in path else self.thing)

    async def thing(self, name: str = "") -> str:
        return name

    async def bug(self, name: str) -> None:
        raise KeyError(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "state": {"tracer": self._tracer}}, receive, send)


async def ask(collected: Collected, path: str, **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=App(collected.tracer), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path, headers=headers)


async def test_a_request_is_named_by_its_route() -> None:
    collected = Collected()

    await ask(collected, "/things/secret", **{"x-request-id": "r-1"})

    span = collected.spans["GET /things/{name}"]
    assert span.kind is trace.SpanKind.SERVER
    assert dict(span.attributes or {}) == {
        "http.request.method": "GET",
        "http.route": "/things/{name}",
        "http.response.status_code": 200,
        "storyloom.request_id": "r-1",
    }


async def test_the_trace_of_the_caller_goes_on() -> None:
    collected = Collected()

    await ask(collected, "/things/a", traceparent=f"00-{'a' * 32}-{'b' * 16}-01")

    assert collected.trace_ids() == {int("a" * 32, 16)}


async def test_an_answer_that_is_a_fault_of_ours_is_one_in_the_trace() -> None:
    collected = Collected()

    await ask(collected, "/bug/secret")

    span = collected.spans["GET /bug/{name}"]
    assert span.status.status_code is trace.StatusCode.ERROR
    assert (span.attributes or {})["http.response.status_code"] == 500


async def test_health_is_not_traced() -> None:
    collected = Collected()

    await ask(collected, "/healthz")

    assert collected.spans == {}


@pytest.fixture
def collector() -> Generator[HTTPServer]:
    """A collector that keeps what it is sent."""
    received: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - its name

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.received = received  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_traces_are_sent_as_the_variables_say(
    collector: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{collector.server_port}")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "ours-by-variable")

    async with observers_of(Settings(traces=True)) as observers:
        with observers.tracer.span("some work", SpanKind.REQUEST):
            assert observers.details["trace"] == dict(observers.tracer.carried)

    sent = b"".join(vars(collector)["received"])
    assert b"some work" in sent
    assert b"ours-by-variable" in sent


async def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "storyloom.adapters.opentelemetry._provider", raising=False)
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)

    with pytest.raises(Misconfigured, match=r"storyloom\[otel\]"):
        async with observers_of(Settings(traces=True)):
            pass
