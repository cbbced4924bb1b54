"""Work for a client ends when the client has gone."""

import anyio
import pytest
from starlette.types import Message

from storyloom.kit.leaving import unless_gone


async def stays() -> Message:
    await anyio.sleep_forever()
    raise AssertionError


async def test_it_is_done_while_the_client_is_there() -> None:
    async def work() -> str:
        return "done"

    assert await unless_gone(stays, work) == "done"


async def test_it_is_left_when_the_client_goes() -> None:
    messages: list[Message] = [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def leaves() -> Message:
        return messages.pop(0)

    assert await unless_gone(leaves, anyio.sleep_forever) is None


async def test_its_error_is_raised_as_it_is() -> None:
    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await unless_gone(stays, work)
