"""Something answers at the address of Redis, and not as Redis would."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from storyloom.adapters.redis.hot_jobs import RedisHotJobs, open_hot_jobs
from storyloom.errors import Unavailable
from storyloom.kit.ids import new_job_id

ONE_VALUE = b"*1\r\n$2\r\nhi\r\n"
TOO_SHORT = b"*0\r\n"
TOO_LONG = b"*2\r\n$2\r\nhi\r\n$2\r\nhi\r\n"
OF_NUMBERS = b"*1\r\n:1\r\n"
NO_LIST = b"$2\r\nhi\r\n"
NUMBER = b":1\r\n"
NO_MEMORY = b"$15\r\nredis_version:7\r\n"
NAMED_MEMORY = b"$16\r\nused_memory:much\r\n"
NO_ENCODING = b"$2\r\n\xff\xff\r\n"


async def command(reader: asyncio.StreamReader) -> bytes:
    """The name of the next command, and nothing when there are no more."""
    words = [b""]
    for _ in range(int((await reader.readline())[1:] or 0)):
        size = int((await reader.readline())[1:])
        words.append((await reader.readexactly(size + 2))[:-2])
    return words[1].upper() if len(words) > 1 else b""


@asynccontextmanager
async def answering(answer: bytes) -> AsyncGenerator[RedisHotJobs]:
    """Hot state at a server that gives this answer to every read, and is otherwise content."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while name := await command(reader):
            writer.write(answer if name in {b"MGET", b"INFO"} else b"+OK\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_hot_jobs(f"redis://127.0.0.1:{port}?protocol=2") as hot:
        yield hot


async def test_an_answer_that_fits_is_taken() -> None:
    async with answering(ONE_VALUE) as hot:
        assert await hot.get(new_job_id()) == b"hi"


@pytest.mark.parametrize("answer", [TOO_SHORT, TOO_LONG, OF_NUMBERS, NO_LIST, NUMBER])
async def test_a_read_that_is_answered_by_nonsense_is_an_outage(answer: bytes) -> None:
    async with answering(answer) as hot:
        with pytest.raises(Unavailable, match="does not fit the question"):
            await hot.get(new_job_id())

        assert not hot._gate.is_open


@pytest.mark.parametrize("answer", [NO_MEMORY, NAMED_MEMORY, NUMBER, TOO_LONG, NO_ENCODING])
async def test_memory_that_is_not_told_is_no_figure(answer: bytes) -> None:
    async with answering(answer) as hot:
        with pytest.raises(Unavailable):
            await hot.used_bytes()
