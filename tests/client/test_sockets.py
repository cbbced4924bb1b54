"""The same stream over a WebSocket: across broken connections, and until the job has ended."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from storyloom.client import errors
from storyloom.client import operations as ops
from storyloom.client.following import Following, Snapshot
from storyloom.client.line import Line, Wanted, new_http
from storyloom.client.patience import ONCE, Patience
from storyloom.errors import BadAnswer, StoryloomError, Unreachable
from storyloom.events.schemas import Event, EventType, Subject
from storyloom.work.schemas import Links, Metrics, Progress, Work, WorkKind, WorkStatus
from tests.client.answering import problem
from tests.client.talking import CUT, Talk, Talking

ID = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"
AT = datetime(2026, 1, 1, tzinfo=UTC)
JOB = Wanted(ops.FOLLOW_JOB, {"job_id": ID.upper()})
ALL = Wanted(ops.FOLLOW_EVENTS, query={"type": (EventType.SHOT, EventType.FAILED)})
NONE: dict[str, object] = {"data": [], "next_after": 0}


def ready(place: int) -> str:
    return f'{{"type":"ready","after":{place}}}'


def event(seq: int, kind: str = EventType.PROGRESS) -> str:
    subject = Subject(kind="story_run", id=ID)
    one = Event(seq=seq, id=f"evt_{seq}", type=kind, at=AT, org_id="acme", subject=subject)
    return one.json_line.decode()


def page(*events: str) -> dict[str, object]:
    return {"data": [json.loads(one) for one in events], "next_after": 0}


def work(status: WorkStatus) -> dict[str, object]:
    return Work(
        id=ID,
        kind=WorkKind.RUN,
        status=status,
        stage=None,
        priority="normal",
        attempt=1,
        metrics=Metrics(queue_s=1, run_s=None),
        created_at=AT,
        started_at=AT,
        completed_at=None,
        org_id="acme",
        labels={},
        links=Links.of(ID, "/x"),
        progress=Progress(done=1, total=2, fraction=0.5),
        input={},
    ).model_dump(mode="json")


RUNS, ENDED = work(WorkStatus.RUNNING), work(WorkStatus.SUCCEEDED)


async def told(line: Line, wanted: Wanted = JOB, **more: Any) -> list[object]:
    following = Following(line, wanted, more.get("after"), "websocket")
    return [
        "snapshot" if isinstance(one, Snapshot) else one.seq
        async for one in following.told(more.get("within_s"))
    ]


async def test_it_goes_on_after_the_last_event_until_the_job_has_ended() -> None:
    server = Talking(
        [ready(4), event(5), CUT],
        problem(503, "unavailable"),
        [ready(5), event(5), event(6), 1013],
        [ready(6), 1001],
        [ready(6), event(7, EventType.COMPLETED), event(8)],
        polls=[RUNS, RUNS, RUNS, RUNS, ENDED, NONE],
    )

    async with server.line() as line:
        assert await told(line) == ["snapshot", 5, 6, 7]

    assert [one.get("after") for one in server.asked] == [None, ["5"], ["5"], ["6"], ["6"]]
    assert {one["subject"][0] for one in server.asked} == {ID}
    sent = server.headers[0]
    assert (sent["authorization"], sent["x-org-id"]) == ("Bearer sl_x", "acme")


async def test_a_job_that_had_ended_is_told_up_to_its_end() -> None:
    async with Talking([ready(9)], polls=[ENDED, NONE, page(event(9))]).line() as line:
        assert await told(line) == ["snapshot"]


async def test_an_end_that_is_not_in_the_log_yet_is_waited_for() -> None:
    late = [ready(9), event(10, EventType.FAILED)]
    async with Talking(late, polls=[ENDED, NONE, NONE, ENDED, NONE]).line() as line:
        assert await told(line) == ["snapshot", 10]


async def test_an_end_that_another_pass_has_followed_is_none() -> None:
    talk = [ready(0), event(1, EventType.FAILED), event(2, EventType.FAILED), event(3)]
    again = [event(4, EventType.COMPLETED)]
    polls = [ENDED, page(event(2)), ENDED, page(event(2)), RUNS, ENDED, NONE]
    async with Talking([*talk, *again], polls=polls).line() as line:
        assert await told(line, after=0) == ["snapshot", 1, 2, 3, 4]


async def test_an_end_that_never_comes_is_not_waited_for_longer_than_wanted() -> None:
    async with Talking([ready(9)], polls=[ENDED, NONE, NONE]).line() as line:
        assert await told(line, within_s=0.1) == ["snapshot"]


async def test_everything_is_followed_until_the_time_is_up() -> None:
    server = Talking([ready(4), event(5), event(6, "run.new"), 1000])

    async with server.line(Patience(first_s=60)) as line:
        assert await told(line, ALL, within_s=30, after=4) == [5, 6]

    assert server.asked == [{"type": ["run.shot", "job.failed"], "after": ["4"]}]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(410, "events_gone"), errors.Gone),
        (problem(403, "not_allowed"), errors.Forbidden),
        (httpx2.Response(200, text="<html>"), BadAnswer),
        (httpx2.Response(302, headers={"Location": "http://evil.example/"}), BadAnswer),
        (["hello"], BadAnswer),
        (['["a list"]'], BadAnswer),
        ([event(5)], BadAnswer),
        ([1000], BadAnswer),
        ([CUT], Unreachable),
    ],
)
async def test_what_does_not_help_is_raised(
    answer: Talk | httpx2.Response, kind: type[StoryloomError]
) -> None:
    async with Talking(answer).line(ONCE) as line:
        with pytest.raises(kind):
            await told(line, ALL)


async def test_where_nobody_listens_it_is_told() -> None:
    async with new_http("http://127.0.0.1:9", key=None, org=None) as http:
        with pytest.raises(errors.NoServer, match="no server at http://127"):
            await told(Line(http, "http://127.0.0.1:9", ONCE), ALL)


async def test_an_address_with_tls_is_asked_so() -> None:
    async with Talking().line(ONCE) as line:
        safe = line.url.replace("http:", "https:")
        async with new_http(safe, key=None, org=None) as http:
            with pytest.raises(Unreachable):
                await told(Line(http, safe, ONCE), ALL)
