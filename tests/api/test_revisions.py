"""Revising a storyboard and reading costs, spoken to over HTTP."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.api.conftest import Json

Finish = Callable[[httpx2.Response], Json]
CODE = {"file_content": "def payback(cost): return cost\n", "file_name": "roi.py"}
OURS = {"X-Org-ID": "ours"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def finished(client: httpx2.Client, finish: Finish) -> Json:
    client.headers.update(OURS)
    return finish(client.post("/storyboard/code", json=CODE))


def revise(client: httpx2.Client, job_id: str, body: Any, **more: Any) -> httpx2.Response:
    return client.post(f"/storyboard/jobs/{job_id}/revise", json=body, **more)


def test_a_finished_storyboard_is_revised(
    client: httpx2.Client, finish: Finish, finished: Json
) -> None:
    answer = revise(client, finished["job_id"], {"custom_headline": "Anew", "format": "square"})
    job = finish(answer)

    assert answer.headers["Location"] == answer.json()["poll_url"]
    assert job["status"] == "completed"
    assert job["revised_from"] == finished["job_id"]
    assert finished["revised_from"] is None
    assert job["understanding"]["headline"] == "Anew"
    assert job["understanding"]["what_it_does"] == finished["understanding"]["what_it_does"]
    assert job["org_id"] == "ours"


def test_other_readers_are_given_the_words_that_they_would_have_had(
    client: httpx2.Client, finish: Finish, finished: Json
) -> None:
    readers = {"audience": "btl_champion", "stage": "shipped", "icp_preset": "software_team"}
    square = finish(revise(client, finished["job_id"], {"format": "square"}))
    job = finish(revise(client, square["job_id"], readers))
    anew = finish(client.post("/storyboard/code", json=CODE | readers))

    assert job["understanding"] == anew["understanding"]
    assert job["understanding"]["who_benefits"] != finished["understanding"]["who_benefits"]
    told = client.get(f"/v1/jobs/{job['job_id']}/evidence").json()
    assert (told["written_for"], told["read_by"]) == (None, "static")


def test_a_headline_is_taken_back_by_null(
    client: httpx2.Client, finish: Finish, finished: Json
) -> None:
    found = finished["understanding"]["headline"]
    first = finish(client.post("/storyboard/code", json=CODE | {"custom_headline": "Mine"}))
    told = client.get(f"/v1/jobs/{first['job_id']}/evidence").json()

    job = finish(revise(client, first["job_id"], {"custom_headline": None}))

    assert first["understanding"]["found_headline"] == told["found_headline"] == found
    assert job["understanding"] == finished["understanding"]


def test_a_revision_is_revised(client: httpx2.Client, finish: Finish, finished: Json) -> None:
    first = finish(revise(client, finished["job_id"], {"stage": "demo"}))
    second = finish(revise(client, first["job_id"], {"new_art": True}))

    assert (second["status"], second["revised_from"]) == ("completed", first["job_id"])


@pytest.mark.parametrize("body", [{}, {"headline": "x"}, {"wording": {"source": "model"}}, []])
def test_a_revision_that_cannot_be_read_is_refused(
    body: object, client: httpx2.Client, finished: Json
) -> None:
    answer = revise(client, finished["job_id"], body)

    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], list)


def test_an_unknown_preset_names_its_field(client: httpx2.Client, finished: Json) -> None:
    answer = revise(client, finished["job_id"], {"audience": "nobody"})

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "audience"]


@pytest.mark.parametrize("org", ["ours", "theirs"])
def test_unknown_and_foreign_jobs_are_not_found(
    org: str, client: httpx2.Client, finished: Json
) -> None:
    job_id = UNKNOWN if org == "ours" else finished["job_id"]

    answer = revise(client, job_id, {"stage": "demo"}, headers={"X-Org-ID": org})

    assert answer.status_code == 404
    assert answer.json() == {"detail": f"Job '{job_id}' not found"}


def test_a_job_that_failed_cannot_be_revised(client: httpx2.Client, finish: Finish) -> None:
    failed = finish(client.post("/storyboard/code", json=CODE | {"render": "painted"}))

    answer = revise(client, failed["job_id"], {"stage": "demo"})

    assert failed["error_code"] == "misconfigured"
    assert "STORYLOOM_IMAGE_MODEL" in failed["error_message"]
    assert answer.status_code == 409
    assert answer.json()["code"] == "job_not_finished"


def test_a_model_that_is_not_allowed_is_refused(client: httpx2.Client) -> None:
    answer = client.post("/storyboard/code", json=CODE | {"model": "openai:gpt-9"})

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "model"]


def test_costs_are_told_day_by_day(client: httpx2.Client) -> None:
    answer = client.get("/storyboard/costs", params={"days": 3}, headers=OURS)

    told = answer.json()
    assert answer.status_code == 200
    assert told["org_id"] == "ours"
    assert len(told["days"]) == 3
    assert told["total"] == {
        "usd": "0",
        "known_usd": "0",
        "calls": 0,
        "unknown_calls": 0,
        "input_tokens": 0,
        "output_tokens": 0,
    }


@pytest.mark.parametrize("days", ["0", "91", "x"])
def test_days_have_their_limits(days: str, client: httpx2.Client) -> None:
    assert client.get("/storyboard/costs", params={"days": days}).status_code == 422


def test_the_document_says_what_a_headline_of_null_means(client: httpx2.Client) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["RevisionRequest"]

    headline = schema["properties"]["custom_headline"]
    assert "null, where it is sent: the headline that was found" in headline["description"]
    assert {"type": "null"} in headline["anyOf"]


def test_the_document_names_the_presets_of_a_revision(client: httpx2.Client) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["RevisionRequest"]

    kinds = schema["properties"]["stage"]["anyOf"]
    assert kinds[0]["enum"] == ["preview", "demo", "shipped"]
    assert kinds[1] == {"type": "null"}
