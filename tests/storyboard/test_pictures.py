"""Finished pictures as files."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from storyloom.boards.schemas import FileFormat
from storyloom.kit.ids import JobId
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.errors import JobNotFinished, JobNotFound
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.pipeline import CodeToStoryboardTool
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import DirectSteps
from tests.storyboard.painters import FakePainter

Accept = Callable[..., Awaitable[JobId]]
START = {FileFormat.PNG: b"\x89PNG", FileFormat.SVG: b"<svg", FileFormat.PDF: b"%PDF"}


@pytest.fixture
def pictures(bench: Workbench) -> StoryboardPictures:
    return StoryboardPictures(bench.jobs, bench.images, bench.studio)


@pytest.fixture
async def finished(bench: Workbench, accepted: Accept) -> JobId:
    job_id = await accepted()
    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())
    return job_id


@pytest.mark.parametrize("file_format", list(FileFormat))
async def test_a_finished_board_is_served_in_each_format(
    file_format: FileFormat, pictures: StoryboardPictures, finished: JobId
) -> None:
    picture = await pictures.picture(finished, file_format, None)

    assert picture.data.startswith(START[file_format])
    assert file_format in picture.media_type


async def test_asking_again_gives_the_same_file(
    pictures: StoryboardPictures, finished: JobId
) -> None:
    first = await pictures.picture(finished, FileFormat.PDF, None)

    assert await pictures.picture(finished.upper(), FileFormat.PDF, "acme") is first


async def test_a_pending_job_has_no_picture_yet(
    pictures: StoryboardPictures, accepted: Accept
) -> None:
    with pytest.raises(JobNotFinished, match="is pending; its picture is not ready yet"):
        await pictures.picture(await accepted(), FileFormat.PNG, None)


async def test_a_failed_job_has_no_picture_and_says_why(
    bench: Workbench, pictures: StoryboardPictures, accepted: Accept
) -> None:
    job_id = await accepted()
    await bench.jobs.fail(job_id, message="No idea.", code="internal")

    with pytest.raises(JobNotFinished, match=r"has no picture: it failed\. No idea\."):
        await pictures.picture(job_id, FileFormat.PNG, None)


async def test_the_picture_of_another_organisation_is_not_found(
    pictures: StoryboardPictures, finished: JobId
) -> None:
    with pytest.raises(JobNotFound):
        await pictures.picture(finished, FileFormat.PNG, "other")
    await pictures.picture(finished, FileFormat.PNG, "acme")
    with pytest.raises(JobNotFound):
        await pictures.picture(finished, FileFormat.PNG, "other")


async def test_what_is_no_id_is_not_found(pictures: StoryboardPictures) -> None:
    with pytest.raises(JobNotFound, match="Job 'abc-123' not found"):
        await pictures.picture("abc-123", FileFormat.PNG, None)


@pytest.mark.parametrize("file_format", list(FileFormat))
async def test_a_picture_outlives_its_files(
    file_format: FileFormat, bench: Workbench, pictures: StoryboardPictures, finished: JobId
) -> None:
    drawn = Drawn.model_validate((await bench.jobs.job(finished)).details)
    assert drawn.board.art is not None
    await bench.images.delete(drawn.picture.key)
    await bench.images.delete(drawn.board.art.key)

    picture = await pictures.picture(finished, file_format, None)

    assert picture.data.startswith(START[file_format])


async def test_a_board_may_have_no_art(
    bench: Workbench, pictures: StoryboardPictures, accepted: Accept
) -> None:
    job_id = await accepted()
    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())
    drawn = Drawn.model_validate((await bench.jobs.job(job_id)).details)

    data = await pictures._draw(drawn.board.model_copy(update={"art": None}), FileFormat.PDF)

    assert data.startswith(b"%PDF")


async def test_a_painted_page_is_served_in_each_format_without_drawing_it_again(
    bench: Workbench, accepted: Accept
) -> None:
    bench = replace(bench, studio=replace(bench.studio, painter=FakePainter()))
    job_id = await accepted(render="painted")
    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())
    pictures = StoryboardPictures(bench.jobs, bench.images, bench.studio)

    png, svg, pdf = [(await pictures.picture(job_id, kind, None)).data for kind in FileFormat]

    assert png.startswith(START[FileFormat.PNG])
    assert b64encode(png) in svg
    assert b"<title>Payback before you sign</title>" in svg
    assert b"Savings are guessed at in spreadsheets." in svg
    assert pdf.startswith(b"%PDF")
