"""Names of keys that change, as Redis tells them to whoever keeps copies (client-side caching)."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

from storyloom.adapters.redis._client import listening, open_listener, subscription
from storyloom.adapters.redis._faults import translated

_CHANNEL = "__redis__:invalidate"
_TOGETHER = 1000
_CONFIRMED_WITHIN_S = 5.0


class Invalidations:
    """Asks to be told of every key with one of some prefixes, whoever writes it."""

    def __init__(self, url: str, prefixes: Sequence[str]) -> None:
        """Take the address; nothing is opened yet."""
        self._url = url
        self._prefixes = prefixes

    @asynccontextmanager
    async def heard(self) -> AsyncGenerator[AsyncIterator[Collection[bytes]]]:
        """The names, from now on, those together that come together.

        Raises `Unavailable` when there is no connection any longer, or when this Redis does not tell.
        """
        async with open_listener(self._url) as client, subscription(client) as messages:
            with translated():
                await self._subscribe(messages)
            yield self._names(messages)

    async def _subscribe(self, messages: Any) -> None:
        """Let the connection be told what it asks for itself, and then only listen."""
        await messages.connect()
        connection = messages.connection
        await connection.send_command("CLIENT", "ID")
        own_id = await connection.read_response()
        prefixes = [word for prefix in self._prefixes for word in ("PREFIX", prefix)]
        await connection.send_command(
            "CLIENT", "TRACKING", "ON", "REDIRECT", str(own_id), "BCAST", *prefixes
        )
        await connection.read_response()
        await messages.subscribe(_CHANNEL)
        # Until this is confirmed, what is told is lost.
        await messages.get_message(timeout=_CONFIRMED_WITHIN_S)

    async def _names(self, messages: Any) -> AsyncIterator[Collection[bytes]]:
        async for first in listening(messages):
            names: set[bytes] = set(first or ())
            # One that is written again and again is looked at once.
            while len(names) < _TOGETHER and (more := await _at_hand(messages)):
                names.update(more)
            yield names


async def _at_hand(messages: Any) -> Collection[bytes]:
    with translated():
        message = await messages.get_message(timeout=0)
    # Nothing instead of names: everything was removed at once.
    return message["data"] or () if message and message["type"] == "message" else ()
