"""Server-sent events: how each thing is written, and the answer that a stream is."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing

import anyio
from pydantic import JsonValue
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from storyloom.kit.leaving import gone

MEDIA_TYPE = "text/event-stream"
BEAT = b": beat\n\n"
RETRY_MS = 2000
# A client that takes nothing for so long is given up.
SEND_WITHIN_S = 60.0
_HEADERS = {
    "Content-Type": MEDIA_TYPE,
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # or a proxy would gather events before it passes them on
}
Frames = AsyncGenerator[bytes]


def frame(name: str, data: Mapping[str, JsonValue], *, after: int | None = None) -> bytes:
    """A frame that is no event of the log; with `after`, a client that is cut off goes on there."""
    head = "" if after is None else f"id: {after}\nretry: {RETRY_MS}\n"
    body = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return f"{head}event: {name}\ndata: {body}\n\n".encode("utf-8", "replace")


class EventStream(Response):
    """Sends frames as they come, for as long as there are any and the client is there.

    They are opened before the answer begins: what is wrong by then is an ordinary error.
    """

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[Frames]]) -> None:
        """Take what opens them."""
        self.status_code = 200
        self.background = None
        self.init_headers(_HEADERS)
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Send them."""
        async with self._opened() as frames:
            head = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **head})
            async with anyio.create_task_group() as tasks:

                async def leave() -> None:
                    await gone(receive)
                    tasks.cancel_scope.cancel()

                tasks.start_soon(leave)
                await _send_all(frames, send)
                tasks.cancel_scope.cancel()


async def _send_all(frames: Frames, send: Send) -> None:
    async with aclosing(frames):
        async for some in frames:
            with anyio.move_on_after(SEND_WITHIN_S) as sending:
                await send({"type": "http.response.body", "body": some, "more_body": True})
            if sending.cancelled_caught:
                return
    with anyio.move_on_after(SEND_WITHIN_S):
        await send({"type": "http.response.body", "body": b"", "more_body": False})
