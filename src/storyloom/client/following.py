"""Following a stream of events across broken connections, without loss and without repeats."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import anyio
import httpx2

from storyloom.client.errors import ServiceUnavailable, TooManyRequests
from storyloom.client.line import Line, Wanted
from storyloom.errors import StoryloomError, TimedOut, Unreachable
from storyloom.events.schemas import Event

SNAPSHOT, END = "snapshot", "end"
_NO_EVENTS = frozenset({SNAPSHOT, END, "ready", "dropped"})
Transport = Literal["sse", "websocket"]
_LONGEST_S = 3600.0  # a server keeps no stream open for longer
_MAY_PASS = (Unreachable, TimedOut, ServiceUnavailable, TooManyRequests)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a job was like when the following of it began; events tell what came after."""

    data: Mapping[str, Any]
    type: str = SNAPSHOT


class Following:
    """Follows one stream. It knows the place up to which everything was told."""

    def __init__(
        self, line: Line, wanted: Wanted, after: int | None, transport: Transport = "sse"
    ) -> None:
        """Take what is followed, after which event (None: from now on), and how."""
        self._line = line
        self._wanted = wanted
        self._place = after
        self._frames = self._of_socket if transport == "websocket" else self._of_stream
        self._is_new = True
        self._failed = 0
        self._waited_s = 0.0

    async def told(self, within_s: float | None) -> AsyncGenerator[Snapshot | Event]:
        """A snapshot, where there is one, and then events, until an end is told or the time is up.

        Where the connection breaks, or the server drops it, it is opened again after the last
        event. Raises what `Line.send` raises when that does not help.
        """
        end_at = None if within_s is None else anyio.current_time() + within_s
        while True:
            left_s = None if end_at is None else max(0.0, end_at - anyio.current_time())
            try:
                async with aclosing(self._frames(left_s)) as frames:
                    async for frame in frames:
                        self._failed, self._waited_s = 0, 0.0
                        if frame.event == END:
                            return
                        if (one := self._read(frame)) is not None:
                            yield one
                wait_s = self._line.patience.first_s
            except _MAY_PASS as fault:
                wait_s = self._wait_s(fault)
            if end_at is not None and anyio.current_time() + wait_s >= end_at:
                return
            await anyio.sleep(wait_s)

    async def _of_stream(self, left_s: float | None) -> AsyncGenerator[httpx2.ServerSentEvent]:
        headers = {} if self._place is None else {"Last-Event-ID": str(self._place)}
        wait_s = None if left_s is None else min(left_s, _LONGEST_S)
        wanted = replace(self._wanted, query={**self._wanted.query, "wait": wait_s})
        async with self._line.stream(wanted, headers) as response:
            async for frame in httpx2.EventSource(response):
                yield frame

    def _of_socket(self, left_s: float | None) -> AsyncGenerator[httpx2.ServerSentEvent]:
        import storyloom.client.sockets as sockets  # noqa: PLC0415, PLR0402 - loads on first use

        job_id = self._wanted.names.get("job_id")
        if job_id is None:
            return sockets.events(self._line, self._wanted.query, self._place, left_s)
        return sockets.events_of_job(self._line, str(job_id), self._place, left_s)

    def _read(self, frame: httpx2.ServerSentEvent) -> Snapshot | Event | None:
        is_new, self._is_new = self._is_new, False
        place, self._place = self._place, int(frame.id) if frame.id else self._place
        if frame.event == SNAPSHOT:
            return Snapshot(cast("Mapping[str, Any]", frame.json())) if is_new else None
        if frame.event in _NO_EVENTS or (place is not None and int(frame.id) <= place):
            return None
        return Event.model_validate_json(frame.data)

    def _wait_s(self, fault: StoryloomError) -> float:
        self._failed += 1
        asked_s: float | None = getattr(fault, "retry_after_s", None)
        wait_s = self._line.patience.wait_s(self._failed, asked_s, self._waited_s)
        if wait_s is None:
            raise fault
        self._waited_s += wait_s
        return wait_s
