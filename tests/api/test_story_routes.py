"""Sessions and notifications over HTTP: the document's bodies, wherever they are kept."""

import re
import threading
from collections.abc import Generator
from time import sleep
from typing import Any

import httpx2
import pytest

from tests.databases import PostgresServer, RedisServer
from tests.measuring import measured
from tests.servers import running

Json = dict[str, Any]
TIMESTAMP = 1738195200000
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SESSION: Json = {
    "timestamp": TIMESTAMP,
    "scriptText": "The lighthouse goes dark.",
    "episodeContext": "{}",
    "storyUuid": "59f64b1e-726a-439d-a6bc-0dfefcababdb",
    "promptMode": "storyswarm",
    "retrievalMode": "manual",
    "selectedLLM": "gemini",
    "analyzedEpisode": {
        "episodeNumber": 2,
        "title": "Dark",
        "scenes": [
            {
                "sceneNumber": 1,
                "beats": [
                    {"beatId": "s1-b1", "beat_script_text": "One", "new": {"ünï": [None, 1.5]}},
                    {"beatId": "s1-b2", "imageDecision": {"type": "REUSE_IMAGE"}},
                    {"beatId": "s1-b3", "imageDecision": {"type": "NEW_IMAGE"}},
                ],
            }
        ],
    },
    "unknown": {"kept": True},
}
BOTH = {"prompts": [{"beatId": name, "cinematic": "dark"} for name in ("s1-b1", "s1-b3")]}
STORES = ("sqlite", "postgresql", "redis")


@pytest.fixture(scope="module", params=STORES)
def storage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[str, str]]:
    """Where sessions are kept, and a server that keeps them there."""
    settings = dict(measured())
    if request.param == "redis":
        redis: RedisServer = request.getfixturevalue("redis_server")
        settings["REDIS_URL"] = redis.url
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres_server")
        settings["DATABASE_URL"] = postgres.new_database()
    with running(tmp_path_factory.mktemp("story") / "data", **settings) as server:
        yield request.param, server.url


@pytest.fixture
def api(storage: tuple[str, str], request: pytest.FixtureRequest) -> Generator[httpx2.Client]:
    """A client of an organisation of its own, so that the server can be shared."""
    name = re.sub(r"\W", "-", request.node.name)[:80]
    with httpx2.Client(
        base_url=f"{storage[1]}/api/v1", headers={"X-Org-ID": name}, timeout=30
    ) as client:
        yield client


