"""Work of all kinds, over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.api.belongings import picture

Json = dict[str, Any]
CODE = {"file_content": "def roi(cost, gain):\n    return gain - cost\n", "file_name": "roi.py"}


@pytest.fixture(scope="module")
def story(server: str) -> Json:
    """A run that has been accepted, of an organisation of its own."""
    with httpx2.Client(base_url=server, headers={"X-Org-ID": "listing"}) as client:
        return client.post("/api/v1/automation/runs", json={"script": "A ship sails."}).json()


def test_storyboards_and_runs_are_in_one_list(
    client: httpx2.Client, story: Json, finish: Callable[[httpx2.Response], Json]
) -> None:
    mine = {"X-Org-ID": "listing"}
    job = finish(client.post("/storyboard/code", json=CODE, headers=mine))

    page = client.get("/v1/jobs", headers=mine).json()

    assert [(work["id"], work["kind"]) for work in page["data"]] == [
        (job["job_id"], "code_to_storyboard"),
        (story["runId"], "story_run"),
    ]
    assert page["next_cursor"] is None
    first = client.get("/v1/jobs", headers=mine, params={"limit": 1}).json()
    rest = {"limit": 1, "cursor": first["next_cursor"]}
    second = client.get("/v1/jobs", headers=mine, params=rest).json()
    assert [work["id"] for page in (first, second) for work in page["data"]] == [
        job["job_id"],
        story["runId"],
    ]


def test_a_page_can_be_chosen(client: httpx2.Client, story: Json) -> None:
    def found(**params: Any) -> list[str]:
        answer = client.get("/v1/jobs", headers={"X-Org-ID": "listing"}, params=params)
        return [work["id"] for work in answer.json()["data"]]

    assert found(kind="story_run") == [story["runId"]]
    assert found(kind=["story_run", "roadmap_to_storyboard"]) == [story["runId"]]
    assert found(created_before="2020-01-01T00:00:00Z") == []
    assert found(kind="story_run", label="team=web") == []
    assert found(status="canceling") == []


@pytest.mark.parametrize(
    "params",
    [
        {"status": "pending"},
        {"kind": "cake"},
        {"label": "team"},
        {"label": "1=2"},
        {"label": "a=\x00"},
        {"cursor": "x"},
        {"limit": 0},
        {"created_after": "7"},
        {"created_after": "0001-01-01T00:00:00+14:00"},
        {"created_before": "9999-12-31T23:59:59-01:00"},
    ],
)
def test_what_cannot_be_understood_is_named(client: httpx2.Client, params: Json) -> None:
    answer = client.get("/v1/jobs", params=params)

    assert answer.status_code == 422
    (error, *_) = answer.json()["errors"]
    assert (error["in"], error["parameter"].partition(".")[0]) == ("query", *params)


def test_a_poll_costs_little_while_nothing_changes(
    client: httpx2.Client, finish: Callable[[httpx2.Response], Json]
) -> None:
    job = finish(client.post("/storyboard/code", json=CODE))
    path = f"/v1/jobs/{job['job_id']}"

    answer = client.get(path)

    assert answer.json()["status"] == "succeeded"
    assert answer.json()["output"]["files"][0]["url"] == f"{job['image_url']}?format=png"
    assert "Retry-After" not in answer.headers
    tag = answer.headers["ETag"]
    for sent in (tag, f'"x", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_unknown_work_is_not_found(client: httpx2.Client) -> None:
    answer = client.get("/v1/jobs/3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a")

    assert answer.status_code == 404
    assert "not found" in answer.json()["detail"]


def test_work_is_made_by_json_and_by_a_form_with_a_file(
    client: httpx2.Client, finish: Callable[[httpx2.Response], Json]
) -> None:
    # Examples of the documents have work of a team of their own at the same server.
    order = {"kind": "code_to_storyboard", "input": CODE, "labels": {"team": "two"}}
    form = {"kind": "code_to_storyboard", "labels": '{"team": "two"}', "priority": "low"}
    file = {"file": ("roi.py", CODE["file_content"], "text/plain")}

    made = [
        client.post("/v1/jobs", json=order, headers={"X-Priority": "high"}),
        client.post("/v1/jobs", data=form, files=file),
    ]

    for answer, priority in zip(made, ("high", "low"), strict=True):
        work = answer.json()
        assert (answer.status_code, work["labels"]) == (202, {"team": "two"}), answer.text
        assert work["priority"] == priority
        assert answer.headers["Location"] == work["links"]["self"]
        assert client.get(work["links"]["explain"]).json()["says"]
        assert client.get(work["links"]["cost"]).json()["calls"] == 0
    listed = client.get("/v1/jobs", params={"label": "team=two"}).json()["data"]
    assert {work["id"] for work in listed} == {answer.json()["id"] for answer in made}


def test_every_request_that_makes_work_may_say_who_goes_first(
    client: httpx2.Client, finish: Callable[[httpx2.Response], Json]
) -> None:
    low = {"X-Priority": "low"}
    code = client.post("/storyboard/code", json=CODE, headers=low)
    done = finish(code)["job_id"]
    made = [
        code,
        client.post("/storyboard/roadmap", json={"image_data": picture()}, headers=low),
        client.post(
            f"/storyboard/jobs/{done}/revise", json={"custom_headline": "Other"}, headers=low
        ),
    ]
    run = client.post("/api/v1/automation/runs", json={"script": "A cat waits."}, headers=low)

    ids = [answer.json()["job_id"] for answer in made] + [run.json()["runId"]]
    works = [client.get(f"/v1/jobs/{one}").json() for one in ids]
    assert [work["priority"] for work in works] == ["low"] * 4
    assert works[2]["parent_id"] == done


def test_a_priority_that_is_none_is_refused(client: httpx2.Client) -> None:
    for path, body in (
        ("/storyboard/code", CODE),
        ("/api/v1/automation/runs", {"script": "A cat waits."}),
        ("/api/v1/automation/runs/none/exports", {"formats": ["edl"]}),
    ):
        answer = client.post(path, json=body, headers={"X-Priority": "first"})
        assert answer.status_code == 422, path
        assert "X-Priority" in answer.text or "x-priority" in answer.text, answer.text


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, "#"),
        ({"content": b"[]", "headers": {"Content-Type": "application/json"}}, "#"),
        ({"json": {"kind": "cake"}}, "#/kind"),
        ({"json": {"kind": "story_run", "labels": {"1": "x"}}}, "#/labels/1/[key]"),
        ({"data": {"kind": "story_run", "input": "{"}, "files": {"file": b"x"}}, "#/input"),
        ({"data": {"kind": "story_run"}, "files": {"cake": b"x"}}, "#/cake"),
    ],
)
def test_an_order_that_cannot_be_understood_is_refused(
    client: httpx2.Client, sent: Json, pointer: str
) -> None:
    answer = client.post("/v1/jobs", **sent)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_paused_queue_holds_its_jobs_until_it_is_resumed(
    client: httpx2.Client, finish: Callable[[httpx2.Response], Json]
) -> None:
    paused = client.post("/v1/queues/storyboards/pause")
    try:
        job = client.post("/storyboard/code", json=CODE).json()
        told = client.get(f"/v1/jobs/{job['job_id']}").json()
        queues = {
            queue["name"]: queue["paused"] for queue in client.get("/v1/queues").json()["data"]
        }
    finally:
        resumed = client.post("/v1/queues/storyboards/resume")

    assert (paused.json()["paused"], resumed.json()["paused"]) == (True, False)
    assert queues["storyboards"]
    assert not queues["stories"]
    assert told["status"] == "queued"
    assert told["waiting_on"][0]["code"] == "queue_paused"
    while client.get(job["poll_url"]).json()["status"] != "completed":
        pass
    assert client.post("/v1/queues/cakes/pause").status_code == 404
