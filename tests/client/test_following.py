"""Streams across broken connections: nothing is lost, and nothing is told twice."""

import json
from datetime import UTC, datetime

import httpx2
import pytest
from pydantic import JsonValue

from storyloom.client import operations as ops
from storyloom.client.errors import Gone, ServiceUnavailable
from storyloom.client.following import Following, Snapshot
from storyloom.client.line import Wanted
from storyloom.client.patience import ONCE, Patience
from storyloom.errors import Unreachable
from storyloom.events.schemas import Event, Subject
from tests.client.answering import AT_ONCE, Answering, Pieces, problem

FOLLOW = Wanted(ops.FOLLOW_JOB, {"job_id": "j"})
CUT = httpx2.ReadError("cut")
HEADERS = {"Content-Type": "text/event-stream"}
SNAPSHOT = b'id: 4\nretry: 2000\nevent: snapshot\ndata: {"status":"processing"}\n\n'
END = b'event: end\ndata: {"reason":"job_ended"}\n\n'
DROPPED = b'event: dropped\ndata: {"reason":"slow_client"}\n\n'


def event(seq: int) -> bytes:
    subject = Subject(kind="story_run", id="j")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    data: dict[str, JsonValue] = {"says": "one line\u2028or two"}
    return Event(
        seq=seq, id=f"evt_{seq}", type="run.shot", at=at, org_id="o", subject=subject, data=data
    ).sse_frame


def streamed(*pieces: bytes | Exception) -> httpx2.Response:
    return httpx2.Response(200, headers=HEADERS, stream=Pieces(*pieces))


async def told(server: Answering, patience: Patience = AT_ONCE, **more: float) -> list[object]:
    following = Following(server.line(patience), FOLLOW, None)
    within_s = more.get("within_s")
    return [
        "snapshot" if isinstance(one, Snapshot) else one.seq
        async for one in following.told(within_s)
    ]


async def test_it_goes_on_after_the_last_event_until_the_end() -> None:
    half = event(6)[:40]
    server = Answering(
        [
            streamed(SNAPSHOT, b": beat\n\n" + event(5) + half, CUT),
            problem(503, "unavailable"),
            streamed(SNAPSHOT.replace(b"id: 4", b"id: 5"), event(5), event(6), DROPPED),
            streamed(SNAPSHOT.replace(b"id: 4", b"id: 6"), event(7) + END, event(8)),
        ]
    )

    assert await told(server) == ["snapshot", 5, 6, 7]
    after = [request.headers.get("Last-Event-ID") for request in server.asked]
    assert after == [None, "5", "5", "6"]


async def test_a_cut_before_the_first_event_loses_nothing() -> None:
    server = Answering([streamed(SNAPSHOT, CUT), streamed(SNAPSHOT, event(5), END)])

    assert await told(server) == ["snapshot", 5]
    assert server.asked[1].headers["Last-Event-ID"] == "4"


async def test_what_does_not_help_is_raised() -> None:
    with pytest.raises(Gone):
        await told(Answering([problem(410, "events_gone")]))
    with pytest.raises(ServiceUnavailable):
        await told(Answering([problem(503, "unavailable")] * 9))
    with pytest.raises(Unreachable, match="SSEError"):
        await told(Answering([httpx2.Response(200, text="<html>")]), ONCE)


async def test_it_ends_when_the_time_is_up() -> None:
    server = Answering([streamed(SNAPSHOT, event(5), DROPPED)])

    assert await told(server, within_s=0) == ["snapshot", 5]
    assert server.asked[0].url.params["wait"] == "0.0"


async def test_for_longer_than_a_stream_may_be_it_is_opened_again() -> None:
    server = Answering([streamed(SNAPSHOT, DROPPED), streamed(event(5), END)])

    assert await told(server, within_s=7200) == ["snapshot", 5]
    assert [request.url.params["wait"] for request in server.asked] == ["3600.0"] * 2


async def test_events_that_may_come_some_day_are_told_too() -> None:
    frame = event(5).replace(b"run.shot", b"run.new")
    server = Answering([streamed(b'event: ready\ndata: {"after":4}\nid: 4\n\n', frame, END)])

    assert await told(server) == [5]
    assert json.loads(frame.partition(b"data: ")[2])["type"] == "run.new"
