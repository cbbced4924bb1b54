"""What goes wrong with a socket."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from storyloom.adapters.swarmui._socket import _translated, open_socket
from storyloom.errors import BadAnswer, Unreachable
from tests.swarmui.websocket import ServerSocket

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def test_more_than_a_picture_can_be_is_refused() -> None:
    with pytest.raises(BadAnswer, match="more than a picture"), _translated("http://h"):
        raise ConnectionClosedError(None, Close(1009, "too big"), None)


async def test_one_that_does_not_speak_it_is_another_program() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        writer.close()

    with pytest.raises(BadAnswer, match="another program"):
        await _ask(answer)


async def test_its_end_is_told_and_not_waited_for() -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(line for line in head.splitlines() if line.startswith("Sec-WebSocket-Key"))
        socket = ServerSocket(reader, writer)
        await socket.accept(key.partition(": ")[2])
        heard.put_nowait(await socket.receive())
        await socket.send("told")
        heard.put_nowait(await socket.receive())
        heard.put_nowait(socket.was_closed)
        writer.close()

    assert await _ask(answer) == "told"
    assert [await asyncio.wait_for(heard.get(), 5) for _ in range(3)] == ["asked", None, True]


async def test_where_nothing_listens_nothing_answers() -> None:
    with pytest.raises(Unreachable, match="nothing answers at https"):
        async with open_socket("https://127.0.0.1:1", "X", 1):
            pytest.fail("it was opened")


async def _ask(answer: Answer) -> str | None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, open_socket(url, "X", 5) as socket:
        await socket.send("asked")
        return await socket.receive(5)
