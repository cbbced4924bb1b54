"""What a studio says of its boards and drawings."""

import pytest

from storyloom.boards.schemas import BoardFormat, Drawing, FileFormat
from storyloom.storyboard.schemas import Understanding, UnderstandingSource, Wishes
from storyloom.storyboard.studio import Studio, warnings_of
from tests.storyboard.painters import raster

UNDERSTOOD = Understanding(
    headline="Payback",
    what_it_does="Counts.",
    business_value="",
    who_benefits="",
    differentiator="",
    pain_point_addressed="",
    suggested_icon="calculator",
)


def drawing(*, missing: tuple[str, ...] = (), cut: tuple[str, ...] = ()) -> Drawing:
    return Drawing(data=b"", width=1, height=1, missing_glyphs=missing, truncated=cut)


def test_a_faithful_drawing_has_no_warnings() -> None:
    assert warnings_of(drawing()) == ()


def test_characters_without_a_font_are_named() -> None:
    assert warnings_of(drawing(missing=("ꙮ", "𒀀"))) == (
        "No installed font has these characters, so they are left out: ꙮ 𒀀",
    )


def test_fields_that_were_cut_are_named() -> None:
    assert warnings_of(drawing(cut=("headline", "panels.0.body"))) == (
        "The text is longer than its place and was cut short in: headline, panels.0.body",
    )


@pytest.mark.parametrize(
    ("source", "footnote"),
    [
        (UnderstandingSource.STATIC, "Read from roi.py by rules, without a model"),
        (UnderstandingSource.OCR, "Read from roi.py by rules, without a model"),
        (UnderstandingSource.MODEL, "Understood from roi.py by a language model"),
        (UnderstandingSource.NONE, "Roi.py could not be read"),
    ],
)
async def test_the_footnote_says_how_it_was_understood(
    source: UnderstandingSource, footnote: str, studio: Studio
) -> None:
    understood = UNDERSTOOD.model_copy(update={"source": source})
    brief = studio.catalogue.brief(Wishes())

    board = await studio.board(understood, brief, BoardFormat.SQUARE, art=None, origin="roi.py")

    assert board.footnote == footnote


@pytest.mark.parametrize(
    ("file_format", "start"),
    [(FileFormat.PNG, b"\x89PNG"), (FileFormat.SVG, b"<svg"), (FileFormat.PDF, b"%PDF")],
)
async def test_a_painted_page_becomes_any_kind_of_file(
    file_format: FileFormat, start: bytes, studio: Studio
) -> None:
    page = raster(BoardFormat.SQUARE.size, "PNG")
    brief = studio.catalogue.brief(Wishes())
    board = await studio.board(UNDERSTOOD, brief, BoardFormat.SQUARE, art=None, origin="roi.py")

    assert (await studio.convert(page, board, file_format)).startswith(start)
