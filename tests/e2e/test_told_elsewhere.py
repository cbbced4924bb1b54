"""What another service does to a session, straight in Redis, is told by a real server."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
import redis as client

from tests.databases import redis_running
from tests.servers import running

pytestmark = pytest.mark.slow


def test_what_another_service_writes_into_redis_is_told(tmp_path: Path) -> None:
    with (
        redis_running() as redis,
        running(tmp_path / "data", REDIS_URL=redis.url) as server,
        client.Redis(port=redis.port) as other,
        httpx2.Client(base_url=server.url, timeout=60) as api,
    ):
        after, told = 0, list[Any]()

        def next_one() -> None:
            nonlocal after
            query = {"after": after, "subject": "5", "wait": 30}
            page = api.get("/v1/events", params=query).json()
            after = page["next_after"]
            told.extend(page["data"])

        other.set("session:5", b'{"scriptText": "A lamp"}')
        next_one()
        other.set("session:5", b'{"scriptText": "Two lamps"}')
        next_one()
        other.delete("session:5")
        next_one()

    assert [event["type"] for event in told] == ["session.changed"] * 2 + ["session.deleted"]
    assert {event["org_id"] for event in told} == {"default"}
