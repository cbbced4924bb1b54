"""Events as clients see them: pages, streams, and WebSockets, over a real server."""

import json
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.events.reading import STREAM, Frame, frames
from tests.measuring import measured
from tests.servers import Running, running

CODE = {"file_content": "def roi():\n    return 1\n", "file_name": "roi.py"}
TYPES = [
    "job.accepted",
    "job.started",
    *["job.progress"] * 4,
    "job.completed",
]
Finish = Callable[[httpx2.Response], dict[str, Any]]


def accept(client: httpx2.Client, org_id: str) -> str:
    answer = client.post("/storyboard/code", json=CODE, headers={"X-Org-ID": org_id})
    assert answer.status_code == 202
    return answer.json()["job_id"]


def followed(client: httpx2.Client, path: str, org_id: str, **headers: str) -> list[Frame]:
    """A stream, to its end."""
    sent = {"X-Org-ID": org_id} | STREAM | headers
    with client.stream("GET", path, headers=sent, timeout=50) as answer:
        assert answer.status_code == 200, answer.read()
        return list(frames(answer.iter_lines()))


def page(client: httpx2.Client, org_id: str, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/v1/events{query}", headers={"X-Org-ID": org_id}, timeout=50)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_job_is_followed_to_its_end(client: httpx2.Client) -> None:
    job_id = accept(client, "stream-1")

    seen = followed(client, f"/v1/jobs/{job_id}/events?after=0", "stream-1")

    snapshot, *events, end = seen
    assert (snapshot.name, snapshot.id, snapshot.data["id"]) == ("snapshot", 0, job_id)
    assert [event.name for event in events] == TYPES
    assert [event.id for event in events] == [event.data["seq"] for event in events]
    assert sorted({event.id or 0 for event in events}) == [event.id for event in events]
    assert (end.name, end.data) == ("end", {"reason": "job_ended"})


def test_a_job_may_be_named_in_capitals(client: httpx2.Client) -> None:
    job_id = accept(client, "stream-3")

    seen = followed(client, f"/v1/jobs/{job_id.upper()}/events?after=0", "stream-3")

    assert [frame.name for frame in seen] == ["snapshot", *TYPES, "end"]


def test_a_job_that_has_ended_gives_its_snapshot_and_its_end(
    client: httpx2.Client, finish: Finish
) -> None:
    answer = client.post("/storyboard/code", json=CODE, headers={"X-Org-ID": "stream-2"})
    path = f"/v1/jobs/{answer.json()['job_id']}/events"
    headers = {"X-Org-ID": "stream-2"}
    while client.get(answer.json()["poll_url"], headers=headers).json()["status"] != "completed":
        pass

    seen = followed(client, path, "stream-2")
    past = [frame for frame in followed(client, f"{path}?after=0", "stream-2") if frame.is_event]
    cut_off = past[3].id
    rest = followed(client, path, "stream-2", **{"Last-Event-ID": str(cut_off)})
    nothing = followed(client, path, "stream-2", **{"Last-Event-ID": str(past[-1].id)})

    assert [frame.name for frame in seen] in (["snapshot", "end"], ["snapshot", TYPES[-1], "end"])
    assert seen[0].data["status"] == "succeeded"
    assert [frame.name for frame in past] == TYPES
    assert [frame.name for frame in rest] == ["snapshot", *TYPES[4:], "end"]
    assert [frame.name for frame in nothing] == ["snapshot", "end"]


def test_the_head_of_a_stream(client: httpx2.Client) -> None:
    with client.stream("GET", "/v1/events?wait=0", headers=STREAM) as answer:
        head = answer.headers
        body = answer.read()

    assert head["Content-Type"] == "text/event-stream"
    assert head["Cache-Control"] == "no-store"
    assert head["X-Accel-Buffering"] == "no"
    assert "X-Request-Id" in head
    assert b"\nretry: 2000\nevent: ready\n" in body
    assert body.endswith(b'event: dropped\ndata: {"reason":"time_over"}\n\n')


def test_pages_go_on_where_they_ended(client: httpx2.Client) -> None:
    job_id = accept(client, "pages")
    seen: list[dict[str, Any]] = []
    after = 0
    while not seen or seen[-1]["type"] != "job.completed":
        found = page(client, "pages", f"?after={after}&limit=2&wait=30")
        assert len(found["data"]) <= 2
        seen += found["data"]
        after = found["next_after"]

    assert [event["type"] for event in seen] == TYPES
    assert seen[0].keys() == {"seq", "id", "type", "at", "org_id", "subject", "data"}
    assert seen[0]["subject"] == {"kind": "code_to_storyboard", "id": job_id}
    assert seen[-1]["data"]["status"] == "succeeded"
    assert page(client, "pages", f"?after={after}")["data"] == []
    chosen = page(client, "pages", f"?after=0&type=job.started&type=job.completed&subject={job_id}")
    assert [event["type"] for event in chosen["data"]] == ["job.started", "job.completed"]
    assert page(client, "pages", "?after=0&subject=other")["data"] == []
    assert page(client, "others", "?after=0")["data"] == []


def test_notifications_are_told_too(client: httpx2.Client) -> None:
    headers = {"X-Org-ID": "notes"}
    beats = {"beatId": "b1", "beatText": "A ship"}
    episode = {"episodeNumber": 1, "scenes": [{"sceneNumber": 1, "beats": [beats]}]}
    saved = {"timestamp": 1738195200000, "analyzedEpisode": episode}
    assert client.post("/api/v1/session/save", json=saved, headers=headers).status_code == 200
    body = {"sessionTimestamp": 1738195200000}
    made = client.post("/api/v1/trigger/beats-ready", json=body, headers=headers).json()
    name = made["notificationId"]
    for _ in range(2):
        client.post(f"/api/v1/notifications/{name}/ack", headers=headers)

    about = f"subject={name}&wait=30"
    first = page(client, "notes", f"?{about}&limit=1")
    second = page(client, "notes", f"?{about}&after={first['next_after']}")

    (created,), (acknowledged,) = first["data"], second["data"]
    assert (created["type"], created["subject"]["id"]) == ("notification.created", name)
    assert created["data"]["type"] == "beats_ready"
    assert (acknowledged["type"], acknowledged["subject"]) == (
        "notification.acknowledged",
        created["subject"],
    )


def test_sessions_are_told_of_without_their_text(client: httpx2.Client) -> None:
    headers, name = {"X-Org-ID": "writers"}, "1738195200000"
    secret = {"timestamp": int(name), "scriptText": "NOBODY MAY READ THIS"}
    for body in (secret, secret, secret | {"storyUuid": "x"}):
        assert client.post("/api/v1/session/save", json=body, headers=headers).status_code == 200
    client.delete(f"/api/v1/session/{name}", headers=headers)

    about = f"?after=0&subject={name}"
    assert page(client, "writers", f"{about}&wait=30&type=session.deleted")["data"]
    told = page(client, "writers", about)["data"]
    assert [event["type"] for event in told] == ["session.changed"] * 2 + ["session.deleted"]
    assert {event["subject"]["kind"] for event in told} == {"session"}
    assert "NOBODY" not in json.dumps(told)
    assert told[0]["data"]["revision"] != told[1]["data"]["revision"]
    assert page(client, "others", f"?after=0&subject={name}")["data"] == []


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/v1/events", {"Accept": "text/html"}, 406, "not_acceptable"),
        ("/v1/jobs/x/events", {"Accept": "application/json"}, 406, "not_acceptable"),
        ("/v1/jobs/x/events", STREAM, 404, "work_not_found"),
        ("/v1/jobs/59f64b1e-726a-439d-a6bc-0dfefcababdb/events", {}, 404, "work_not_found"),
        ("/v1/events?after=999999999", {}, 410, "events_gone"),
        ("/v1/events?after=999999999", STREAM, 410, "events_gone"),
        ("/v1/events?after=-1", {}, 422, "invalid_input"),
        ("/v1/events", {"Last-Event-ID": "x"}, 422, "invalid_input"),
        ("/v1/events?type=job.exploded", {}, 422, "invalid_input"),
        ("/v1/events?subject=%00", {}, 422, "invalid_input"),
    ],
)
def test_what_is_refused(
    client: httpx2.Client, path: str, headers: dict[str, str], *, status: int, code: str
) -> None:
    answer = client.get(path, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@contextmanager
def socket(url: str, path: str = "/v1/events/ws", **options: Any) -> Generator[ClientConnection]:
    address = f"ws{url.removeprefix('http')}{path}"
    # The library's own types are not whole.
    made = cast("Any", connect)(address, open_timeout=20, **options)
    opened: ClientConnection
    with made as opened:
        yield opened


def test_a_web_socket_carries_the_same_envelopes(server: str, client: httpx2.Client) -> None:
    sent = {"X-Org-ID": "socket"}
    with socket(server, additional_headers=sent) as opened:
        ready = json.loads(opened.recv(10))
        accept(client, "socket")
        told = [json.loads(opened.recv(50)) for _ in TYPES]
        opened.send("whatever")
    query = f"?after={told[2]['seq']}&type=job.completed"
    with socket(server, f"/v1/events/ws{query}", additional_headers=sent) as again:
        rest = [json.loads(again.recv(10)) for _ in range(2)]

    assert ready["type"] == "ready"
    assert [event["type"] for event in told] == TYPES
    assert told == page(client, "socket", "?after=0")["data"]
    assert rest[1] == told[-1]


def test_a_web_socket_is_refused_like_a_request(server: str) -> None:
    for path, status in (
        ("/v1/events/ws?after=999999999", 410),
        ("/v1/events/ws?after=x", 422),
        ("/v1/events/ws?type=job.exploded", 422),
        ("/v1/nothing", 403),
    ):
        with pytest.raises(InvalidStatus) as refused, socket(server, path):
            pass
        assert refused.value.response.status_code == status


def test_pages_of_strangers_open_no_web_socket(server: str) -> None:
    with pytest.raises(InvalidStatus) as refused, socket(server, origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403
    assert b"STORYLOOM_CORS_ORIGINS" in (refused.value.response.body or b"")

    with socket(server, origin="http://localhost:5173") as opened:
        assert json.loads(opened.recv(10))["type"] == "ready"


KEY = "an-operators-key-of-at-least-32-letters"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    folder = tmp_path_factory.mktemp("guarded") / "data"
    options = {
        "STORYLOOM_ADMIN_KEY": KEY,
        "STORYLOOM_EVENT_STREAMS": "4",
        "STORYLOOM_LOG_LEVEL": "debug",
        **measured(),
    }
    with running(folder, **options) as server:
        yield server


def test_a_web_socket_needs_a_key_in_a_header_or_among_its_protocols(guarded: Running) -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"subprotocols": ["storyloom.events.v1", "bearer.wrong"]},
        {"additional_headers": {"Authorization": "Bearer wrong"}},
    ]
    for options in wrong:
        with pytest.raises(InvalidStatus) as refused, socket(guarded.url, **options):
            pass
        assert refused.value.response.status_code == 401

    with socket(guarded.url, additional_headers={"Authorization": f"Bearer {KEY}"}) as opened:
        assert json.loads(opened.recv(10))["type"] == "ready"
    with socket(
        guarded.url, subprotocols=["storyloom.events.v1", f"bearer.{KEY}"]
    ) as from_a_browser:
        assert from_a_browser.subprotocol == "storyloom.events.v1"
        assert json.loads(from_a_browser.recv(10))["type"] == "ready"
    assert KEY not in guarded.said


