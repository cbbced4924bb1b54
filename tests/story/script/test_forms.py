"""Which form a script has."""

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.script import forms
from storyloom.story.script.elements import Form
from storyloom.story.script.forms import form_of, read_script


@pytest.mark.parametrize(
    "text",
    [
        "INT. YARD - DAY\n\nShe waits.",
        "She waits.\n\nMARIA\nHello.\n\nTOM\n(quietly)\nHello.",
        "Title: X\n\nMARIA\nHello.\n\nHe nods.\n\nTOM\nHello.",
    ],
)
def test_a_screenplay_has_slug_lines_or_names_over_what_is_said(text: str) -> None:
    assert form_of(text) is Form.FOUNTAIN


@pytest.mark.parametrize(
    "text",
    [
        "She waits.\n\nHe comes.",
        "...and so it began.\n\nInterior light fell in.",
        "CHAPTER ONE\nShe waits.\n\nCHAPTER TWO\nHe comes.",
        "ONE\n\nShe waits.\n\nTWO\n\nHe comes.",
        "MARIA\nHello. One name is none.\n\nThen she went.",
        "[[INT. YARD]]\n\nShe waits.",
    ],
)
def test_anything_else_is_prose(text: str) -> None:
    assert form_of(text) is Form.PROSE


def test_a_script_is_read_in_its_form() -> None:
    assert read_script("INT. YARD\n\nShe waits.").scenes[0].heading == "INT. YARD"
    assert read_script("She waits.").form is Form.PROSE


def test_a_script_without_scenes_or_with_too_many_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InvalidInput) as empty:
        read_script("Chapter 1\n\nChapter 2")
    monkeypatch.setattr(forms, "MAX_SCENES", 2)
    with pytest.raises(InvalidInput) as long:
        read_script("INT. A\n\nx\n\n" * 3)

    assert (empty.value.kind, long.value.kind) == ("script_empty", "script_too_long")
