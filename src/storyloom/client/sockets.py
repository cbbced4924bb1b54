"""A stream of events over a WebSocket, as the frames that server-sent events would bring.

This module loads the library of WebSockets, so it is imported where one is asked for.
"""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from json import loads
from typing import Any

import anyio
import httpx2
from anyio import to_thread
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosedOK,
    InvalidStatus,
    WebSocketException,
)

import storyloom.client.operations as ops
from storyloom.client.errors import NoServer
from storyloom.client.line import CONNECT_TIMEOUT_S, STREAM_TIMEOUT_S, Line, Names
from storyloom.errors import Unreachable
from storyloom.events.schemas import ENDS
from storyloom.kit.ids import parse_job_id

_PATH = "/v1/events/ws"
_OURS = ("Authorization", "X-Org-ID")
_MOST_BYTES = 16 << 20
#: The end of a job is in its row a moment before it is in the log.
_END_WITHIN_S = 5.0
_END = httpx2.ServerSentEvent("end", "{}")


class _Connect(connect):
    """Follows no redirection: the key goes to this server alone."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def events(
    line: Line, query: Names, place: int | None, left_s: float | None
) -> AsyncGenerator[httpx2.ServerSentEvent]:
    """What `GET /v1/events` would tell."""
    async with _open(line, query, place) as socket:
        yield await socket.first()
        while (frame := await socket.next(left_s)) is not None:
            yield frame


async def events_of_job(
    line: Line, job_id: str, place: int | None, left_s: float | None
) -> AsyncGenerator[httpx2.ServerSentEvent]:
    """What `GET /v1/jobs/{job_id}/events` would tell, the snapshot and the end included."""
    subject = parse_job_id(job_id) or job_id
    async with _open(line, {"subject": subject}, place) as socket:
        begins = int((await socket.first()).id)
        # Looked up after that: whatever it does not show yet is told.
        response = await line.send(ops.GET_JOB, {"job_id": subject})
        yield httpx2.ServerSentEvent("snapshot", response.text, id=str(begins))
        is_over = line.read(ops.GET_JOB, response).status.is_terminal
        if is_over and not await _ends_after(line, subject, begins):
            within_s = 0.0 if await _ends_after(line, subject, 0) else _END_WITHIN_S
            left_s = within_s if left_s is None else min(left_s, within_s)
        while (frame := await socket.next(left_s)) is not None:
            yield frame
            if frame.event in ENDS and await _is_last(line, subject, int(frame.id)):
                is_over = True
                break
        if is_over:
            yield _END


class _Socket:
    def __init__(self, line: Line, connection: ClientConnection) -> None:
        self._line = line
        self._connection = connection
        self._since = anyio.current_time()

    async def first(self) -> httpx2.ServerSentEvent:
        """From where on events are told."""
        frame = await self.next(STREAM_TIMEOUT_S)
        if frame is None or frame.event != "ready":
            raise self._line.stranger()
        return frame

    async def next(self, left_s: float | None) -> httpx2.ServerSentEvent | None:
        """The next frame; None when the time is up or the server has closed it in order."""
        left_s = None if left_s is None else self._since + left_s - anyio.current_time()
        with _told(self._line):
            try:
                with anyio.fail_after(left_s):
                    return self._frame(await self._connection.recv(decode=True))
            except (ConnectionClosedOK, TimeoutError):
                return None

    def _frame(self, text: str) -> httpx2.ServerSentEvent:
        try:
            told: Mapping[str, Any] = loads(text)
            place = told["after"] if told["type"] == "ready" else told["seq"]
            return httpx2.ServerSentEvent(str(told["type"]), text, id=str(int(place)))
        except (ValueError, TypeError, KeyError) as fault:
            raise self._line.stranger() from fault


@asynccontextmanager
async def _open(line: Line, query: Names, place: int | None) -> AsyncGenerator[_Socket]:
    url = line.url_of(_PATH, {**query, "after": place})
    is_safe = url.scheme == "https"
    ours = {name: line.http.headers[name] for name in _OURS if name in line.http.headers}
    with _told(line):
        connection = await _Connect(
            str(url.copy_with(scheme="wss" if is_safe else "ws")),
            additional_headers=ours,
            ssl=await to_thread.run_sync(httpx2.create_ssl_context) if is_safe else None,
            compression=None,
            open_timeout=CONNECT_TIMEOUT_S,
            close_timeout=CONNECT_TIMEOUT_S,
            max_size=_MOST_BYTES,
        )
    try:
        yield _Socket(line, connection)
    finally:
        with anyio.CancelScope(shield=True):
            await connection.close()


async def _ends_after(line: Line, job_id: str, place: int) -> bool:
    query = {"subject": job_id, "type": tuple(ENDS), "after": place, "limit": 1}
    return bool((await line.ask(ops.LIST_EVENTS, query=query)).data)


async def _is_last(line: Line, job_id: str, place: int) -> bool:
    """Whether a job has ended for good: an end may have been followed by another pass."""
    work = await line.ask(ops.GET_JOB, {"job_id": job_id})
    return work.status.is_terminal and not await _ends_after(line, job_id, place)


@contextmanager
def _told(line: Line) -> Generator[None]:
    """Raise the library's faults as ours."""
    try:
        yield
    except InvalidStatus as fault:
        answer = fault.response
        headers = list(answer.headers.raw_items())
        raise line.refused(
            httpx2.Response(answer.status_code, headers=headers, content=bytes(answer.body or b""))
        ) from fault
    except (OSError, TimeoutError) as fault:
        raise NoServer(
            f"There is no server at {line.url} ({str(fault) or 'no answer'}).", system="server"
        ) from fault
    except (WebSocketException, EOFError) as fault:
        raise Unreachable(
            f"The connection to {line.url} broke: {type(fault).__name__}.", system="server"
        ) from fault
