"""Following a job, with reports for those who wait."""

from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from storyloom.cli.mcp import following
from storyloom.cli.mcp.following import followed, work_of
from storyloom.cli.server import Server
from storyloom.errors import BadAnswer
from storyloom.work.schemas import WorkStatus
from tests.cli.mcp.test_results import JOB, work
from tests.cli.test_server import answering


def scripted(*polls: Mapping[str, Any]) -> Server:
    """A server that gives its polls one answer after the other, the last one for ever."""
    left = list(polls)

    def answer(_: httpx2.Request) -> httpx2.Response:
        now = left.pop(0) if len(left) > 1 else left[0]
        return httpx2.Response(200, json=work(**now).model_dump(mode="json"))

    return answering(answer)


class Reports:
    def __init__(self) -> None:
        self.made: list[tuple[float, float | None, str]] = []

    async def __call__(self, done: float, total: float | None, says: str) -> None:
        self.made.append((done, total, says))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LOOK_EVERY_S", 0)


async def test_each_report_is_larger_than_the_one_before() -> None:
    reports = Reports()
    server = scripted(
        {"status": "queued", "progress": {"done": 0, "total": 0, "fraction": None}},
        {"stage": "images", "progress": {"done": 1, "total": 3, "fraction": 0.3}},
        {"stage": "images", "progress": {"done": 1, "total": 3, "fraction": 0.3}},
        {"status": "waiting", "waiting_on": [{"code": "gpu", "detail": "The GPU is hot"}]},
        {"status": "succeeded", "progress": {"done": 3, "total": 3, "fraction": 1.0}},
    )

    done = await followed(server, JOB, reports, 60)

    assert done.status is WorkStatus.SUCCEEDED
    assert [says for _, _, says in reports.made] == [
        "queued",
        "running: images, 1 of 3",
        "waiting; The GPU is hot",
        "succeeded, 3 of 3",
    ]
    values = [value for value, _, _ in reports.made]
    assert values == sorted(set(values))
    assert [total for _, total, _ in reports.made] == [None, 3.0, 1.0, 3.0]


async def test_it_is_told_that_nothing_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "SPEAK_EVERY_S", 0)
    reports = Reports()

    await followed(scripted({}, {}, {"status": "failed"}), JOB, reports, 60)

    assert [says for _, _, says in reports.made] == ["running", "running", "failed"]


async def test_polls_are_held_while_there_is_time() -> None:
    asked: list[str] = []
    states = ["queued", "running", "succeeded"]

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.params.get("wait", ""))
        body = work(status=states[len(asked) - 1]).model_dump(mode="json")
        return httpx2.Response(200, json=body)

    await followed(answering(answer), JOB, Reports(), 60)

    assert asked == ["", "2", "2"]


async def test_nobody_waits_longer_than_is_wanted() -> None:
    assert (await followed(scripted({}), JOB, Reports(), 0)).status is WorkStatus.RUNNING


async def test_an_answer_that_is_no_job_is_told() -> None:
    server = answering(lambda _: httpx2.Response(200, json={"hello": "you"}))

    with pytest.raises(BadAnswer, match="not a Storyloom server"):
        await work_of(server, JOB)
