"""What the storyboard API takes and gives."""

import pytest
from pydantic import ValidationError

from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from storyloom.storyboard.schemas import (
    CodeStoryboardRequest,
    JobAccepted,
    JobView,
    RoadmapStoryboardRequest,
    Understanding,
)


def test_a_code_request_needs_two_fields_only() -> None:
    request = CodeStoryboardRequest(file_content="x = 1", file_name="x.py")

    assert (request.icp_preset, request.stage, request.audience) == (
        "coperniq_mep",
        "preview",
        "c_suite",
    )
    assert request.custom_headline is None
    assert request.format == "landscape"
    assert (request.render, request.fresh, request.model) == ("composed", False, None)


def test_a_roadmap_request_is_sanitised_unless_told_otherwise() -> None:
    assert RoadmapStoryboardRequest(image_data="aGk=").sanitize_ip is True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("fresh", 1),
        ("fresh", "yes"),
        ("file_content", ""),
        ("file_name", ""),
        ("file_name", "x" * 256),
        ("custom_headline", ""),
        ("custom_headline", "x" * 201),
        ("custom_headline", " \u200b\t"),
        ("custom_headline", "a\x00b"),
        ("file_name", "a\x00.py"),
        ("file_name", " "),
        ("format", "round"),
        ("render", "sculpted"),
        ("model", ""),
        ("model", "x" * 129),
        ("file_content", "\ud800"),
    ],
)
def test_bad_fields_are_refused(field: str, value: object) -> None:
    fields = {"file_content": "x = 1", "file_name": "x.py", field: value}

    with pytest.raises(ValidationError) as fault:
        CodeStoryboardRequest.model_validate(fields)

    assert fault.value.errors()[0]["loc"] == (field,)


def test_an_empty_file_is_too_short_in_the_documented_words() -> None:
    with pytest.raises(ValidationError) as fault:
        CodeStoryboardRequest(file_content="", file_name="x.py")

    error = fault.value.errors()[0]
    assert error["msg"] == "String should have at least 1 character"
    assert error["type"] == "string_too_short"


def test_fields_of_later_versions_are_let_pass() -> None:
    CodeStoryboardRequest.model_validate(
        {"file_content": "x", "file_name": "x.py", "something_new": 1}
    )


def test_an_accepted_job_says_where_to_poll() -> None:
    job_id = new_job_id()

    assert JobAccepted.of(job_id).model_dump(mode="json") == {
        "job_id": job_id,
        "status": "pending",
        "poll_url": f"/storyboard/jobs/{job_id}",
    }


def test_an_understanding_has_the_seven_documented_fields() -> None:
    assert list(Understanding.model_fields)[:7] == [
        "headline",
        "what_it_does",
        "business_value",
        "who_benefits",
        "differentiator",
        "pain_point_addressed",
        "suggested_icon",
    ]


def test_a_view_survives_details_of_another_version(clock: ManualClock) -> None:
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={},
        created_at=clock.now(),
        details={"warnings": "not a list", "cost": {"euros": 3}},
    )

    view = JobView.of(job)
    assert (view.warnings, view.cost, view.revised_from) == ([], None, None)


def test_a_view_begins_with_the_documented_fields() -> None:
    assert list(JobView.model_fields)[:8] == [
        "job_id",
        "status",
        "result_image",
        "understanding",
        "error_message",
        "execution_time_ms",
        "created_at",
        "completed_at",
    ]


def test_a_view_says_what_it_revises(clock: ManualClock) -> None:
    parent = new_job_id()
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={"revises": parent},
        created_at=clock.now(),
    )

    assert JobView.of(job).revised_from == parent
