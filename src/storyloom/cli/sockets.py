"""WebSockets for uvicorn: their library takes time to load, and few servers are asked for any."""

import asyncio
from typing import Any

PING_EVERY_S, PONG_WITHIN_S = 10.0, 20.0
# Clients have nothing to say.
MAX_BYTES = 4096


def protocol(**options: Any) -> asyncio.Protocol:
    """What uvicorn makes for each WebSocket, loaded when the first one comes."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import (  # noqa: PLC0415 - as said above
        WebSocketsSansIOProtocol,
    )

    made = WebSocketsSansIOProtocol(**options)
    # It would write the headers into the log, and with them keys.
    made.conn.debug = False
    return made
