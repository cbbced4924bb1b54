"""The figures of work, over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from storyloom.kit.clock import SystemClock

Json = dict[str, Any]
MINE = {"X-Org-ID": "figures"}
CODE = {"file_content": "def roi(cost, gain):\n    return gain - cost\n", "file_name": "roi.py"}


def test_what_was_made_today_is_told(
    client: httpx2.Client, finish: Callable[[httpx2.Response], Json]
) -> None:
    before = SystemClock().now().date()
    finish(client.post("/storyboard/code", json=CODE, headers=MINE))

    told = client.get("/v1/statistics", headers=MINE).json()

    assert told["org_id"] == "figures"
    assert len(told["days"]) == 30
    assert told["until"] in {f"{before}", f"{SystemClock().now().date()}"}
    # Around midnight it may be made on one day, and end on another.
    assert sum(day["accepted"] for day in told["days"][:2]) == 1
    assert sum(day["completed"] for day in told["days"][:2]) == 1
    assert sum(day["pictures"] for day in told["days"][:2]) == 1
    (took,) = [day["duration"] for day in told["days"] if day["completed"]]
    assert {day["concurrency"]["peak"] for day in told["days"]} == {0, 1}
    assert told["hours"] == []
    assert 0 <= took["p50_s"] == took["p95_s"] == took["mean_s"]
    assert (told["now"]["waiting"], told["now"]["running"], told["now"]["workers"]) == (0, 0, None)
    assert {queue["name"] for queue in told["now"]["queues"]} >= {"storyboards", "stories"}
    assert told["degraded"] == []


def test_others_see_nothing_of_it(client: httpx2.Client) -> None:
    told = client.get("/v1/statistics", headers={"X-Org-ID": "newcomer"}).json()

    assert not any(day["accepted"] or day["completed"] for day in told["days"])


def test_days_can_be_chosen(client: httpx2.Client) -> None:
    days = {"since": "2026-02-27", "until": "2026-03-01"}

    told = client.get("/v1/statistics", headers=MINE, params=days).json()

    assert [day["day"] for day in told["days"]] == ["2026-03-01", "2026-02-28", "2026-02-27"]
    assert [hour["at"] for hour in told["hours"]][::71] == [
        "2026-03-01T23:00:00Z",
        "2026-02-27T00:00:00Z",
    ]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "1700000000"}, "since"),
        ({"since": "1999-12-31"}, "since"),
        ({"until": "0001-01-01"}, "until"),
        ({"until": "9999-12-31"}, "until"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "since"),
        ({"since": "2025-01-01", "until": "2026-01-02"}, "since"),
    ],
)
def test_what_cannot_be_understood_is_named(
    client: httpx2.Client, params: Json, field: str
) -> None:
    answer = client.get("/v1/statistics", params=params)

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["in"], error["parameter"]) == ("query", field)


@pytest.mark.parametrize("until", ["2000-01-01", "2999-12-31"])
def test_the_ends_of_time_can_be_reckoned_with(client: httpx2.Client, until: str) -> None:
    answer = client.get("/v1/statistics", params={"until": until})

    assert answer.status_code == 200
    assert answer.json()["days"][0]["day"] == until
