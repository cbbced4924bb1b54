"""A WebSocket to SwarmUI. This module loads the client's library, so it is imported late, in a thread."""

import ssl
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import anyio
from anyio import to_thread
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    ConnectionClosedOK,
    InvalidStatus,
    WebSocketException,
)

from storyloom.adapters.swarmui._http import judged
from storyloom.automation.errors import SYSTEM
from storyloom.errors import BadAnswer, Unreachable

# A picture may come as one text of base64: 2 to 10 MB, and more for large ones.
MAX_FRAME_BYTES = 256 << 20
_TOO_BIG = 1009
_STRANGER = "another program or an older SwarmUI answers"


class Socket:
    """Sends and receives whole texts. What goes wrong is raised as `ImageBackend.generate` says."""

    def __init__(self, connection: ClientConnection, url: str) -> None:
        """Take an open connection, and the address for people to read."""
        self._connection = connection
        self._url = url

    async def send(self, text: str) -> None:
        """Send a text."""
        with _translated(self._url):
            await self._connection.send(text)

    async def receive(self, within_s: float) -> str | None:
        """The next text; None when SwarmUI has closed the connection in order.

        SwarmUI says something every 30 seconds at the latest, so long silence is a lost connection.
        """
        with _translated(self._url):
            try:
                with anyio.fail_after(within_s):
                    return await self._connection.recv(decode=True)
            except ConnectionClosedOK:
                return None
            except TimeoutError:
                raise Unreachable(
                    f"SwarmUI at {self._url} has said nothing for {within_s:g} seconds",
                    system=SYSTEM,
                ) from None


class _Connect(connect):
    """Follows no redirection: it leads to a page for people."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


@asynccontextmanager
async def open_socket(url: str, route: str, within_s: float) -> AsyncGenerator[Socket]:
    """A connection to a route of the SwarmUI at this address. Its end is not waited for."""
    address = f"ws{url.removeprefix('http')}/API/{route}"
    tls = await to_thread.run_sync(ssl.create_default_context) if url[:6] == "https:" else None
    with _translated(url):
        connection = await _Connect(
            address,
            ssl=tls,
            proxy=None,  # no proxy lies between us and this machine
            compression=None,
            open_timeout=within_s,
            # SwarmUI answers pings only while it listens, which is not always.
            ping_interval=None,
            # SwarmUI would take two seconds for its part of the end.
            close_timeout=0,
            max_size=MAX_FRAME_BYTES,
        )
    try:
        yield Socket(connection, url)
    finally:
        with anyio.CancelScope(shield=True):
            await connection.close()


@contextmanager
def _translated(url: str) -> Generator[None]:
    try:
        yield
    except InvalidStatus as fault:
        answer = fault.response
        judged(
            answer.status_code, bytes(answer.body or b"")
        )  # a refusal that SwarmUI has words for
        raise BadAnswer(f"{_STRANGER} (status {answer.status_code})") from fault
    except ConnectionClosed as fault:
        if fault.sent is not None and fault.sent.code == _TOO_BIG:
            raise BadAnswer("SwarmUI sent more than a picture can be") from fault
        raise Unreachable(f"the connection to SwarmUI at {url} was cut", system=SYSTEM) from fault
    except (OSError, TimeoutError) as fault:
        raise Unreachable(f"nothing answers at {url}", system=SYSTEM) from fault
    except WebSocketException as fault:
        raise BadAnswer(f"{_STRANGER} ({type(fault).__name__})") from fault
