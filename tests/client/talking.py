"""A server of a few lines that answers polls, and talks to WebSockets: each time what is next."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from json import dumps
from urllib.parse import parse_qs, urlsplit

import httpx2
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from storyloom.client.line import Line, new_http
from storyloom.client.patience import Patience
from tests.client.answering import AT_ONCE

CUT = -1
#: Texts, and then how the connection ends: cut, or with a code.
Talk = Sequence[str | int]


class Talking:
    """What it answers to WebSockets and to polls, and what was asked."""

    def __init__(self, *talks: Talk | httpx2.Response, polls: Sequence[object] = ()) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []
        self._talks: Iterator[Talk | httpx2.Response] = iter(talks)
        self._talk: Talk = ()
        self._polls: Iterator[object] = iter(polls)

    @asynccontextmanager
    async def line(self, patience: Patience = AT_ONCE) -> AsyncGenerator[Line]:
        """A line to it."""
        async with serve(self._tell, "127.0.0.1", 0, process_request=self._answer) as server:
            url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            async with new_http(url, key="sl_x", org="acme") as http:
                yield Line(http, url, patience)

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        if "Upgrade" not in request.headers:
            return connection.respond(HTTPStatus.OK, dumps(next(self._polls)))
        self.asked.append(parse_qs(urlsplit(request.path).query))
        self.headers.append({k.lower(): v for k, v in request.headers.raw_items()})
        talk = next(self._talks)
        if isinstance(talk, httpx2.Response):
            refusal = connection.respond(HTTPStatus(talk.status_code), talk.text)
            for name in talk.headers.keys() & {"location", "retry-after"}:
                refusal.headers[name] = talk.headers[name]
            return refusal
        self._talk = talk
        return None

    async def _tell(self, connection: ServerConnection) -> None:
        for one in self._talk:
            if isinstance(one, str):
                await connection.send(one)
            elif one == CUT:
                connection.transport.abort()
            else:
                await connection.close(one)
        await connection.wait_closed()
