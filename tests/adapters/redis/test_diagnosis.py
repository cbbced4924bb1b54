"""Every mistake with Redis, made for real: what is said of it, and how to mend it."""

import socketserver
import threading
from collections.abc import Generator
from typing import Any

import pytest
import redis

from storyloom.adapters.redis._diagnosis import _meaning, look_at_redis, place_of
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.findings import Finding, Verdict
from tests.adapters.redis.outages import OUTAGES, command, make_room
from tests.databases import RedisServer, free_port, redis_running


@pytest.fixture(scope="module")
def own() -> Generator[RedisServer]:
    """One that may be broken."""
    with redis_running() as server:
        yield server


async def only(url: str) -> Finding:
    (finding,) = await look_at_redis(url)
    return finding


async def test_one_that_works(redis_url: str) -> None:
    found = await only(redis_url)

    assert found.status is Verdict.OK
    assert "can be written, and has no limit on its memory" in found.says
    assert found.mend == ""


@pytest.mark.parametrize(
    ("url", "says", "mend"),
    [
        ("redis://127.0.0.1:{closed}/0", "Nothing listens at 127.0.0.1:{closed}", "Start Redis"),
        ("unix:///nowhere.sock", "Nothing listens at /nowhere.sock", "Start Redis"),
        ("redis://127.0.0.1:{port}/99", "no database with the number", "/0"),
        ("redis://me:hunter2@127.0.0.1:{port}", "refuses the user or the password", "%40"),
        ("rediss://127.0.0.1:{port}", "REDIS_URL asks for TLS", "redis:// instead of rediss://"),
        ("redis://127.0.0.1:{other}", "does not speak as Redis does", "Correct host and port"),
    ],
)
async def test_addresses_that_are_wrong(
    own: RedisServer, stranger: int, *, url: str, says: str, mend: str
) -> None:
    ports = {"closed": free_port(), "port": own.port, "other": stranger}

    found = await only(url.format(**ports))

    assert found.status is Verdict.ERROR
    assert says.format(**ports) in found.says
    assert mend in found.mend
    assert "hunter2" not in found.says + found.mend


async def test_an_address_that_cannot_be_read() -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL cannot be read"):
        await look_at_redis("redis://127.0.0.1:port")


def _lock(server: RedisServer) -> None:
    command(server, "CONFIG", "SET", "requirepass", "right")


def _unlock(server: RedisServer) -> None:
    client: Any = redis.Redis(port=server.port, password="right")  # noqa: S106 - as set above
    with client:
        client.config_set("requirepass", "")


async def test_a_password_that_is_missing_or_wrong(own: RedisServer) -> None:
    _lock(own)
    try:
        missing = await only(own.url)
        wrong = await only(f"redis://:wrong@127.0.0.1:{own.port}")
        right = await only(f"redis://:right@127.0.0.1:{own.port}")
    finally:
        _unlock(own)

    assert missing.says == "Redis asks for a password, and REDIS_URL has none."
    assert wrong.says == "Redis refuses the user or the password of REDIS_URL."
    assert right.status is Verdict.OK


async def test_a_user_without_rights(own: RedisServer) -> None:
    command(own, "ACL", "SETUSER", "reader", "on", ">pw", "~*", "+get")
    command(own, "ACL", "SETUSER", "writer", "on", ">pw", "~storyboard:job:*", "+set")

    reader = await only(f"redis://reader:pw@127.0.0.1:{own.port}")
    writer = await only(f"redis://writer:pw@127.0.0.1:{own.port}")

    assert "does not let this user read and write" in reader.says
    assert "ACL SETUSER" in reader.mend
    assert writer.status is Verdict.OK
    assert writer.says.endswith("can be written.")


@pytest.mark.parametrize(
    ("name", "says", "mend"),
    [
        ("stopped", "Nothing listens at", "Start Redis"),
        ("paused", "did not answer in time", "whether it hangs"),
        ("full", "its memory is full", "volatile-ttl"),
        ("replica", "read-only replica", "REPLICAOF NO ONE"),
    ],
)
async def test_outages(own: RedisServer, *, name: str, says: str, mend: str) -> None:
    outage = OUTAGES[name]
    outage.break_it(own)
    try:
        found = await only(own.url)
    finally:
        outage.mend(own)

    assert found.status is Verdict.ERROR
    assert says in found.says
    assert mend in found.mend


@pytest.mark.parametrize(
    ("policy", "spare", "status", "says"),
    [
        ("noeviction", 10**9, Verdict.WARNING, "refuses writes when its memory is full"),
        ("volatile-ttl", 10**9, Verdict.OK, "% of its memory"),
        ("volatile-ttl", 150_000, Verdict.WARNING, "% of its memory"),
    ],
)
async def test_how_memory_is_managed(
    own: RedisServer, *, policy: str, spare: int, status: Verdict, says: str
) -> None:
    command(own, "SET", "ballast", "x" * 4_000_000)
    client: Any = own.client()
    with client:
        used = client.info("memory")["used_memory"]
    command(own, "CONFIG", "SET", "maxmemory-policy", policy)
    command(own, "CONFIG", "SET", "maxmemory", str(used + spare))
    try:
        found = await only(own.url)
    finally:
        make_room(own)
        command(own, "CONFIG", "SET", "maxmemory-policy", "noeviction")
        command(own, "DEL", "ballast")

    assert found.status is status
    assert says in found.says


def test_what_nobody_foresaw_is_told_too() -> None:
    found = _meaning(Unavailable("Redis refused the command (ODD)."), "redis://db")

    assert found.says == "Redis refused the command (ODD)."
    assert "redis-cli" in found.mend


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:hunter2@db:7000/3?password=hunter2", "db:7000, database 3"),
        ("rediss://db", "db:6379, database 0 over TLS"),
        ("unix:///run/redis.sock", "/run/redis.sock, database 0"),
        ("redis://db:port", "an address that cannot be read, database 0"),
    ],
)
def test_a_place_is_told_without_the_password(url: str, place: str) -> None:
    assert place_of(url) == place


class _Says(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(100)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.fixture
def stranger() -> Generator[int]:
    """The port of something that is no Redis."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Says) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
