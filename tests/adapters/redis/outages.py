"""The ways in which a Redis fails, and how each is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.databases import RedisServer


@dataclass(frozen=True)
class Outage:
    """How to break it, how to mend it, and what is said of it."""

    break_it: Callable[[RedisServer], None]
    mend: Callable[[RedisServer], None]
    says: str


def command(server: RedisServer, *words: str) -> Any:
    client: Any = server.client()  # its commands are not typed
    with client:
        return client.execute_command(*words)


def stop(server: RedisServer) -> None:
    server.stop()


def fill(server: RedisServer) -> None:
    command(server, "CONFIG", "SET", "maxmemory", "1")  # its policy is noeviction


def make_room(server: RedisServer) -> None:
    command(server, "CONFIG", "SET", "maxmemory", "0")


def make_replica(server: RedisServer) -> None:
    command(server, "REPLICAOF", "127.0.0.1", "1")  # nothing listens there


def make_primary(server: RedisServer) -> None:
    command(server, "REPLICAOF", "NO", "ONE")


OUTAGES = {
    "stopped": Outage(stop, RedisServer.start, "Redis cannot be reached"),
    "paused": Outage(RedisServer.pause, RedisServer.resume, "Redis took too long"),
    "full": Outage(fill, make_room, "its memory is full"),
    "replica": Outage(make_replica, make_primary, "read-only replica"),
}
