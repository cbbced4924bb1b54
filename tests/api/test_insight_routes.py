"""What is told of a job beyond what it is like now, over HTTP."""

import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from storyloom.storyboard.schemas import TINY_PNG

Json = dict[str, Any]
Finish = Callable[[httpx2.Response], Json]
STEPS = ["queued", "understand", "illustrate", "draw", "archive"]
TEXT = '''"""Works out what an installation pays back."""


def payback_years(cost: float, saving: float) -> float:
    """Years until the savings have paid for the installation."""
    return cost / saving


def yearly_saving(hours: float, rate: float) -> float:
    """Money that is saved in a year by fewer hours on site."""
    return hours * rate * 52
'''


@pytest.fixture
def code_job(client: httpx2.Client, finish: Finish) -> str:
    order = {"file_content": TEXT, "file_name": "src/payback.py"}
    return finish(client.post("/storyboard/code", json=order))["job_id"]


def test_a_timeline_tells_every_step_of_a_storyboard(client: httpx2.Client, code_job: str) -> None:
    told = client.get(f"/v1/jobs/{code_job}/timeline").json()

    steps = told["steps"]
    assert [(step["name"], step["outcome"]) for step in steps] == [(s, "done") for s in STEPS]
    assert all(step["duration_ms"] is not None for step in steps)
    assert [step["started_at"] for step in steps[1:]] == sorted(
        step["started_at"] for step in steps[1:]
    )
    assert (told["cost"]["calls"], told["error"], told["shots"]) == (0, None, None)


def test_a_code_file_comes_back_as_data(client: httpx2.Client, code_job: str) -> None:
    answer = client.get(f"/v1/jobs/{code_job}/source")

    assert answer.json() == {"file_name": "src/payback.py", "language": "Python", "text": TEXT}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/v1/jobs/{code_job}/source", headers=known).status_code == 304


def test_claims_stand_beside_their_lines(client: httpx2.Client, code_job: str) -> None:
    told = client.get(f"/v1/jobs/{code_job}/evidence").json()

    job = client.get(f"/storyboard/jobs/{code_job}").json()["understanding"]
    assert (told["understood"], told["read_by"]) == (True, "static")
    assert {one["field"]: one["claim"] for one in told["claims"]} == {
        name: text for name, text in job.items() if name in {c["field"] for c in told["claims"]}
    }
    places = {(e["field"], e["first_line"], e["last_line"]) for e in job["evidence"]}
    cited = {(c["field"], *c["lines"]) for c in told["claims"] if c["lines"]}
    assert cited == {place for place in places if place[0] != "suggested_icon"}
    assert cited


def test_a_revision_has_the_source_of_the_job_before(
    client: httpx2.Client, code_job: str, finish: Finish
) -> None:
    asked = {"custom_headline": "Know the payback"}
    child = finish(client.post(f"/storyboard/jobs/{code_job}/revise", json=asked))["job_id"]

    assert client.get(f"/v1/jobs/{child}/source").json()["text"] == TEXT
    claims = client.get(f"/v1/jobs/{child}/evidence").json()["claims"]
    assert claims[0]["claim"] == "Know the payback"


def test_a_screenshot_comes_back_as_the_picture_that_it_is(
    client: httpx2.Client, finish: Finish
) -> None:
    job_id = finish(client.post("/storyboard/roadmap", json={"image_data": TINY_PNG}))["job_id"]

    answer = client.get(f"/v1/jobs/{job_id}/source")

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="roadmap-')
    assert client.get(f"/v1/jobs/{job_id}/evidence").json()["read_by"] == "none"


def test_a_run_is_told_by_its_stages_and_its_pictures(client: httpx2.Client) -> None:
    order = {
        "kind": "story_run",
        "input": {"script": "A ship sails into the night.", "config": {"backend": "frames"}},
    }
    run = client.post("/v1/jobs", json=order, headers={"Prefer": "wait=50"}).json()

    told = client.get(f"/v1/jobs/{run['id']}/timeline").json()

    assert told["steps"][0]["name"] == "queued"
    assert "generating_images" in {step["name"] for step in told["steps"]}
    assert {step["outcome"] for step in told["steps"]} == {"done"}
    assert (told["shots"]["total"], told["shots"]["done"]) == (1, 1)
    assert client.get(told["shots"]["slowest"][0]["url"]).status_code == 200
    for name in ("source", "evidence"):
        answer = client.get(f"/v1/jobs/{run['id']}/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_source")


@pytest.mark.parametrize("name", ["timeline", "source", "evidence"])
def test_nothing_is_told_to_strangers(client: httpx2.Client, code_job: str, name: str) -> None:
    answer = client.get(f"/v1/jobs/{code_job}/{name}", headers={"X-Org-ID": "stranger"})

    assert (answer.status_code, answer.json()["code"]) == (404, "work_not_found")


