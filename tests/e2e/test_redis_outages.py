"""Redis fails in every way under a real server: nobody notices, but `/readyz`."""

import json
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.adapters.redis.outages import OUTAGES, command
from tests.databases import RedisServer, redis_running
from tests.servers import Running, running

Json = dict[str, Any]
LIMIT_S = 50
ENDED = {"completed", "failed"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def redis() -> Generator[RedisServer]:
    with redis_running() as server:
        yield server


@pytest.fixture(scope="module")
def server(
    redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Running, httpx2.Client]]:
    folder: Path = tmp_path_factory.mktemp("outages") / "data"
    with (
        running(folder, REDIS_URL=redis.url) as server,
        httpx2.Client(base_url=server.url, timeout=30) as client,
    ):
        yield server, client


@pytest.fixture
def client(server: tuple[Running, httpx2.Client]) -> httpx2.Client:
    return server[1]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def submit(client: httpx2.Client, number: int) -> str:
    body = {"file_content": f"x = {number}", "file_name": "x.py", "format": "square"}
    answer = client.post("/storyboard/code", json=body)
    assert answer.status_code == 202
    url: str = answer.json()["poll_url"]
    return url


def polled(client: httpx2.Client, url: str) -> Json:
    answer = client.get(url)
    assert answer.status_code == 200
    body: Json = answer.json()
    return body


def ready(client: httpx2.Client) -> tuple[str, str]:
    said = client.get("/readyz").json()
    return said["status"], said["checks"]["hot"]


@pytest.mark.parametrize("name", list(OUTAGES))
def test_jobs_are_accepted_run_and_polled_while_redis_is_away(
    name: str, client: httpx2.Client, redis: RedisServer
) -> None:
    outage = OUTAGES[name]
    before = submit(client, 1)

    outage.break_it(redis)
    try:
        during = submit(client, 2)
        until(lambda: polled(client, before)["status"] in ENDED)
        until(lambda: polled(client, during)["status"] in ENDED)
        status, says = ready(client)
    finally:
        outage.mend(redis)
    until(lambda: ready(client) == ("ready", "ok"))
    # What was shown of the jobs when Redis went away is not there for ever.
    until(lambda: command(redis, "KEYS", "storyboard:job:*") == [])
    after = submit(client, 3)
    until(lambda: polled(client, after)["status"] in ENDED)

    assert {polled(client, url)["status"] for url in (before, during, after)} == {"completed"}
    assert status == "degraded"
    assert outage.says in says


def test_an_outage_is_two_lines_in_the_log(
    server: tuple[Running, httpx2.Client], redis: RedisServer
) -> None:
    process, client = server
    # An outage of before has to be over, or this one is no new one.
    until(
        lambda: process.said.count("hot state is back") == process.said.count("hot state is away")
    )
    mark = len(process.said)
    redis.stop()
    for number in range(5):
        submit(client, number)
    redis.start()
    until(lambda: "hot state is back" in process.said[mark:])

    said = process.said[mark:]
    assert said.count("hot state is away") == 1
    assert said.count("hot state is back") == 1
    assert "Traceback" not in said


def test_hot_state_that_outlived_its_job_is_not_believed(
    server: tuple[Running, httpx2.Client], redis: RedisServer
) -> None:
    process, client = server

    def outages() -> int:
        return process.said.count("hot state is away")

    def asked_in_peace() -> bool:
        """Whether Redis was at hand for the poll: on a busy machine it may be found too slow."""
        until(lambda: process.said.count("hot state is back") == outages())
        before = outages()
        command(redis, "FLUSHALL")
        url = submit(client, 4)
        job_id = url.rpartition("/")[2]
        until(lambda: newest(client)["status"] in ENDED)
        until(lambda: command(redis, "KEYS", "storyboard:job:*") == [])
        stale = {"status": "processing", "org_id": "default", "created_at": "2026-01-01T00:00:00Z"}
        command(redis, "SET", f"storyboard:job:{job_id}", json.dumps(stale))
        assert polled(client, url)["status"] == "completed"
        return outages() == before

    until(asked_in_peace)
    until(lambda: command(redis, "KEYS", "storyboard:job:*") == [])


def newest(client: httpx2.Client) -> Json:
    job: Json = client.get("/storyboard/jobs", params={"limit": 1}).json()["jobs"][0]
    return job


def test_what_is_in_redis_is_the_documented_answer(
    client: httpx2.Client, redis: RedisServer
) -> None:
    seen: list[bytes] = []

    def shown() -> bool:
        url = submit(client, 5)
        key = f"storyboard:job:{url.rpartition('/')[2]}"
        seen.append(command(redis, "GET", key) or b"null")
        return json.loads(seen[-1]) is not None

    until(shown)

    answer = json.loads(seen[-1])
    assert answer["status"] in {"pending", "processing"}
    assert answer["result_image"] is None
    assert answer["completed_at"] is None
