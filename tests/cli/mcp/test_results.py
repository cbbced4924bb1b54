"""What a model is shown."""

from base64 import b64decode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from storyloom.cli.mcp.results import SIDE, answer
from storyloom.cli.mcp.schemas import Told
from storyloom.work.schemas import Links, Waiting, Work, WorkError
from tests.cli.conftest import png
from tests.cli.mcp.agents import pictures, words

JOB = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"


def work(**other: Any) -> Work:
    """A storyboard's job as a server tells of it, with some fields of another kind."""
    usual = {
        "id": JOB,
        "kind": "code_to_storyboard",
        "status": "running",
        "stage": None,
        "priority": "normal",
        "attempt": 1,
        "metrics": {"queue_s": None, "run_s": None},
        "created_at": "2026-01-01T00:00:00Z",
        "started_at": None,
        "completed_at": None,
        "org_id": "default",
        "labels": {},
        "links": Links.of(JOB, "/x").model_dump(),
        "progress": {"done": 0, "total": 1, "fraction": 0.0},
        "input": {},
    }
    return Work.model_validate(usual | other)


def test_a_small_picture_is_shown_as_it_is() -> None:
    (shown,) = pictures(answer(Told.of(work()), [png(64, 48)]))

    assert shown.mime_type == "image/png"
    assert b64decode(shown.data) == png(64, 48)


@pytest.mark.parametrize("size", [(3000, 1500), (1500, 3000), (SIDE + 1, 10)])
def test_a_large_picture_is_made_small(size: tuple[int, int]) -> None:
    (shown,) = pictures(answer(Told.of(work()), [png(*size)]))

    assert shown.mime_type == "image/jpeg"
    assert max(Image.open(BytesIO(b64decode(shown.data))).size) == SIDE


def test_a_photograph_is_shown_and_what_is_broken_is_left_out() -> None:
    photograph = BytesIO()
    Image.new("RGB", (8, 8)).save(photograph, "JPEG")

    shown = pictures(answer(Told.of(work()), [b"no picture", photograph.getvalue()]))

    assert [one.mime_type for one in shown] == ["image/jpeg"]


def test_a_job_that_goes_on_says_how_to_wait_for_it() -> None:
    wait = Waiting(code="gpu", detail="The GPU is busy")

    told = Told.of(work(status="waiting", waiting_on=[wait]))

    assert told.says == (
        f"The job is waiting. The GPU is busy. It goes on; job_status with the job_id {JOB} and "
        "wait_s tells when it has ended."
    )


def test_a_failure_says_why_and_what_may_help() -> None:
    error = WorkError(code="quota", message="Used up.", retryable=False, hint="Buy more.")

    said = words(answer(Told.of(work(status="failed", error=error)), []))

    assert said == f"Used up. (job_id {JOB}, code_to_storyboard, failed)\nBuy more."


def test_what_is_not_as_usual_is_told() -> None:
    told = Told.of(work(status="canceled", degraded=["No OCR."], warnings=["Cut."]))
    told.understanding = {"headline": "Know\nthe payback", "source": "static"}
    told.files = ["/x/a.png"]

    assert words(answer(told, [])).splitlines() == [
        f"The job was canceled. (job_id {JOB}, code_to_storyboard, canceled)",
        "File: /x/a.png",
        "Headline: Know the payback",
        "Not as usual: No OCR.",
        "Not as usual: Cut.",
    ]
