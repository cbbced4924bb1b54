"""Finished pictures as files."""

import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from storyloom.boards.schemas import FileFormat
from storyloom.errors import Unsupported
from storyloom.imaging.schemas import MediaType
from storyloom.kit.ids import JobId
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.errors import JobNotFinished, JobNotFound
from storyloom.storyboard.pictures import StoryboardPictures, offered
from storyloom.storyboard.pipeline import CodeToStoryboardTool
from storyloom.storyboard.schemas import BoardFile
from storyloom.storyboard.workbench import Workbench
from tests.storyboard.conftest import DirectSteps
from tests.storyboard.painters import FakePainter

Accept = Callable[..., Awaitable[JobId]]
START = {
    BoardFile.PNG: b"\x89PNG",
    BoardFile.SVG: b"<svg",
    BoardFile.PDF: b"%PDF",
    BoardFile.PPTX: b"PK",
}


@pytest.fixture
def pictures(bench: Workbench) -> StoryboardPictures:
    return StoryboardPictures(bench.jobs, bench.images, bench.studio)


@pytest.fixture
async def finished(bench: Workbench, accepted: Accept) -> JobId:
    job_id = await accepted()
    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())
    return job_id


@pytest.mark.parametrize("kind", list(BoardFile))
async def test_a_finished_board_is_served_in_each_format(
    kind: BoardFile, pictures: StoryboardPictures, finished: JobId
) -> None:
    picture = await pictures.picture(finished, kind, None)

    assert picture.data.startswith(START[kind])
    assert picture.media_type is offered()[kind]


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Bread, before the doors open", "bread-before-the-doors-open.png"),
        ('../"x"\r\nSet-Cookie: a', "x-set-cookie-a.png"),
        ("面包", "storyboard-{id}.png"),
    ],
)
async def test_a_file_is_called_by_its_headline_as_far_as_a_header_can_say_it(
    headline: str, name: str, *, bench: Workbench, pictures: StoryboardPictures, accepted: Accept
) -> None:
    job_id = await accepted(custom_headline=headline)
    await CodeToStoryboardTool(bench).run(job_id, DirectSteps())

    picture = await pictures.picture(job_id, BoardFile.PNG, None)

    assert picture.name == name.format(id=job_id[:8])


async def test_asking_again_gives_the_same_file(
    pictures: StoryboardPictures, finished: JobId
) -> None:
    first = await pictures.picture(finished, BoardFile.PDF, None)

    assert await pictures.picture(finished.upper(), BoardFile.PDF, "acme") is first


async def test_a_pending_job_has_no_picture_yet(
    pictures: StoryboardPictures, accepted: Accept
) -> None:
    with pytest.raises(JobNotFinished, match="is pending; its picture is not ready yet"):
        await pictures.picture(await accepted(), BoardFile.PNG, None)


async def test_a_failed_job_has_no_picture_and_says_why(
    bench: Workbench, pictures: StoryboardPictures, accepted: Accept
) -> None:
    job_id = await accepted()
    await bench.jobs.fail(job_id, message="No idea.", code="internal")

    with pytest.raises(JobNotFinished, match=r"has no picture: it failed\. No idea\."):
        await pictures.picture(job_id, BoardFile.PNG, None)


async def test_the_picture_of_another_organisation_is_not_found(
    pictures: StoryboardPictures, finished: JobId
) -> None:
    with pytest.raises(JobNotFound):
        await pictures.picture(finished, BoardFile.PNG, "other")
    await pictures.picture(finished, BoardFile.PNG, "acme")
    with pytest.raises(JobNotFound):
        await pictures.picture(finished, BoardFile.PNG, "other")


async def test_what_is_no_id_is_not_found(pictures: StoryboardPictures) -> None:
    with pytest.raises(JobNotFound, match="Job 'abc-123' not found"):
        await pictures.picture("abc-123", BoardFile.PNG, None)


@pytest.mark.parametrize("kind", list(BoardFile))
async def test_a_picture_outlives_its_files(
    kind: BoardFile, bench: Workbench, pictures: StoryboardPictures, finished: JobId
) -> None:
    drawn = Drawn.model_validate((await bench.jobs.job(finished)).details)
    assert drawn.board.art is not None
    await bench.images.delete(drawn.picture.key)
    await bench.images.delete(drawn.board.art.key)

    picture = await pictures.picture(finished, kind, None)

    assert picture.data.startswith(START[kind])


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

    png, svg, pdf, pptx = [(await pictures.picture(job_id, one, None)).data for one in BoardFile]

    assert png.startswith(START[BoardFile.PNG])
    assert b64encode(png) in svg
    assert b"<title>Payback before you sign</title>" in svg
    assert b"Savings are guessed at in spreadsheets." in svg
    assert pdf.startswith(b"%PDF")
    assert pptx.startswith(b"PK")


async def test_slides_are_not_offered_without_their_package(
    pictures: StoryboardPictures, finished: JobId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)

    with pytest.raises(Unsupported, match=r"storyloom\[pptx\]"):
        await pictures.picture(finished, BoardFile.PPTX, None)
    assert MediaType.PPTX not in offered().values()
