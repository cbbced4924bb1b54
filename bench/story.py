"""What a poll of notifications costs with few and many stored, and one of a small and a large session."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from bench.client import Client
from bench.figures import Figure, Times
from storyloom.adapters.redis.notification_store import ACKNOWLEDGED, BODIES, OF_TYPE, PENDING
from tests.databases import RedisServer, postgres_running, redis_running
from tests.servers import launched

STORED = (0, 100, 100_000)
BEATS = (48, 5_000)
TOLD = 10
POLLS = 300
ROUNDS = 5
AT_MOST = 1.25
SLOWEST_S = 0.05
CHECK = "/api/v1/notifications/check"
Fill = Callable[[int, int], None]
_ROWS = """
    INSERT INTO storyloom_notifications
        (org_id, id, type, session_timestamp, body, latched, made_at, acknowledged_at)
    SELECT 'default', %(kind)s || n, %(kind)s, n, '{}', false, now() - n * interval '1 second',
           CASE WHEN %(kind)s = 'prompts_ready' THEN now() END
    FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""


def story() -> Iterator[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        redis = stack.enter_context(redis_running(append_only=True))
        postgres = stack.enter_context(postgres_running(durable=True))
        database_url = postgres.new_database()
        for name, variables, fill in (
            ("Redis", {"REDIS_URL": redis.url}, _fill_redis(redis)),
            ("PostgreSQL", {"DATABASE_URL": database_url}, _fill_postgres(database_url)),
        ):
            server = stack.enter_context(
                launched(folder / name, STORYLOOM_RATE_LIMIT="none", **variables)
            )
            client = Client(int(server.url.rpartition(":")[2]))
            yield from _checks(name, client, fill)
            yield from _statuses(name, client)


def _checks(name: str, client: Client, fill: Fill) -> Iterator[Figure]:
    for number in range(TOLD):
        _save(client, number, 1)
    least: Times | None = None
    have = 0
    for stored in STORED:
        fill(have, stored)
        have = stored
        polled = _polled(client, CHECK, TOLD, "notifications")
        least = least or polled
        ratio = polled.median / least.median
        yield Figure(
            f"check in {name}, {TOLD} pending, {stored:,} others stored",
            str(polled),
            "" if stored == STORED[0] else f"{least}: none",
            ratio,
            f"ratio <= {AT_MOST:g}",
            ratio <= AT_MOST,
        )


def _statuses(name: str, client: Client) -> Iterator[Figure]:
    small: Times | None = None
    for beats in BEATS:
        timestamp = 1_000_000 + beats
        size = _save(client, timestamp, beats)
        path = f"/api/v1/session/{timestamp}/prompts-status"
        if json.loads(client.get(path))["totalPrompts"] != beats:
            raise SystemExit("The session was not read as it should be.")
        polled = Times([client.timed(path) for _ in range(POLLS)])
        small = small or polled
        yield Figure(
            f"prompts-status in {name}, {beats:,} beats, {size / 1e6:.1f} MB",
            str(polled),
            "" if beats == BEATS[0] else f"{small}: {BEATS[0]} beats",
            polled.median / small.median,
            f"<= {SLOWEST_S * 1000:.0f} ms",
            polled.median <= SLOWEST_S,
        )


def _polled(client: Client, path: str, expected: int, name: str) -> Times:
    found = json.loads(client.get(path))[name]
    if len(found) != expected:
        raise SystemExit(f"{len(found)} {name} instead of {expected}")
    # The best of some rounds: whatever else runs here makes one slower, and none quicker.
    rounds = [Times([client.timed(path) for _ in range(POLLS)]) for _ in range(ROUNDS)]
    return min(rounds, key=lambda times: times.median)


def _save(client: Client, timestamp: int, beats: int) -> int:
    """Save a session whose prompts are all there; how many bytes it has."""
    kind = {"prompt": "A dark lighthouse over a stormy sea, wide shot. " * 12, "steps": 20}
    parts = [
        {
            "beatId": f"b{number}",
            "beat_script_text": f"Beat {number}. "
            + "The light goes out and nobody knows why. " * 8,
            "imageDecision": {"type": "NEW_IMAGE", "reason": "a new place"},
            "prompts": {"cinematic": kind, "vertical": kind},
        }
        for number in range(beats)
    ]
    session: dict[str, Any] = {"timestamp": timestamp, "analyzedEpisode": {"beats": parts}}
    client.post("/api/v1/session/save", session)
    return len(json.dumps(session))


def _fill_redis(server: RedisServer) -> Fill:
    """Others of another type, and as many that were acknowledged."""

    def fill(have: int, stored: int) -> None:
        with server.client() as redis, redis.pipeline(transaction=False) as filled:
            for number in range(have, stored):
                name, body = f"notif_other{number}", json.dumps({"id": number})
                filled.zadd(PENDING, {body: number})
                filled.zadd(f"{OF_TYPE}beats_ready", {name: number})
                filled.hset(BODIES, name, body)
                filled.set(f"{ACKNOWLEDGED}notif_old{number}", "now", ex=3600)
            filled.execute()

    return fill


def _fill_postgres(url: str) -> Fill:
    def fill(have: int, stored: int) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for kind in ("beats_ready", "prompts_ready"):
                rows = {"kind": kind, "first": have + 1, "last": stored}
                connection.execute(_ROWS, rows)
            connection.execute("VACUUM ANALYZE storyloom_notifications")
            connection.execute("CHECKPOINT")

    return fill
