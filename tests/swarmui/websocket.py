"""The server's end of a WebSocket, in nothing but Python."""

import asyncio
import base64
import hashlib
import struct
from contextlib import suppress

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MORE, _TEXT, _CLOSE, _PING, _PONG = 0, 1, 8, 9, 10
_FIN, _MASKED = 0x80, 0x80


class ServerSocket:
    """Whole texts, in and out; pings are answered, and a close is closed."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.is_open = True
        self.was_closed = False  #: by the other end, in order

    async def accept(self, key: str) -> None:
        said = base64.b64encode(hashlib.sha1((key + _GUID).encode()).digest()).decode()  # noqa: S324
        self._writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + said.encode() + b"\r\n\r\n"
        )
        await self._writer.drain()

    async def receive(self) -> str | None:
        """The next text; None when the other end has gone."""
        whole = b""
        while True:
            try:
                final, kind, data = await self._frame()
            except (OSError, asyncio.IncompleteReadError):
                kind, final, data = _CLOSE, True, b""
                self.is_open = False
            if kind == _CLOSE:
                self.was_closed = self.is_open
                await self._send(_CLOSE, data)
                self.is_open = False
                return None
            if kind == _PING:
                await self._send(_PONG, data)
            elif kind in {_TEXT, _MORE}:
                whole += data
                if final:
                    return whole.decode()

    async def send(self, text: str) -> None:
        """Say it, if anybody listens."""
        await self._send(_TEXT, text.encode())

    async def close(self) -> None:
        await self._send(_CLOSE, struct.pack("!H", 1000))
        self.is_open = False

    def cut(self) -> None:
        """Drop the connection without a word."""
        self.is_open = False
        self._writer.transport.abort()

    async def _send(self, kind: int, data: bytes) -> None:
        if not self.is_open:
            return
        size = len(data)
        short = size if size < 126 else 126 if size < 1 << 16 else 127
        head = bytes([_FIN | kind, short])
        head += struct.pack("!H", size) if short == 126 else b""
        head += struct.pack("!Q", size) if short == 127 else b""
        with suppress(OSError):
            self._writer.write(head + data)
            await self._writer.drain()
            return
        self.is_open = False

    async def _frame(self) -> tuple[bool, int, bytes]:
        first, second = await self._reader.readexactly(2)
        assert second & _MASKED, "a client masks what it sends"
        size = second & ~_MASKED
        if size == 126:
            (size,) = struct.unpack("!H", await self._reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self._reader.readexactly(8))
        mask = await self._reader.readexactly(4)
        data = await self._reader.readexactly(size)
        padded = int.from_bytes(mask * (size // 4 + 1), "big") >> 8 * (4 - size % 4)
        plain = (int.from_bytes(data, "big") ^ padded).to_bytes(size, "big") if size else b""
        return bool(first & _FIN), first & 0x0F, plain
