"""ComfyUI's WebSocket: what happens to our prompt, as far as it is told.

Nothing that was missed is told again, so whoever listens asks the history as well.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol, cast

import anyio
from pydantic import ValidationError

from storyloom.adapters.comfyui._wire import SYSTEM, Event
from storyloom.errors import BadAnswer, Unreachable

# Previews come as frames of their own, in the size of the picture.
_FRAME_BYTES = 256 << 20
_OPEN_TIMEOUT_S = 5.0
_CLOSE_TIMEOUT_S = 1.0


class Ear(Protocol):
    """An open WebSocket."""

    async def hear(self, within_s: float) -> Event | None:
        """The next frame of text; None when none has come in time. Raises `Unreachable`."""
        ...


@asynccontextmanager
async def listening(url: str, client_id: str) -> AsyncGenerator[Ear]:
    """Listen under this name; raises `Unreachable`, or `BadAnswer` where another program answers."""
    from websockets.asyncio.client import connect  # noqa: PLC0415 - loads on first use
    from websockets.exceptions import InvalidHandshake, WebSocketException  # noqa: PLC0415

    address = f"ws{url.removeprefix('http')}/ws?clientId={client_id}"
    opening = connect(
        address,
        max_size=_FRAME_BYTES,
        proxy=None,
        open_timeout=_OPEN_TIMEOUT_S,
        close_timeout=_CLOSE_TIMEOUT_S,
    )
    try:
        socket = await opening
    except InvalidHandshake as fault:
        raise BadAnswer("the program that answers there is no ComfyUI") from fault
    except (OSError, TimeoutError, WebSocketException) as fault:
        raise Unreachable(f"ComfyUI at {url} cannot be listened to", system=SYSTEM) from fault
    try:
        yield _Ear(cast("_Socket", socket), WebSocketException)
    finally:
        with anyio.CancelScope(shield=True):
            await socket.close()


class _Socket(Protocol):
    async def recv(self) -> str | bytes: ...


class _Ear:
    def __init__(self, socket: _Socket, fault: type[Exception]) -> None:
        self._socket = socket
        self._fault = fault

    async def hear(self, within_s: float) -> Event | None:
        with anyio.move_on_after(within_s):
            while True:
                try:
                    frame = await self._socket.recv()
                except (self._fault, OSError) as fault:
                    raise Unreachable("ComfyUI hung up", system=SYSTEM) from fault
                if isinstance(frame, bytes):
                    continue  # a preview
                try:
                    return Event.model_validate_json(frame)
                except ValidationError:
                    continue  # of a kind that we do not know
        return None