def test_a_key_sees_what_it_covers(guarded: Running) -> None:
    with httpx2.Client(base_url=guarded.url, timeout=50) as client:
        operator = {"Authorization": f"Bearer {KEY}", "X-Org-ID": "acme"}
        body = {"name": "stories", "scopes": ["stories"], "org_id": "acme"}
        made = client.post("/v1/keys", json=body, headers=operator).json()
        key = {"Authorization": f"Bearer {made['key']}"}
        job = client.post("/storyboard/code", json=CODE, headers=operator).json()["job_id"]
        seen = client.get(f"/v1/events?after=0&wait=30&subject={job}", headers=operator)
        hidden = client.get("/v1/events?after=0", headers=key).json()["data"]
        not_found = client.get(f"/v1/jobs/{job}/events", headers=key)
        gpu = client.post("/v1/keys", json=body | {"scopes": ["gpu"]}, headers=operator).json()
        refused = client.get("/v1/events", headers={"Authorization": f"Bearer {gpu['key']}"})

    assert seen.json()["data"][0]["type"] == "job.accepted"
    assert hidden == []
    assert not_found.status_code == 404
    assert refused.status_code == 403


def test_a_socket_hears_nothing_of_another_organisation(guarded: Running) -> None:
    operator = {"Authorization": f"Bearer {KEY}"}
    with httpx2.Client(base_url=guarded.url, timeout=50) as client, ExitStack() as open_:
        keys: dict[str, dict[str, str]] = {}
        hears: dict[str, ClientConnection] = {}
        for org_id in ("ours", "theirs"):
            body = {"name": org_id, "scopes": ["storyboards"], "org_id": org_id}
            made = client.post("/v1/keys", json=body, headers=operator).json()
            keys[org_id] = {"Authorization": f"Bearer {made['key']}"}
            opened = socket(guarded.url, additional_headers=keys[org_id])
            hears[org_id] = open_.enter_context(opened)
            assert json.loads(hears[org_id].recv(10))["type"] == "ready"

        # What leaks from one to the other comes before the next that is its own.
        for org_id in ("ours", "theirs", "ours"):
            made = client.post("/storyboard/code", json=CODE, headers=keys[org_id]).json()
            told = [json.loads(hears[org_id].recv(50)) for _ in TYPES]

            assert [event["type"] for event in told] == TYPES
            assert {event["org_id"] for event in told} == {org_id}
            assert {event["subject"]["id"] for event in told} == {made["job_id"]}