def save(api: httpx2.Client, **more: Any) -> Json:
    answer = api.post("/session/save", json=SESSION | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def prompt(api: httpx2.Client, body: Json = BOTH) -> Json:
    answer = api.post(f"/session/{TIMESTAMP}/prompts", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pending(api: httpx2.Client, **query: Any) -> list[Json]:
    return api.get("/notifications/check", params=query).json()["notifications"]


def test_saving_says_where(api: httpx2.Client, storage: tuple[str, str]) -> None:
    assert save(api) == {"success": True, "storage": storage[0], "sessionTimestamp": TIMESTAMP}


def test_prompts_status_from_the_first_to_the_last(api: httpx2.Client) -> None:
    save(api)
    url = f"/session/{TIMESTAMP}/prompts-status"

    first = api.get(url)
    taken = prompt(api, {"prompts": {"s1-b1": {"cinematic": "dark"}}})
    prompt(api)
    last = api.get(url)

    assert (first.status_code, last.status_code) == (200, 200)
    told = first.json()
    assert TIME.fullmatch(told.pop("lastUpdated"))
    assert told == {
        "promptsReady": False,
        "sessionTimestamp": TIMESTAMP,
        "totalBeats": 3,
        "totalPrompts": 0,
    }
    assert taken == {
        "success": True,
        "sessionTimestamp": TIMESTAMP,
        "updated": 1,
        "promptsReady": False,
        "totalBeats": 3,
        "totalPrompts": 1,
    }
    assert (last.json()["promptsReady"], last.json()["totalPrompts"]) == (True, 2)


def test_a_session_comes_back_whole(api: httpx2.Client) -> None:
    save(api)

    one, newest, listed = (
        api.get(f"/session/{path}").json() for path in (TIMESTAMP, "latest", "list")
    )

    assert one == newest == {"success": True, "data": SESSION}
    fields = ("timestamp", "scriptText", "storyUuid", "analyzedEpisode")
    assert listed == {
        "success": True,
        "sessions": [{name: SESSION[name] for name in fields}],
        "count": 1,
        "next": None,
    }


def test_sessions_are_listed_page_by_page(api: httpx2.Client) -> None:
    for timestamp in (1, 2, 3):
        save(api, timestamp=timestamp)

    first = api.get("/session/list", params={"limit": 2}).json()
    rest = api.get("/session/list", params={"limit": 2, "before": first["next"]}).json()

    assert [one["timestamp"] for one in first["sessions"] + rest["sessions"]] == [3, 2, 1]
    assert rest["next"] is None


@pytest.mark.parametrize("name", ["list", "latest", "save"])
def test_the_routes_beside_sessions_are_no_sessions(name: str, api: httpx2.Client) -> None:
    answer = api.delete(f"/session/{name}")

    assert answer.status_code == 405
    assert "DELETE" not in answer.headers["Allow"]


def test_a_session_is_deleted(api: httpx2.Client) -> None:
    save(api)

    done, again = (api.delete(f"/session/{TIMESTAMP}") for _ in range(2))

    assert (done.status_code, done.json()) == (
        200,
        {"success": True, "sessionTimestamp": TIMESTAMP},
    )
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/session/5/prompts-status", {"promptsReady": False}),
        ("GET", "/session/5", {"success": False}),
        ("GET", "/session/latest", {"success": False}),
        ("DELETE", "/session/5", {"success": False}),
        ("POST", "/session/5/prompts", {"success": False}),
        ("POST", "/trigger/beats-ready", {"success": False}),
    ],
)
def test_a_session_that_is_not_there_has_the_documented_body(
    method: str, path: str, body: Json, api: httpx2.Client
) -> None:
    sent = {"prompts": {"a": "x"}, "sessionTimestamp": 5} if method == "POST" else None

    answer = api.request(method, path, json=sent)

    assert (answer.status_code, answer.json()) == (404, body | {"error": "Session not found"})


