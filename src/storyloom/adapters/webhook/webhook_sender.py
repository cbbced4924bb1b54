"""Sends messages to the very addresses that were checked."""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from importlib.metadata import version

import anyio
import httpx2
from anyio import to_thread

from storyloom.adapters.webhook._addresses import SYSTEM, AddressBook, Resolve, addresses_of
from storyloom.errors import BadAnswer, TimedOut, Unreachable
from storyloom.webhooks.ports import Answer
from storyloom.webhooks.targets import Allowed, target_of

WITHIN_S = 15.0
CONNECT_WITHIN_S = 5.0
# Left of the time when the body of an answer, which does not count, is waited for no longer.
SPARE_S = 0.2
ANSWER_BYTES = 500
_HEADERS = {
    "content-type": "application/json",
    "accept": "*/*",
    "accept-encoding": "identity",
    "user-agent": f"Storyloom/{version('storyloom')}",
}


class HttpWebhookSender:
    """Posts messages with the transport of httpx2, which follows nothing and remembers nothing.

    A name is looked up once, all its addresses are checked, and the connection goes to one of them:
    a name that leads elsewhere a moment later (DNS rebinding) changes nothing. The name still is
    what the certificate is checked against, and what the receiver is told.
    """

    def __init__(
        self, transport: httpx2.AsyncBaseTransport, addresses: AddressBook, within_s: float
    ) -> None:
        """Take an open transport, whose closing is its owner's part, and how long all may take."""
        self._transport = transport
        self._addresses = addresses
        self._within_s = within_s

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post it to the first of its addresses that takes the connection."""
        target = target_of(url)
        message = httpx2.Request("POST", url, headers={**_HEADERS, **headers}, content=body)
        with _translated(self._within_s), anyio.fail_after(self._within_s) as limit:
            *others, last = await self._addresses.of(target.host, target.port)
            for address in others:
                with suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
                    return await self._post(_addressed(message, target.host, address), limit)
            return await self._post(_addressed(message, target.host, last), limit)

    async def _post(self, request: httpx2.Request, limit: anyio.CancelScope) -> Answer:
        response = await self._transport.handle_async_request(request)
        start = b""
        try:
            # The status says all that counts: what goes wrong from here on is no fault.
            with anyio.CancelScope(deadline=limit.deadline - SPARE_S), suppress(httpx2.HTTPError):
                async for part in response.aiter_raw():
                    start += part
                    if len(start) >= ANSWER_BYTES:
                        break
        finally:
            await response.aclose()
        text = start[:ANSWER_BYTES].decode("utf-8", "replace")
        return Answer(response.status_code, text, response.headers.get("retry-after"))


@asynccontextmanager
async def open_webhook_sender(
    allowed: Allowed, *, resolve: Resolve = addresses_of, within_s: float = WITHIN_S
) -> AsyncGenerator[HttpWebhookSender]:
    """A sender for as long as it is needed."""
    make = partial(
        httpx2.AsyncHTTPTransport,
        trust_env=False,
        # Never used twice: another name, with another certificate, may have the same address.
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
    )
    # In a thread: certificates are read from the disk.
    async with await to_thread.run_sync(make) as transport:
        yield HttpWebhookSender(transport, AddressBook(allowed, resolve), within_s)


def _addressed(message: httpx2.Request, host: str, address: str) -> httpx2.Request:
    """The message to this address; its `Host` stays."""
    timeouts = {"connect": CONNECT_WITHIN_S, "read": None, "write": None, "pool": None}
    return httpx2.Request(
        message.method,
        message.url.copy_with(host=address),
        headers=message.headers,
        content=message.content,
        extensions={"sni_hostname": host.rstrip("."), "timeout": timeouts},
    )


@contextmanager
def _translated(within_s: float) -> Generator[None]:
    try:
        yield
    except httpx2.ConnectTimeout as fault:
        raise TimedOut("The receiver did not take the connection", system=SYSTEM) from fault
    except (TimeoutError, httpx2.TimeoutException) as fault:
        raise TimedOut(f"No answer came within {within_s:g} seconds", system=SYSTEM) from fault
    except httpx2.ConnectError as fault:
        said = "its certificate is not good" if "CERTIFICATE" in str(fault) else "it failed"
        raise Unreachable(f"No connection to the receiver: {said}", system=SYSTEM) from fault
    except (httpx2.ProtocolError, httpx2.UnsupportedProtocol) as fault:
        raise BadAnswer("The answer is no HTTP") from fault
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as fault:
        raise Unreachable("The connection to the receiver broke", system=SYSTEM) from fault
