"""A subscription that falls silent is asked whether it still lives."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, cast

import pytest

from storyloom.adapters.redis._client import (
    SILENCE_S,
    listening,
    open_client,
    open_listener,
    subscription,
)
from storyloom.errors import Misconfigured, Unavailable

SILENCE = None
HELLO = {"type": "message", "data": b"hello"}
SUBSCRIBED = {"type": "subscribe", "data": 1}


class Messages:
    """Says these, one after the other; silence takes no time."""

    def __init__(self, *says: dict[str, Any] | None) -> None:
        self._says = iter(says)
        self.pings = 0

    async def get_message(self, *, timeout: float) -> dict[str, Any] | None:  # noqa: ASYNC109 - as redis has it
        assert timeout == SILENCE_S
        return next(self._says)

    async def ping(self) -> None:
        self.pings += 1


async def heard(messages: Messages, number: int) -> Sequence[object]:
    found: list[object] = []
    # It is a generator, though it does not say so.
    async with aclosing(cast("Any", listening(messages))) as said:
        lines: AsyncIterator[object] = said
        async for data in lines:
            found.append(data)
            if len(found) == number:
                break
    return found


async def test_after_a_silence_an_answer_is_enough() -> None:
    messages = Messages(SUBSCRIBED, HELLO, SILENCE, SUBSCRIBED, SILENCE, HELLO)

    assert await heard(messages, 2) == [b"hello", b"hello"]
    assert messages.pings == 2


async def test_who_does_not_even_answer_is_gone() -> None:
    messages = Messages(HELLO, SILENCE, SILENCE)

    with pytest.raises(Unavailable, match="took too long"):
        await heard(messages, 2)

    assert messages.pings == 1


async def test_what_is_published_is_heard(redis_url: str) -> None:
    async with (
        open_client(redis_url) as client,
        open_listener(redis_url) as listener,
        subscription(listener) as messages,
    ):
        await messages.subscribe("news")
        sender: Any = client  # its commands are not typed
        await sender.publish("news", "hello")
        async with aclosing(cast("Any", listening(messages))) as said:
            assert await anext(said) == b"hello"


@pytest.mark.parametrize("opening", [open_client, open_listener])
async def test_an_address_that_cannot_be_read_is_named(opening: Any) -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        async with opening("http://localhost"):
            pass
