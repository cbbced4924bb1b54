"""Ids, figures and log lines of WebSockets."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, WebSocket
from starlette.types import Message
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from storyloom.adapters.prometheus._sources import Sources
from storyloom.api.errors import render_errors
from storyloom.api.requests import Requests
from storyloom.jobs.meter import Meter
from storyloom.storyboard.errors import JobNotFound
from tests.api.test_event_routes import socket

ID = "X-Request-Id"
ROUTE = "/rooms/{name}"
HANDSHAKE: Message = {"type": "websocket.connect"}
DENIAL: Mapping[str, Any] = {"websocket.http.response": {}}


class Watched:
    """An app with the middleware, whose rooms are called without a server."""

    def __init__(self, *, counts: bool = True) -> None:
        self.metrics = Sources(Meter())
        self.open: list[dict[str, int]] = []
        self._state = {"metrics": self.metrics} if counts else {}
        self.app = FastAPI()
        self.app.add_middleware(Requests)
        self.app.add_api_websocket_route(ROUTE, self.room)
        render_errors(self.app)

    async def room(self, websocket: WebSocket, name: str) -> None:
        if name == "none":
            raise JobNotFound(name)
        if name == "shut":
            await websocket.close()
            return
        await websocket.accept()
        self.open.append(dict(self.metrics.sockets.now))
        if name == "broken":
            raise RuntimeError("password=hunter2")
        if name == "over":
            await websocket.close(1001, "stopping")
        await websocket.receive()

    async def ask(self, path: str, *said: Message) -> Sequence[Message]:
        """What a client of that path is told who says this."""
        sent: list[Message] = []
        messages = iter((HANDSHAKE, *said))

        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            sent.append(message)

        scope: dict[str, Any] = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "subprotocols": [],
            "headers": [(b"x-request-id", b"r-1")],
            "extensions": DENIAL,
            "scheme": "ws",
        }
        await self.app({**scope, "state": dict(self._state)}, receive, send)
        return sent

    @property
    def closed(self) -> list[tuple[str, ...]]:
        return [took.labels for took in self.metrics.sockets.closed.read()]


def left(code: int) -> Message:
    return {"type": "websocket.disconnect", "code": code}


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        ("/rooms/a", [left(1005)], "1005"),
        ("/rooms/b", [{"type": "websocket.disconnect"}], "1000"),
        ("/rooms/over", [left(1006)], "1001"),  # who closed it first says why
    ],
)
async def test_a_socket_is_counted_while_it_is_open_and_when_it_is_closed(
    path: str, said: Sequence[Message], code: str
) -> None:
    app = Watched()

    await app.ask(path, *said)

    assert app.open == [{ROUTE: 1}]
    assert app.metrics.sockets.now == {ROUTE: 0}
    assert app.closed == [(ROUTE, code)]
    assert not list(app.metrics.requests.read())


async def test_a_socket_that_breaks_is_counted_too() -> None:
    app = Watched()

    with pytest.raises(RuntimeError):
        await app.ask("/rooms/broken")

    assert (app.metrics.sockets.now, app.closed) == ({ROUTE: 0}, [(ROUTE, "1011")])


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/rooms/none", ROUTE, "404"),
        ("/rooms/shut", ROUTE, "403"),
        ("/elsewhere", "unmatched", "403"),
    ],
)
async def test_a_refused_handshake_is_counted_as_a_request(
    path: str, route: str, status: str
) -> None:
    app = Watched()

    await app.ask(path)

    assert [took.labels for took in app.metrics.requests.read()] == [("GET", route, status)]
    assert (app.metrics.sockets.now, app.closed) == ({}, [])


async def test_the_answer_to_a_handshake_has_the_id() -> None:
    for path in ("/rooms/a", "/rooms/none"):
        head = (await Watched().ask(path, left(1000)))[0]
        assert dict(head["headers"])[b"x-request-id"] == b"r-1"


async def test_both_ends_are_told_with_duration_and_code(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "storyloom.api.websockets")

    await Watched().ask("/rooms/secret", left(1001))

    opened, closed = [vars(r) for r in caplog.records if r.name == "storyloom.api.websockets"]
    assert (opened["message"], opened["status"]) == (f"WebSocket opened: {ROUTE}", 101)
    assert (closed["message"], closed["code"]) == (f"WebSocket closed: {ROUTE}", 1001)
    assert closed["duration_ms"] >= 0
    assert "secret" not in caplog.text


async def test_a_refused_one_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "storyloom.api.websockets")

    await Watched().ask("/rooms/none")

    (line,) = [vars(r) for r in caplog.records if r.name == "storyloom.api.websockets"]
    assert (line["message"], line["status"]) == (f"WebSocket refused: {ROUTE}", 404)


async def test_without_figures_it_does_as_well(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "storyloom.api.websockets")
    app = Watched(counts=False)

    await app.ask("/rooms/a", left(1000))
    await app.ask("/rooms/shut")

    assert [r.getMessage() for r in caplog.records if r.name == "storyloom.api.websockets"] == [
        f"WebSocket {what}: {ROUTE}" for what in ("opened", "closed", "refused")
    ]


def header_of(opened: ClientConnection) -> str | None:
    assert opened.response is not None
    return opened.response.headers[ID]


def test_over_a_real_server(server: str, client: httpx2.Client) -> None:
    gauge = 'storyloom_websockets_open{route="/v1/events/ws"} '
    before = number_of(client, gauge)
    with socket(server, additional_headers={ID: "from-the-caller"}) as opened:
        assert header_of(opened) == "from-the-caller"
        opened.recv(10)
        assert number_of(client, gauge) == before + 1
    with socket(server) as opened:
        assert header_of(opened)

    with (
        pytest.raises(InvalidStatus) as refused,
        socket(server, "/v1/events/ws?after=x", additional_headers={ID: "r-2"}),
    ):
        pass
    assert refused.value.response.headers[ID] == "r-2"


def number_of(client: httpx2.Client, start: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next((float(line[len(start) :]) for line in lines if line.startswith(start)), 0)


@pytest.mark.parametrize("label", ["", "x" * 129])
def test_a_label_that_is_none_is_refused_as_over_http(
    label: str, server: str, client: httpx2.Client
) -> None:
    sent = [(b"X-Org-ID", label.encode("latin-1"))]
    over_http = client.get("/v1/events", headers=sent)

    with (
        pytest.raises(InvalidStatus) as refused,
        socket(server, additional_headers={"X-Org-ID": label}),
    ):
        pass

    response = refused.value.response
    assert (response.status_code, over_http.status_code) == (422, 422)
    told = json.loads(response.body or b"")
    assert told["errors"] == over_http.json()["errors"]
