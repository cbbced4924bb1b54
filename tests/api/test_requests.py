"""Ids, figures and log lines of requests."""

import logging
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from storyloom.adapters.prometheus._sources import Sources
from storyloom.api.bodies import DEFAULT_LIMIT
from storyloom.api.errors import render_errors
from storyloom.api.requests import Requests
from storyloom.jobs.meter import Meter
from storyloom.kit.known import known

ID = "X-Request-Id"


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/healthz", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("DELETE", "/healthz", {}, 405),
        ("POST", "/storyboard/code", {"json": {}}, 422),
        ("POST", "/nowhere", {"content": b"x" * (DEFAULT_LIMIT + 1)}, 413),
        ("GET", "/storyboard/jobs/none", {}, 404),
    ],
)
def test_every_answer_echoes_the_id(  # noqa: PLR0917 - parameters of the test
    method: str, path: str, more: Mapping[str, Any], status: int, client: httpx2.Client
) -> None:
    answer = client.request(method, path, headers={ID: "from-the-caller"}, **more)

    assert answer.status_code == status
    assert answer.headers.get_list(ID) == ["from-the-caller"]


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "tab\there", "\u00e9"])
def test_an_id_that_is_no_id_is_replaced(given: str, client: httpx2.Client) -> None:
    answer = client.get("/healthz", headers=[(ID.encode(), given.encode("latin-1"))])

    assert answer.headers[ID] not in {"", given}
    assert answer.headers[ID].isprintable()


def test_without_an_id_each_request_gets_one(client: httpx2.Client) -> None:
    ids = {client.get("/healthz").headers[ID] for _ in range(3)}

    assert len(ids) == 3


class Watched:
    """An app with the middleware, called without a server."""

    def __init__(self, **state: object) -> None:
        self.metrics = Sources(Meter())
        self.seen: list[Mapping[str, str]] = []
        app = FastAPI()
        app.add_middleware(Requests)
        app.add_api_route("/things/{name}", self.thing)
        app.add_api_route("/storyboard/jobs/{job_id}", self.job)
        app.add_api_route("/bug", self.bug)
        render_errors(app)
        self.app = app
        self.state = {"metrics": self.metrics} | state

    async def thing(self, name: str) -> str:
        self.seen.append(known.get())
        return name

    async def job(self, job_id: str) -> str:
        return job_id

    async def bug(self) -> None:
        raise RuntimeError("password=hunter2")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "state": dict(self.state)}, receive, send)

    async def ask(self, method: str, path: str) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, headers={ID: "r-1"})

    @property
    def counted(self) -> list[tuple[str, ...]]:
        return [took.labels for took in self.metrics.requests.read()]


async def test_a_request_is_counted_under_its_route_and_not_its_path() -> None:
    app = Watched()

    await app.ask("GET", "/things/a")
    await app.ask("GET", "/things/b")
    await app.ask("GET", "/things/b/c")
    await app.ask("BREW", "/things/a")

    assert app.counted == [
        ("GET", "/things/{name}", "200"),
        ("GET", "unmatched", "404"),
        ("other", "/things/{name}", "405"),
    ]


async def test_a_bug_is_counted_and_its_answer_has_the_id(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = Watched()

    answer = await app.ask("GET", "/bug")

    assert (answer.status_code, answer.headers[ID]) == (500, "r-1")
    assert app.counted == [("GET", "/bug", "500")]
    assert "hunter2" not in answer.text
    assert "request failed: GET /bug" in caplog.text


async def test_what_a_request_does_knows_its_id() -> None:
    app = Watched()

    await app.ask("GET", "/things/a")

    assert app.seen == [{"request_id": "r-1"}]


async def test_requests_are_told_by_route_status_and_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "storyloom.api.requests")

    await Watched().ask("GET", "/things/secret")

    (line,) = [r for r in caplog.records if r.name == "storyloom.api.requests"]
    assert line.getMessage() == "GET /things/{name}"
    told = vars(line)
    assert (told["method"], told["route"], told["status"]) == ("GET", "/things/{name}", 200)
    assert told["duration_ms"] >= 0


@pytest.mark.parametrize(("path", "told"), [("/storyboard/jobs/1", 0), ("/things/1", 1)])
async def test_polls_that_went_well_are_not_told(
    path: str, told: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "storyloom.api.requests")

    await Watched().ask("GET", path)

    assert len([r for r in caplog.records if r.name == "storyloom.api.requests"]) == told


async def test_what_an_answer_keeps_is_left_as_it_was() -> None:
    kept: Message = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]}
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(kept)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await Requests(app)(scope, receive, send)

    assert len(sent[0]["headers"]) == 2
    assert kept["headers"] == [(b"a", b"b")]


async def test_what_is_no_request_is_passed_on() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None: ...

    await Requests(app)({"type": "lifespan"}, receive, send)

    assert seen == ["lifespan"]
