"""The ordered steps of a storyboard."""

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pydantic import JsonValue

from storyloom.errors import Rejected
from storyloom.kit.ids import JobId
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.pipeline import (
    CodeToStoryboardTool,
    RoadmapToStoryboardTool,
    source_name,
)
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import DirectSteps, FixedReading

Accept = Callable[..., Awaitable[JobId]]


async def test_a_code_file_becomes_a_picture(
    bench: Workbench, accepted: Accept, steps: DirectSteps
) -> None:
    job_id = await accepted()

    await CodeToStoryboardTool(bench).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    assert (job.status, job.error_message) == ("completed", None)
    picture = Image.open(BytesIO(b64decode(job.result_image or "")))
    assert (job.status, job.error_message) == ("completed", None)
    assert picture.size == (1920, 1080)
    assert picture.format == "PNG"
    assert job.understanding is not None
    assert job.understanding["headline"] == "Payback before you sign"


async def test_each_expensive_part_is_one_step(
    bench: Workbench, accepted: Accept, steps: DirectSteps
) -> None:
    await CodeToStoryboardTool(bench).run(await accepted(), steps)

    assert steps.runs == {"understand": 1, "illustrate": 1, "draw": 1, "archive": 1}


async def test_the_custom_headline_is_used_word_for_word(
    bench: Workbench, accepted: Accept, steps: DirectSteps
) -> None:
    job_id = await accepted(custom_headline="  *Sign* here, #1!  ")

    await CodeToStoryboardTool(bench).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    assert job.understanding is not None
    assert job.understanding["headline"] == "  *Sign* here, #1!  "
    assert Drawn.model_validate(job.details).board.headline == "*Sign* here, #1!"


@pytest.mark.parametrize(
    ("shape", "size"),
    [("landscape", (1920, 1080)), ("portrait", (1080, 1350)), ("square", (1200, 1200))],
)
async def test_the_page_has_the_shape_that_was_asked_for(
    shape: str, size: tuple[int, int], bench: Workbench, accepted: Accept
) -> None:
    job_id = await accepted(format=shape)

    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())

    drawn = Drawn.model_validate((await bench.jobs.job(job_id)).details)
    assert (drawn.picture.width, drawn.picture.height) == size


async def test_the_footnote_names_the_file_without_its_folders(
    bench: Workbench, accepted: Accept, steps: DirectSteps
) -> None:
    job_id = await accepted()

    await CodeToStoryboardTool(bench).run(job_id, steps)

    board = Drawn.model_validate((await bench.jobs.job(job_id)).details).board
    assert board.footnote == "Read from x.py by rules, without a model"


async def test_the_time_of_execution_is_measured(
    bench: Workbench, accepted: Accept, steps: DirectSteps
) -> None:
    job_id = await accepted()

    await CodeToStoryboardTool(bench).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    assert job.execution_time_ms == 0
    assert job.started_at is not None
    assert job.completed_at is not None


async def test_a_step_that_fails_ends_the_job_with_its_reason(
    bench: Workbench, reading: FixedReading, accepted: Accept, steps: DirectSteps
) -> None:
    reading.fault = Rejected("The model refuses this file.", system="model")
    job_id = await accepted()

    await CodeToStoryboardTool(bench).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    assert job.status == "failed"
    assert job.error_message == "The model refuses this file."
    assert job.error_code == "rejected"
    assert steps.runs == {"understand": 1, "fail": 1}


async def test_a_reading_that_hangs_ends_in_a_timeout(
    bench: Workbench, reading: FixedReading, accepted: Accept, steps: DirectSteps
) -> None:
    reading.wait = asyncio.Event()
    job_id = await accepted()

    await CodeToStoryboardTool(replace(bench, job_timeout_s=0.02)).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    assert job.status == "failed"
    assert job.error_message == "Storyboard timeout after 0.02 seconds"
    assert job.error_code == "timeout"


async def test_a_roadmap_is_read_from_the_image_store(
    bench: Workbench, reading: FixedReading, accepted: Accept, steps: DirectSteps
) -> None:
    await bench.images.put("sources/abc", b"picture")
    job_id = await accepted(image_key="sources/abc", sanitize_ip=False)

    await RoadmapToStoryboardTool(bench).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    (source, more) = reading.seen[0]  # type: ignore[misc]
    assert (job.status, job.error_message) == ("completed", None)
    assert source[0] == b"picture"
    assert more == {"sanitize_ip": False}


@pytest.mark.parametrize("fault", [None, Rejected("The model refuses.", system="model")])
async def test_an_end_is_told_by_the_run_that_wrote_it(
    bench: Workbench,
    reading: FixedReading,
    accepted: Accept,
    caplog: pytest.LogCaptureFixture,
    *,
    fault: Rejected | None,
) -> None:
    caplog.set_level("INFO", "storyloom.storyboard.pipeline")
    tool, job_id = CodeToStoryboardTool(bench), await accepted()

    await tool.run(job_id, DirectSteps())
    reading.fault = fault
    await tool.run(job_id, DirectSteps())

    counted = [(took.labels, took.cumulative[-1]) for took in bench.meter.jobs.read()]
    assert counted == [(("code_to_storyboard", "completed"), 1)]
    assert [record.message for record in caplog.records] == ["job ended"]


async def test_a_preset_that_has_gone_fails_the_job_and_says_so(
    bench: Workbench, accepted: Accept, steps: DirectSteps
) -> None:
    job_id = await accepted(stage="gone")

    await CodeToStoryboardTool(bench).run(job_id, steps)

    job = await bench.jobs.job(job_id)
    assert job.error_code == "invalid_input"
    assert "'preview', 'demo', 'shipped'" in (job.error_message or "")


@pytest.mark.parametrize(
    ("given", "shown"),
    [("a.py", "a.py"), ("src/a.py", "a.py"), ("C:\\src\\a.py", "a.py"), ("/", "/")],
)
def test_source_names_have_no_folders(given: str, shown: str) -> None:
    assert source_name(given) == shown


@pytest.mark.parametrize("begins_after", ["nothing", "understand", "illustrate"])
async def test_of_a_job_that_has_ended_nothing_more_is_done(
    bench: Workbench, reading: FixedReading, accepted: Accept, begins_after: str
) -> None:
    """It was cancelled while nobody ran it, and is taken up after a crash."""
    job_id = await accepted()
    kept: dict[str, JsonValue] = {}

    class Kept(DirectSteps):
        """Steps that had finished are not run again; after some of them, the process dies."""

        async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
            if name not in kept:
                kept[name] = await super().run(name, work)
            if name == begins_after and not self.is_second:
                raise KeyboardInterrupt
            return kept[name]

        is_second = False

    if begins_after != "nothing":
        with pytest.raises(KeyboardInterrupt):
            await CodeToStoryboardTool(bench).run(job_id, Kept())
    await bench.jobs.cancel(await bench.jobs.job(job_id), {})
    seen, after = len(reading.seen), Kept()
    after.is_second = True

    await CodeToStoryboardTool(bench).run(job_id, after)

    assert (await bench.jobs.job(job_id)).status == "cancelled"
    assert len(reading.seen) == seen
    assert "fail" not in after.runs
    assert "archive" not in after.runs