HOSTILE = (
    "*",
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e",
    "-1",
    "1e3",
    "007",
    "9" * 400,
    "99999999999999999",
    "%D9%A1",
    "%EF%BC%91",
    "1%00",
    "1%0a",
    "1%20",
    "[0-9]",
    "1%27%20OR%201=1",
    "%ff",
    "org:acme:session:1",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_is_no_timestamp_finds_nothing(name: str, api: httpx2.Client) -> None:
    save(api, timestamp=1)

    answers = [
        api.get(f"/session/{name}/prompts-status"),
        api.get(f"/session/{name}"),
        api.delete(f"/session/{name}"),
        api.post(f"/session/{name}/prompts", json=BOTH),
        api.post(f"/notifications/{name}/ack"),
    ]

    assert {answer.status_code for answer in answers} <= {404, 405}
    assert api.get("/session/1").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/session/save", "[]", ["body"]),
        ("/session/save", "{", ["body"]),
        ("/session/save", '{"timestamp": "today"}', ["body", "timestamp"]),
        (
            "/session/save",
            '{"analyzedEpisode": {"scenes": 1}}',
            ["body", "analyzedEpisode", "scenes"],
        ),
        ("/session/save", '{"n": NaN}', ["body"]),
        ("/session/save", '{"deep": ' + "[" * 100_000 + "]" * 100_000 + "}", ["body"]),
        (f"/session/{TIMESTAMP}/prompts", "{}", ["body", "prompts"]),
        (f"/session/{TIMESTAMP}/prompts", '{"prompts": {"\\ud800": 1}}', ["body", "prompts", "?"]),
        (f"/session/{TIMESTAMP}/prompts", '{"prompts": {"z": "x"}}', ["body", "prompts", "z"]),
        ("/trigger/beats-ready", "{}", ["body", "sessionTimestamp"]),
        ("/trigger/beats-ready", '{"sessionTimestamp": -1}', ["body", "sessionTimestamp"]),
        (
            "/trigger/beats-ready",
            '{"sessionTimestamp": 1, "totalBeats": true}',
            ["body", "totalBeats"],
        ),
    ],
)
def test_what_cannot_be_taken_is_named(
    path: str, body: str, where: list[str], api: httpx2.Client
) -> None:
    save(api)

    answer = api.post(path, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"][0]["loc"] == where


def test_a_body_that_is_not_said_to_be_json_is_refused(api: httpx2.Client) -> None:
    answer = api.post("/session/save", content="{}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 422
    assert "Content-Type: application/json" in answer.json()["detail"][0]["msg"]


def test_half_a_sign_survives(api: httpx2.Client) -> None:
    body = (
        '{"timestamp": 1, "storyUuid": "\\ud83d", "analyzedEpisode": {"beats": [{"prompts": "x"}]}}'
    )
    api.post("/session/save", content=body, headers={"Content-Type": "application/json"})

    assert api.get("/session/1").json()["data"]["storyUuid"] == "\ud83d"
    assert pending(api)[0]["storyUuid"] == "?"


def test_large_sessions_are_taken_and_larger_ones_refused(api: httpx2.Client) -> None:
    mib = 1024 * 1024
    save(api, timestamp=1, scriptText="x" * (20 * mib))
    whole = api.get("/session/1")
    refused = api.post("/session/save", json={"scriptText": "x" * (33 * mib)})
    prompts = api.post("/session/1/prompts", json={"prompts": {"s1-b1": "x" * mib}})

    assert len(whole.content) > 20 * mib
    assert refused.status_code == 413
    assert "at most 32 MiB" in refused.json()["detail"]
    assert prompts.status_code == 200


def test_a_notification_from_its_making_to_its_end(api: httpx2.Client) -> None:
    save(api)
    prompt(api)

    [told] = pending(api)
    name = told["id"]
    acknowledged = [api.post(f"/notifications/{name}/ack") for _ in range(2)]

    assert TIME.fullmatch(told["timestamp"])
    assert re.fullmatch(r"notif_[0-9a-f]+", name)
    assert {k: told[k] for k in told if k not in {"id", "timestamp"}} == {
        "type": "prompts_ready",
        "sessionTimestamp": TIMESTAMP,
        "storyUuid": SESSION["storyUuid"],
        "episodeNumber": 2,
        "totalPrompts": 2,
    }
    for answer in acknowledged:
        assert (answer.status_code, answer.json()) == (
            200,
            {"success": True, "notificationId": name},
        )
    assert pending(api) == []
    unknown = api.post("/notifications/notif_unknown/ack")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"success": False, "error": "Notification not found"},
    )


def test_one_cause_makes_one_notification(api: httpx2.Client) -> None:
    save(api)
    for _ in range(3):
        prompt(api)
        api.get(f"/session/{TIMESTAMP}/prompts-status")
    save(api)
    prompt(api, {"prompts": {"s1-b1": {"vertical": "tall"}}})
    assert len(pending(api)) == 1

    changed = {"beats": [{"beatId": "s1-b1", "beat_script_text": "Other"}]}
    save(api, analyzedEpisode=changed)
    prompt(api, {"prompts": {"s1-b1": "x"}})

    assert [one["totalPrompts"] for one in pending(api)] == [2, 1]


def test_prompts_that_are_made_anew_are_told_again(api: httpx2.Client) -> None:
    def saved_and_told(text: str) -> int:
        api.delete(f"/session/{TIMESTAMP}")
        save(api)
        prompt(api, {"prompts": {"s1-b1": text, "s1-b3": text}})
        told = pending(api)
        for one in told:
            api.post(f"/notifications/{one['id']}/ack")
        return len(told)

    assert [saved_and_told(text) for text in ("dark", "darker", "dark")] == [1, 1, 0]


def test_beats_are_announced_once(api: httpx2.Client) -> None:
    save(api)
    body = {
        "sessionTimestamp": TIMESTAMP,
        "storyUuid": "other",
        "episodeNumber": 7,
        "totalBeats": 9,
    }

    first, again = (api.post("/trigger/beats-ready", json=body) for _ in range(2))

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert first.status_code == 202
    assert pending(api) == []
    [told] = pending(api, type="beats_ready")
    assert first.json() == {"success": True, "notificationId": told["id"]}
    del told["id"], told["timestamp"]
    assert told == {
        "type": "beats_ready",
        "sessionTimestamp": TIMESTAMP,
        "storyUuid": "other",
        "episodeNumber": 7,
        "totalPrompts": 0,
        "totalBeats": 9,
    }