def test_no_more_follow_than_may(guarded: Running) -> None:
    key = {"Authorization": f"Bearer {KEY}"}
    with (
        httpx2.Client(base_url=guarded.url, headers=key, timeout=50) as client,
        ExitStack() as open_,
    ):
        lines = [
            open_.enter_context(client.stream("GET", "/v1/events", headers=STREAM)).iter_lines()
            for _ in range(2)
        ]
        assert all(next(some) for some in lines)
        for path in ("/v1/events", "/v1/events?wait=1"):
            refused = client.get(path, headers=STREAM if "wait" not in path else {})
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
            assert refused.headers["Retry-After"] == "5"
        with (
            pytest.raises(InvalidStatus) as turned_away,
            socket(guarded.url, additional_headers=key),
        ):
            pass
        assert turned_away.value.response.status_code == 429
        assert client.get("/v1/events").status_code == 200
        others = key | {"X-Org-ID": "others"}
        with socket(guarded.url, additional_headers=others) as opened:
            assert json.loads(opened.recv(10))["type"] == "ready"


def test_a_server_that_stops_sends_all_away_at_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        running(tmp_path_factory.mktemp("stopping") / "data") as server,
        httpx2.Client(base_url=server.url, timeout=50) as client,
        socket(server.url) as opened,
        client.stream("GET", "/v1/events", headers=STREAM) as answer,
    ):
        told = frames(answer.iter_lines())
        assert next(told).name == "ready"
        opened.recv(10)
        server.process.terminate()
        last = list(told)
        with pytest.raises(ConnectionClosed) as closed:
            opened.recv(20)
        assert server.process.wait(timeout=8) is not None

    assert [frame.data for frame in last] == [{"reason": "server_stopping"}]
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "server_stopping")
