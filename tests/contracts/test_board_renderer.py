"""What every board renderer promises."""

import io

import pytest
from PIL import Image

from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.boards.ports import BoardRenderer
from storyloom.boards.schemas import (
    Board,
    BoardFormat,
    Brand,
    FileFormat,
    Panel,
    Scene,
    Tracker,
)
from storyloom.errors import InvalidInput

MAGIC = {FileFormat.PNG: b"\x89PNG", FileFormat.SVG: b"<svg", FileFormat.PDF: b"%PDF-"}


@pytest.fixture(params=["typst"])
def renderer() -> BoardRenderer:
    return TypstBoardRenderer()


def _board(board_format: BoardFormat = BoardFormat.LANDSCAPE, headline: str = "It works") -> Board:
    return Board(
        format=board_format,
        brand=Brand(name="Coperniq"),
        badge="Live now",
        kicker="For everyone",
        headline=headline,
        lead="One sentence about it.",
        tracker=Tracker(stations=("Preview", "Shipped"), position=0),
        panels=(Panel(scene=Scene.VALUE, label="Value", body="It saves an hour a day."),),
    )


@pytest.mark.parametrize("file_format", FileFormat)
async def test_the_file_is_of_the_kind_that_was_asked_for(
    renderer: BoardRenderer, file_format: FileFormat
) -> None:
    drawing = await renderer.draw(_board(), file_format)

    assert drawing.data.startswith(MAGIC[file_format])
    assert (drawing.width, drawing.height) == BoardFormat.LANDSCAPE.size


@pytest.mark.parametrize("board_format", BoardFormat)
@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_a_png_has_exactly_the_formats_pixels(
    renderer: BoardRenderer, board_format: BoardFormat, scale: float
) -> None:
    drawing = await renderer.draw(_board(board_format), FileFormat.PNG, scale=scale)

    width, height = board_format.size
    with Image.open(io.BytesIO(drawing.data)) as image:
        assert image.size == (drawing.width, drawing.height)
        assert image.size == (width * scale, height * scale)


@pytest.mark.parametrize("file_format", FileFormat)
async def test_the_same_board_gives_the_same_bytes(
    renderer: BoardRenderer, file_format: FileFormat
) -> None:
    first = await renderer.draw(_board(), file_format)
    other = await renderer.draw(_board(headline="Something else"), file_format)

    assert (await renderer.draw(_board(), file_format)).data == first.data
    assert other.data != first.data


async def test_art_is_shown(renderer: BoardRenderer) -> None:
    out = io.BytesIO()
    Image.new("RGB", (640, 360), "#00aa55").save(out, "PNG")

    without = await renderer.draw(_board(), FileFormat.PNG)
    shown = await renderer.draw(_board(), FileFormat.PNG, art=out.getvalue())

    assert shown.data != without.data


async def test_art_that_is_no_picture_is_refused(renderer: BoardRenderer) -> None:
    with pytest.raises(InvalidInput):
        await renderer.draw(_board(), FileFormat.PNG, art=b"nothing of the kind")


async def test_characters_without_a_font_are_left_out_and_told(renderer: BoardRenderer) -> None:
    drawing = await renderer.draw(_board(headline="Known \u0378 unknown"), FileFormat.PNG)

    assert drawing.missing_glyphs == ("\u0378",)


async def test_words_that_had_to_be_cut_are_told(renderer: BoardRenderer) -> None:
    board = _board()
    endless = board.panels[0].model_copy(update={"label": "on and on " * 5, "body": "word " * 5000})

    drawing = await renderer.draw(
        board.model_copy(update={"panels": (endless,) * 6}), FileFormat.SVG
    )

    assert "panels.0.body" in drawing.truncated
    assert (await renderer.draw(board, FileFormat.SVG)).truncated == ()


async def test_it_is_ready(renderer: BoardRenderer) -> None:
    await renderer.ping()