def test_a_list_shows_what_people_look_for(client: httpx2.Client, finish: Finish) -> None:
    mine = {"X-Org-ID": "searching"}
    order = {"kind": "code_to_storyboard", "labels": {"team": "Straße"}}
    given = {"file_content": TEXT, "file_name": "src/Payback.py"}
    made = client.post(
        "/v1/jobs", json={**order, "input": given}, headers={**mine, "Prefer": "wait=50"}
    ).json()
    story = {"script": "A ship sails.", "title": "The Long Night", "config": {"backend": "frames"}}
    run = client.post(
        "/v1/jobs",
        json={"kind": "story_run", "input": story, "labels": {"team": "Straße"}},
        headers={**mine, "Prefer": "wait=50"},
    ).json()

    def found(**params: Any) -> list[str]:
        page = client.get("/v1/jobs", params=params, headers=mine).json()
        return [one["id"] for one in page["data"]]

    assert found(q="PAYBACK.py") == [made["id"]]
    assert found(q="long night") == [run["id"]]
    assert found(q="STRASSE") == [run["id"], made["id"]]
    assert found(q="TEAM=STRA\u00dfE") == [run["id"], made["id"]]
    assert found(label="team=Straße", kind="story_run") == [run["id"]]
    assert found(q=run["id"][:8], status="succeeded") == [run["id"]]
    first = client.get("/v1/jobs", params={"q": "team", "limit": 1}, headers=mine).json()
    assert found(q="team", cursor=first["next_cursor"]) == [made["id"]]
    assert client.get("/v1/jobs", params={"q": "a\x00"}).status_code == 422
    shown = client.get("/v1/jobs", headers=mine).json()["data"]
    assert [(one["title"], one["progress"]["fraction"]) for one in shown] == [
        ("The Long Night", 1.0),
        ("src/Payback.py", 1.0),
    ]
    for one in shown:
        picture = client.get(one["thumbnail"], headers=mine)
        assert picture.headers["Content-Type"] == "image/jpeg"
        assert picture.content.startswith(b"\xff\xd8\xff")
        known = {**mine, "If-None-Match": picture.headers["ETag"]}
        assert client.get(one["thumbnail"], headers=known).status_code == 304
        assert picture.headers["Cache-Control"].endswith("immutable")
        plain = client.get(one["thumbnail"].partition("?")[0], headers=mine)
        assert plain.headers["Cache-Control"] == "private, no-cache"
        assert plain.content == picture.content


def test_another_first_picture_of_a_run_has_another_address(
    client: httpx2.Client, finish: Finish
) -> None:
    mine = {"X-Org-ID": "pictured-anew"}
    story = {"script": "A ship sails.", "config": {"backend": "frames"}}
    order = {"kind": "story_run", "input": story}
    run = client.post("/v1/jobs", json=order, headers={**mine, "Prefer": "wait=50"}).json()
    before = client.get("/v1/jobs", headers=mine).json()["data"][0]["thumbnail"]
    old = client.get(before, headers=mine)
    shot = run["links"]["result"] + "/shots/0001-cinematic-1"
    asked = {"prompt": "A red door in the snow"}
    client.post(f"{shot}/regenerate", json=asked, headers=mine).raise_for_status()
    end = time.monotonic() + 50
    while (after := client.get(run["links"]["self"], headers=mine).json()["thumbnail"]) == before:
        assert time.monotonic() < end
        time.sleep(0.05)

    new = client.get(after, headers=mine)
    late = client.get(before, headers={**mine, "If-None-Match": old.headers["ETag"]})

    assert client.get("/v1/jobs", headers=mine).json()["data"][0]["thumbnail"] == after
    assert new.content != old.content
    assert new.headers["ETag"] != old.headers["ETag"]
    assert (late.status_code, late.content) == (200, new.content)
    assert late.headers["Cache-Control"] == "private, no-cache"


def test_what_has_no_picture_says_so(client: httpx2.Client) -> None:
    client.post("/v1/queues/storyboards/pause").raise_for_status()
    try:
        order = {"file_content": TEXT, "file_name": "a.py"}
        job = client.post("/storyboard/code", json=order).json()["job_id"]
        answer = client.get(f"/v1/jobs/{job}/thumbnail")
        waiting = client.get(f"/v1/jobs/{job}/timeline").json()
        evidence = client.get(f"/v1/jobs/{job}/evidence").json()
    finally:
        client.post("/v1/queues/storyboards/resume").raise_for_status()

    assert (answer.status_code, answer.json()["code"]) == (404, "no_picture")
    assert [step["outcome"] for step in waiting["steps"]] == ["waiting", *["pending"] * 4]
    assert evidence == {
        "id": job,
        "understood": False,
        "read_by": None,
        "claims": [],
        "found_headline": None,
        "written_for": None,
    }
