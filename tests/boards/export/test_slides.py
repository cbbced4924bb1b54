"""Slides, as PowerPoint's own format tells them."""

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import CancelScope, from_thread, to_thread
from pptx import Presentation

from storyloom.boards.export.exporter import Exporter
from storyloom.boards.export.ports import Fetch
from storyloom.boards.export.schemas import ExportKind, Reel, ReelItem, Shape
from storyloom.boards.export.slides import Deck, picture_side
from storyloom.errors import Unsupported


async def _slides(exporter: Exporter, reel: Reel, fetch: Fetch, folder: Path) -> list[Any]:
    file = await exporter.export(reel, ExportKind.SLIDES, fetch, folder / "story.pptx")
    return list(Presentation(str(file.path)).slides)


def _text(slide: Any) -> str:
    return "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)


async def test_each_picture_has_a_slide_with_real_text(
    exporter: Exporter, reel: Reel, fetch: Fetch, tmp_path: Path
) -> None:
    title, first, second, third, lost = await _slides(exporter, reel, fetch, tmp_path)

    assert "The Last Train\nEpisode 3\n2 of 4 pictures made" in _text(title)
    assert "3: Write another prompt." in _text(title)
    assert _text(first) == (
        "1 EXT. STATION - NIGHT\nMara runs along the platform.\n2.5 s · sdxl, seed 7"
    )
    assert first.notes_slide.notes_text_frame.text == "MARA\nWait!"
    picture = first.shapes[0]
    assert picture.image.content_type == "image/jpeg"
    assert picture.element.nvPicPr.cNvPr.get("descr") == "Mara runs along the platform."
    assert "degraded" in _text(second)
    assert "#panic()" in _text(third)
    assert not any(hasattr(shape, "image") for slide in (third, lost) for shape in slide.shapes)


def test_words_run_in_their_own_direction(tmp_path: Path) -> None:
    deck = Deck(Reel(title="x"))
    deck.add(ReelItem(number=1, caption="حسناً، لنبدأ", shape=Shape.TALL), None)
    anyio.run(to_thread.run_sync, deck.save, tmp_path / "a.pptx")

    slide: Any = list(Presentation(str(tmp_path / "a.pptx")).slides)[1]
    paragraphs = slide.shapes[1].text_frame.paragraphs
    assert [p._p.pPr is not None and p._p.pPr.get("rtl") for p in paragraphs] == [None, "1", None]


def test_a_file_that_nobody_wants_any_more_is_not_written_to_its_end(tmp_path: Path) -> None:
    deck = Deck(Reel(title="x"))

    async def given_up() -> bool:
        with CancelScope() as scope:

            def save() -> None:
                from_thread.run_sync(scope.cancel)
                deck.save(tmp_path / "a.pptx")

            await to_thread.run_sync(save)
        return scope.cancelled_caught

    assert anyio.run(given_up)
    assert (tmp_path / "a.pptx").stat().st_size == 0


def test_many_pictures_are_smaller_ones() -> None:
    assert (picture_side(300), picture_side(301)) == (1280, 800)


def test_without_its_package_there_are_no_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)

    with pytest.raises(Unsupported, match=r"storyloom\[pptx\]"):
        Deck(Reel(title="x"))
