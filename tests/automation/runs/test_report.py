"""The morning report: its headline."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.report import report_of
from storyloom.automation.runs.schemas import Run
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import new_job_id

AT = datetime(2026, 5, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "headline"),
    [
        ({}, "No picture is made yet."),
        (
            {"status": JobStatus.PROCESSING},
            "No picture is made yet.",
        ),
        ({"status": JobStatus.COMPLETED}, "No picture was wanted."),
        (
            {"status": JobStatus.CANCELLED},
            "The run was cancelled before a picture was begun.",
        ),
        (
            {"status": JobStatus.FAILED, "error_message": "SwarmUI is gone."},
            "SwarmUI is gone.",
        ),
    ],
)
def test_a_run_without_pictures_says_why(state: dict[str, Any], headline: str) -> None:
    name = new_job_id()
    known = {"id": name, "job": name, "org_id": "acme", "session_timestamp": 1, "created_at": AT}
    run = Run.model_validate({**known, "config": RunConfig(), **state})

    report = report_of(run, (), now=AT, reused=0, beats=0, spent=None)

    assert report.headline == headline
