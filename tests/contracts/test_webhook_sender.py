"""What sends webhooks promises."""

import socket
import ssl
import subprocess
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from storyloom.adapters.webhook import webhook_sender as module
from storyloom.adapters.webhook.webhook_sender import open_webhook_sender
from storyloom.errors import BadAnswer, TimedOut, Unreachable
from storyloom.webhooks.errors import TargetRefused
from storyloom.webhooks.targets import Allowed
from tests.databases import free_port
from tests.webhooks.receiver import Receiver, receiving

HERE = Allowed.parse("127.0.0.1")
BODY = b'{"type":"job.completed"}'
HEADERS = {"webhook-id": "evt_1"}


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with receiving() as started:
        yield started


def leading_to(*addresses: str) -> module.Resolve:
    """Names that lead to these addresses, the first time and ever after."""

    def resolve(host: str, port: int) -> Sequence[str]:
        assert (host, port) != ("", 0)
        return addresses

    return resolve


async def test_a_message_comes_as_it_was_sent(receiver: Receiver) -> None:
    async with open_webhook_sender(HERE) as sender:
        answer = await sender.send(receiver.url("/ok?a=b%20c"), HEADERS, BODY)

    (heard,) = receiver.heard
    assert (answer.status, answer.start, answer.retry_after) == (200, "thanks \ufffd", None)
    assert (heard.path, heard.body) == ("/ok?a=b%20c", BODY)
    assert heard.headers["webhook-id"] == "evt_1"
    assert heard.headers["content-type"] == "application/json"
    assert heard.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert heard.headers["user-agent"].startswith("Storyloom/")


async def test_redirects_are_not_followed(receiver: Receiver) -> None:
    receiver.statuses["/redirect"] = [302]

    async with open_webhook_sender(HERE) as sender:
        answer = await sender.send(receiver.url("/redirect"), HEADERS, BODY)

    assert answer.status == 302
    assert [one.path for one in receiver.heard] == ["/redirect"]


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("203.0.114.7", "10.0.0.1"), ("::ffff:127.0.0.1",), ("fe80::1",)]
)
async def test_a_name_that_leads_inside_is_not_asked(
    receiver: Receiver, addresses: tuple[str, ...]
) -> None:
    async with open_webhook_sender(Allowed(), resolve=leading_to(*addresses)) as sender:
        with pytest.raises(TargetRefused) as fault:
            await sender.send(receiver.url(host="hooks.example.com"), HEADERS, BODY)

    assert receiver.heard == []
    assert not any(address in fault.value.message for address in addresses)


async def test_the_connection_goes_to_the_address_that_was_checked(receiver: Receiver) -> None:
    """A name that leads elsewhere at the second look is looked up once."""
    looked_up: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    async with open_webhook_sender(HERE, resolve=rebinding) as sender:
        answer = await sender.send(receiver.url(host="hooks.example.com"), HEADERS, BODY)

    assert answer.status == 200
    assert looked_up == ["hooks.example.com"]
    assert receiver.heard[0].headers["host"] == f"hooks.example.com:{receiver.port}"


async def test_an_allowed_name_may_lead_anywhere(receiver: Receiver) -> None:
    allowed = Allowed.parse("hooks.internal")
    async with open_webhook_sender(allowed, resolve=leading_to("127.0.0.1")) as sender:
        answer = await sender.send(receiver.url(host="hooks.internal"), HEADERS, BODY)

    assert answer.status == 200


async def test_the_next_address_is_tried_where_one_does_not_take_the_connection(
    receiver: Receiver,
) -> None:
    allowed = Allowed.parse("127.0.0.0/8,::1")
    async with open_webhook_sender(allowed, resolve=leading_to("::1", "127.0.0.1")) as sender:
        answer = await sender.send(receiver.url(host="hooks.example.com"), HEADERS, BODY)

    assert answer.status == 200


