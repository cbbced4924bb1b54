"""What is shown of a run: it never stands still without a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.schemas import Report, Run, WaitCode, WaitingOn, Wanted
from storyloom.automation.runs.views import RunSummary, waits_of
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import new_job_id

AT = datetime(2026, 5, 1, 23, tzinfo=UTC)
HOT = WaitingOn(code=WaitCode.GPU_HOT, detail="It has 91 °C", since=AT)

MADE = Report(headline="", total=4, done=2, degraded=1, failed=1)


def run_of(**what: Any) -> Run:
    name = new_job_id()
    known = {"id": name, "job": name, "org_id": "acme", "session_timestamp": 1, "created_at": AT}
    return Run.model_validate({**known, "config": RunConfig(), **what})


@pytest.mark.parametrize(
    ("run", "codes"),
    [
        (run_of(), [WaitCode.QUEUED]),
        (run_of(wanted=Wanted.PAUSE), [WaitCode.QUEUED, WaitCode.PAUSED]),
        (run_of(status=JobStatus.PROCESSING), []),
        (run_of(status=JobStatus.PROCESSING, wanted=Wanted.PAUSE), [WaitCode.PAUSED]),
        (
            run_of(status=JobStatus.PROCESSING, wanted=Wanted.PAUSE, waiting_on=(HOT,)),
            [WaitCode.GPU_HOT, WaitCode.PAUSED],
        ),
        (run_of(status=JobStatus.CANCELLED, wanted=Wanted.PAUSE), []),
    ],
)
def test_why_nothing_moves(run: Run, codes: list[WaitCode]) -> None:
    assert [one.code for one in waits_of(run)] == codes


@pytest.mark.parametrize(
    ("run", "pictures"),
    [
        (run_of(status=JobStatus.COMPLETED, report=MADE), 3),
        (run_of(status=JobStatus.PENDING, report=MADE), None),
        (run_of(status=JobStatus.CANCELLED), None),
    ],
)
def test_a_run_that_has_ended_says_how_many_pictures_it_has_made(
    run: Run, pictures: int | None
) -> None:
    assert RunSummary.of(run).pictures == pictures
