"""A storyboard as slides, as PowerPoint's own format tells them."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from storyloom.boards.export.board_slides import board_slides
from storyloom.boards.schemas import Board, BoardFormat, Brand, Panel, Scene, Tracker


def _board(**more: Any) -> Board:
    fields = {
        "brand": Brand(name="Coperniq"),
        "badge": "Coming soon",
        "kicker": "Briefing",
        "headline": "Know the payback <before>",
        "lead": "Calculates yearly savings.",
        "tracker": Tracker(stations=("Preview",), position=0),
        "panels": (Panel(scene=Scene.VALUE, label="What it is worth", body="A day a week."),),
    }
    return Board.model_validate(fields | more)


def _png(size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


def _deck(board: Board) -> Any:
    return Presentation(BytesIO(board_slides(board, _png(board.format.size))))


@pytest.mark.parametrize("page", list(BoardFormat))
def test_the_picture_fills_a_slide_of_its_shape(page: BoardFormat) -> None:
    deck = _deck(_board(format=page))

    picture = deck.slides[0].shapes[0]
    wide, high = page.size
    assert deck.slide_width * high == deck.slide_height * wide
    assert (picture.left, picture.top) == (0, 0)
    assert (picture.width, picture.height) == (deck.slide_width, deck.slide_height)
    told = "Know the payback <before>\nCalculates yearly savings.\nWhat it is worth: A day a week."
    assert picture.element.nvPicPr.cNvPr.get("descr") == told
    assert deck.slides[0].notes_slide.notes_text_frame.text == told


def test_its_words_are_text_that_can_be_changed() -> None:
    deck = _deck(_board())

    words = deck.slides[1].shapes[0].text_frame
    assert [paragraph.text for paragraph in words.paragraphs] == [
        "Know the payback <before>",
        "Calculates yearly savings.",
        "What it is worth",
        "A day a week.",
    ]
    assert deck.core_properties.title == "Know the payback <before>"


def test_words_run_in_their_own_direction() -> None:
    deck = _deck(_board(headline="حسناً، لنبدأ", lead=""))

    paragraphs = deck.slides[1].shapes[0].text_frame.paragraphs
    told = [p._p.pPr is not None and p._p.pPr.get("rtl") for p in paragraphs]
    assert told == ["1", None, None]