async def test_only_the_first_bytes_of_an_answer_are_read(receiver: Receiver) -> None:
    async with open_webhook_sender(HERE) as sender:
        answer = await sender.send(receiver.url("/long"), HEADERS, BODY)

    assert answer.start == "x" * module.ANSWER_BYTES


async def test_one_that_hangs_is_given_up(receiver: Receiver) -> None:
    async with open_webhook_sender(HERE, within_s=0.3) as sender:
        with pytest.raises(TimedOut, match=r"within 0\.3 seconds"):
            await sender.send(receiver.url("/hang"), HEADERS, BODY)


async def test_a_status_counts_though_its_body_does_not_end(receiver: Receiver) -> None:
    async with open_webhook_sender(HERE, within_s=0.6) as sender:
        answer = await sender.send(receiver.url("/slow"), HEADERS, BODY)

    assert (answer.status, answer.start) == (200, "thanks \ufffd")


async def test_the_wish_to_be_left_alone_is_handed_on(receiver: Receiver) -> None:
    receiver.statuses["/ok"], receiver.retry_after = [503], "120"

    async with open_webhook_sender(HERE) as sender:
        answer = await sender.send(receiver.url(), HEADERS, BODY)

    assert (answer.status, answer.retry_after) == (503, "120")


async def test_where_nothing_listens() -> None:
    async with open_webhook_sender(HERE) as sender:
        with pytest.raises(Unreachable, match="it failed"):
            await sender.send(f"http://127.0.0.1:{free_port()}/", HEADERS, BODY)


async def test_what_is_no_http(receiver: Receiver) -> None:
    async with open_webhook_sender(HERE) as sender:
        with pytest.raises(BadAnswer, match="no HTTP"):
            await sender.send(receiver.url("/garbage"), HEADERS, BODY)


async def test_a_connection_that_breaks(receiver: Receiver) -> None:
    async with open_webhook_sender(HERE) as sender:
        with pytest.raises(Unreachable, match="broke"):
            await sender.send(receiver.url("/reset"), HEADERS, BODY)


async def test_one_that_takes_no_connection_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_WITHIN_S", 0.2)
    with socket.socket() as listener, ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # its queue is full then, and nobody serves it
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)  # noqa: FBT003 - its only argument
            one.connect_ex(listener.getsockname())
        async with open_webhook_sender(HERE) as sender:
            with pytest.raises(TimedOut, match="did not take the connection"):
                await sender.send(f"http://127.0.0.1:{listener.getsockname()[1]}/", HEADERS, BODY)


async def test_a_name_without_an_address() -> None:
    def nothing(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    async with open_webhook_sender(HERE, resolve=nothing) as sender:
        with pytest.raises(Unreachable, match="no address"):
            await sender.send("http://nowhere.example.com/", HEADERS, BODY)


class _Secure(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[int]:
    """The port of a receiver with a good certificate for `hooks.example.com`, and no other name."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    # fmt: off
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",  # noqa: S607
         "-keyout", key, "-out", certificate, "-subj", "/CN=hooks.example.com",
         "-addext", "subjectAltName=DNS:hooks.example.com"],
        check=True, capture_output=True,
    )
    # fmt: on
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), _Secure)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    trusting = ssl.create_default_context(cafile=str(certificate))
    trusted = partial(httpx2.AsyncHTTPTransport, verify=trusting)
    monkeypatch.setattr(module.httpx2, "AsyncHTTPTransport", trusted)
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("host", ["hooks.example.com", "hooks.example.com."])
async def test_a_certificate_is_that_of_the_name(secure: int, host: str) -> None:
    async with open_webhook_sender(HERE, resolve=leading_to("127.0.0.1")) as sender:
        answer = await sender.send(f"https://{host}:{secure}/", HEADERS, BODY)

    assert answer.status == 204


async def test_a_certificate_of_another_name_is_not_good(secure: int) -> None:
    async with open_webhook_sender(HERE, resolve=leading_to("127.0.0.1")) as sender:
        with pytest.raises(Unreachable, match="certificate is not good"):
            await sender.send(f"https://other.example.com:{secure}/", HEADERS, BODY)
