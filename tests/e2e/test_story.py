"""Two API processes on one Redis, beside services that read and write it themselves."""

import json
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import httpx2
import pytest

from tests.databases import RedisServer, redis_running
from tests.servers import Running, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def redis_server() -> Generator[RedisServer]:
    with redis_running() as server:
        yield server


@pytest.fixture(scope="module")
def servers(
    redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Running, Running]]:
    folder = tmp_path_factory.mktemp("two")
    url = redis_server.url
    with (
        running(folder / "first", REDIS_URL=url) as first,
        running(folder / "second", REDIS_URL=url) as second,
    ):
        yield first, second


@pytest.fixture
def apis(
    servers: tuple[Running, Running], redis_server: RedisServer
) -> Generator[tuple[httpx2.Client, httpx2.Client]]:
    redis_server.flush()
    first, second = (httpx2.Client(base_url=f"{s.url}/api/v1", timeout=30) for s in servers)
    with first, second:
        yield first, second


def beats(*prompts: object, text: str = "Text") -> Json:
    """A session whose beats have these prompts."""
    found = [
        {"beatId": f"b{place}", "beat_script_text": text, "prompts": prompt}
        for place, prompt in enumerate(prompts)
    ]
    return {"storyUuid": "59f64b1e", "analyzedEpisode": {"episodeNumber": 2, "beats": found}}


def pending(api: httpx2.Client, **query: Any) -> list[Json]:
    return api.get("/notifications/check", params=query).json()["notifications"]


def all_at_once(*calls: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def test_the_script_of_the_document(apis: tuple[httpx2.Client, httpx2.Client]) -> None:
    """Its end-to-end test, from the saving of beats to the end of the notification."""
    art, swarm = apis
    body = {"promptMode": "storyswarm"} | beats(None, None)
    timestamp = art.post("/session/save", json=body).json()["sessionTimestamp"]
    art.post("/trigger/beats-ready", json={"sessionTimestamp": timestamp})
    status = f"/session/{timestamp}/prompts-status"
    assert art.get(status).json()["promptsReady"] is False

    [wanted] = pending(swarm, type="beats_ready", wait=5)
    swarm.post(f"/notifications/{wanted['id']}/ack")
    kinds = {"prompts": {name: {"cinematic": "dark"} for name in ("b0", "b1")}}
    swarm.post(f"/session/{wanted['sessionTimestamp']}/prompts", json=kinds)

    told = art.get(status).json()
    del told["lastUpdated"]
    assert told == {
        "promptsReady": True,
        "sessionTimestamp": timestamp,
        "totalBeats": 2,
        "totalPrompts": 2,
    }
    [ready] = pending(art)
    assert ready["sessionTimestamp"] == timestamp
    art.post(f"/notifications/{ready['id']}/ack")
    assert pending(swarm, type="all") == []


def test_prompts_that_another_service_writes_are_told_at_once(
    apis: tuple[httpx2.Client, httpx2.Client], redis_server: RedisServer
) -> None:
    first, second = apis
    with redis_server.client() as client:
        other: Any = client
        other.set("session:5", json.dumps(beats("dark", None)))
        assert first.get("/session/5/prompts-status").json()["totalPrompts"] == 1
        assert second.get("/session/list").json()["sessions"][0]["timestamp"] == 5

        with ThreadPoolExecutor() as pool:
            waits = [pool.submit(pending, api, wait=25) for api in apis]
            sleep(0.3)
            other.set("session:5", json.dumps(beats("dark", "light")))
            told = [wait.result() for wait in waits]

        assert told[0] == told[1]
        assert [one["sessionTimestamp"] for one in told[0]] == [5]
        [member] = other.zrange("notifications:pending", 0, -1)
    assert json.loads(member)["id"] == told[0][0]["id"]
    assert json.loads(member)["acknowledged"] is False


def test_two_processes_make_one_notification_of_one_cause(
    apis: tuple[httpx2.Client, httpx2.Client], redis_server: RedisServer
) -> None:
    kinds = {"prompts": {"b0": "dark"}}
    with redis_server.client() as client:
        other: Any = client
        for timestamp in range(10, 20):
            other.set(f"session:{timestamp}", json.dumps(beats(None)))

    def poll(api: httpx2.Client) -> None:
        for timestamp in range(10, 20):
            api.get(f"/session/{timestamp}/prompts-status")
            api.post(f"/session/{timestamp}/prompts", json=kinds)
            api.get(f"/session/{timestamp}/prompts-status")

    all_at_once(*(lambda api=api: poll(api) for api in apis * 3))

    told = pending(apis[0], type="all")
    assert sorted(one["sessionTimestamp"] for one in told) == list(range(10, 20))
    assert pending(apis[1], type="all") == told
    for one in told:
        apis[1].post(f"/notifications/{one['id']}/ack")
    all_at_once(*(lambda api=api: poll(api) for api in apis))
    assert pending(apis[0], type="all") == []


def test_what_was_there_before_us_is_not_announced(
    apis: tuple[httpx2.Client, httpx2.Client], redis_server: RedisServer, servers: Any
) -> None:
    with redis_server.client() as client:
        other: Any = client
        # Written without a word: as if it had been there before the process began.
        other.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        other.set("session:5", json.dumps(beats("dark")))

    apis[0].get("/session/list")
    apis[0].get("/session/latest")

    assert pending(apis[0], type="all") == []
    assert apis[0].get("/session/5/prompts-status").json()["promptsReady"] is True
    assert len(pending(apis[1])) == 1


def test_a_text_that_is_no_session_is_said_to_be_so(
    apis: tuple[httpx2.Client, httpx2.Client], redis_server: RedisServer
) -> None:
    with redis_server.client() as client:
        other: Any = client
        other.set("session:5", b"\xff not JSON")
        other.lpush("session:6", b"a list")
        other.set("session:7", b'{"analyzedEpisode": {"beats": [{"n": NaN}]}}')

    for timestamp in (5, 6, 7):
        answer = apis[0].get(f"/session/{timestamp}/prompts-status")
        assert answer.status_code == 404
        assert answer.json()["promptsReady"] is False
        assert "cannot be read" in answer.json()["error"]
        assert apis[0].get(f"/session/{timestamp}").status_code == 404
    assert apis[0].get("/session/list").json() == {
        "success": True,
        "sessions": [],
        "count": 0,
        "next": None,
    }


def test_a_stop_sends_away_who_waits(
    redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    redis_server.flush()
    folder = tmp_path_factory.mktemp("stop")
    with (
        running(folder / "data", REDIS_URL=redis_server.url) as server,
        httpx2.Client(base_url=f"{server.url}/api/v1", timeout=30) as api,
        ThreadPoolExecutor() as pool,
    ):
        waiting = pool.submit(pending, api, wait=30)
        sleep(0.5)

        assert server.stop() == 0
        assert waiting.result() == []
