"""Waiting for work, where the server holds its answers and where it does not."""

import httpx2
import pytest

from storyloom.client.faces import Awaited
from storyloom.client.jobs import Events, wait
from storyloom.client.line import ANSWER_TIMEOUT_S
from storyloom.errors import TimedOut
from storyloom.work.schemas import WorkStatus
from tests.client.answering import Answering

JOB = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"


def work(status: WorkStatus, retry_after: str | None = "0") -> httpx2.Response:
    links = dict.fromkeys(("self", "cancel", "retry", "explain", "cost", "result", "events"), "/x")
    body = {
        "id": JOB,
        "kind": "code_to_storyboard",
        "status": status,
        "stage": None,
        "priority": "normal",
        "attempt": 1,
        "metrics": {"queue_s": None, "run_s": None},
        "created_at": "2026-01-01T00:00:00Z",
        "started_at": None,
        "completed_at": None,
        "org_id": "default",
        "labels": {},
        "links": links,
        "progress": {"done": 0, "total": 1, "fraction": 0},
        "input": {},
    }
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return httpx2.Response(200, json=body, headers=headers)


async def test_it_polls_as_often_as_the_server_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyloom.client.jobs._POLL_EVERY_S", 0)
    server = Answering([work(WorkStatus.QUEUED), work(WorkStatus.RUNNING), work(WorkStatus.FAILED)])

    assert (await wait(server.line(), JOB, 60)).status is WorkStatus.FAILED
    assert [request.url.params["wait"] for request in server.asked] == ["20"] * 3


async def test_an_answer_that_was_held_is_asked_for_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storyloom.client.jobs._HOLD_S", 0)
    server = Answering([work(WorkStatus.RUNNING, "999"), work(WorkStatus.SUCCEEDED, None)])

    assert (await wait(server.line(), JOB, 60)).status is WorkStatus.SUCCEEDED


async def test_it_gives_up() -> None:
    with pytest.raises(TimedOut, match="has not ended after 0 seconds"):
        await wait(Answering([work(WorkStatus.RUNNING)]).line(), JOB, 0)


async def test_a_page_of_events_that_the_server_holds_is_waited_for_longer() -> None:
    page: dict[str, object] = {"data": [], "next_after": 0}
    server = Answering([httpx2.Response(200, json=page) for _ in range(2)])
    events = Events(server.line(), Awaited())

    assert (await events.list(wait_s=30)).data == []
    await events.list()
    read_s = [request.extensions["timeout"]["read"] for request in server.asked]
    assert read_s[0] == 30 + ANSWER_TIMEOUT_S > read_s[1]