def test_notifications_are_chosen_and_grouped(api: httpx2.Client) -> None:
    for timestamp, story in ((1, "a"), (2, "b"), (3, "a")):
        beats = {"beats": [{"beatId": "x", "prompts": "x"}]}
        save(api, timestamp=timestamp, storyUuid=story, analyzedEpisode=beats)
    api.post("/trigger/beats-ready", json={"sessionTimestamp": 2})
    every = pending(api, type=["beats_ready", "prompts_ready"])

    assert every == pending(api, type="all")
    assert [one["sessionTimestamp"] for one in every] == [1, 2, 3, 2]
    assert pending(api, type="all", limit=2) == every[:2]
    assert pending(api, type="all", since="2020-01-01T00:00:00Z") == every
    assert pending(api, type="all", since=every[0]["timestamp"]) == every
    assert pending(api, type="all", since=4_000_000_000_000) == []
    groups = api.get("/notifications/check", params={"group": "story"}).json()["groups"]
    assert [(one["storyUuid"], one["count"]) for one in groups] == [("a", 2), ("b", 1)]
    assert [one["sessionTimestamp"] for one in groups[0]["notifications"]] == [1, 3]


@pytest.mark.parametrize(
    "query",
    [
        {"type": "other"},
        {"since": "yesterday"},
        {"since": "9" * 30},
        {"since": "0001-01-01T00:00:00+14:00"},
        {"limit": 0},
        {"limit": 1001},
        {"wait": -1},
        {"wait": "nan"},
        {"wait": 31},
        {"group": "x"},
    ],
)
def test_a_query_that_makes_no_sense_is_refused(query: Json, api: httpx2.Client) -> None:
    answer = api.get("/notifications/check", params=query)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][:2] == ["query", *query]


def test_who_waits_is_told_as_soon_as_there_is_something(api: httpx2.Client) -> None:
    save(api)
    told: list[Json] = []

    def wait() -> None:
        # The client gives up long before the wait is over.
        answer = api.get("/notifications/check", params={"wait": 30}, timeout=20)
        told.extend(answer.json()["notifications"])

    waiting = threading.Thread(target=wait)
    waiting.start()
    sleep(0.3)
    prompt(api)
    waiting.join()

    assert len(told) == 1


def test_who_waits_for_nothing_gets_nothing(api: httpx2.Client) -> None:
    assert pending(api, wait=0.05) == []


def test_organisations_do_not_see_each_other(api: httpx2.Client) -> None:
    save(api)
    prompt(api)
    [told] = pending(api)
    api.headers["X-Org-ID"] = "somebody-else"

    assert api.get(f"/session/{TIMESTAMP}").status_code == 404
    assert api.get(f"/session/{TIMESTAMP}/prompts-status").status_code == 404
    assert api.delete(f"/session/{TIMESTAMP}").status_code == 404
    assert api.post(f"/session/{TIMESTAMP}/prompts", json=BOTH).status_code == 404
    assert api.get("/session/latest").status_code == 404
    assert api.get("/session/list").json()["count"] == 0
    assert pending(api, type="all") == []
    assert api.post(f"/notifications/{told['id']}/ack").status_code == 404


def test_a_page_of_this_machine_may_call(api: httpx2.Client) -> None:
    origin = "http://localhost:5173"
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "content-type,authorization",
    }

    preflight = api.options(f"/session/{TIMESTAMP}/prompts-status", headers=asked)
    answer = api.get("/session/5", headers={"Origin": origin})

    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == origin
    assert "content-type" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_a_page_of_a_stranger_may_not(api: httpx2.Client) -> None:
    origins = (
        "https://evil.example",
        "http://localhost.evil.example",
        "http://localhost:1@evil",
        "null",
    )

    allowed = [api.get("/session/list", headers={"Origin": origin}).headers for origin in origins]

    assert [one for one in allowed if "Access-Control-Allow-Origin" in one] == []
