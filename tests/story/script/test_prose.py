"""Prose: paragraphs and scenes."""

import pytest

from storyloom.story.script.elements import Action
from storyloom.story.script.prose import heading_in, read_prose


def read(text: str) -> list[tuple[str, list[str]]]:
    return [
        (scene.heading, [part.text for part in scene.parts if isinstance(part, Action)])
        for scene in read_prose(text).scenes
    ]


def test_paragraphs_are_between_empty_lines_and_scenes_between_rows_of_signs() -> None:
    assert read("She waits\nby the sea.\n\nA gull.\n\n* * *\n\nNight.\n\n---\nDawn.") == [
        ("", ["She waits by the sea.", "A gull."]),
        ("", ["Night."]),
        ("", ["Dawn."]),
    ]


def test_headings_begin_scenes() -> None:
    text = "# The Kite\n\nChapter One: Noon\n\nShe runs.\n\nII.\n\nHe runs.\n\nTHE END OF IT\n\nThey rest."

    assert read_prose(text).title == "The Kite"
    assert read(text) == [
        ("Chapter One: Noon", ["She runs."]),
        ("II.", ["He runs."]),
        ("THE END OF IT", ["They rest."]),
    ]


def test_a_short_first_line_is_the_title_unless_it_is_a_sentence() -> None:
    assert read_prose("The Red Kite\n\nShe runs.").title == "The Red Kite"
    assert read_prose("She runs.\n\nHe runs.").title == ""
    assert read_prose("Chapter 1\n\nShe runs.").title == ""
    assert read_prose("The Red Kite").title == ""


def test_a_leap_in_time_or_a_wide_gap_begins_a_scene() -> None:
    text = "She runs.\n\nShe falls.\n\nThe next morning she wakes.\n\nHe comes.\n\n\n\nSilence."

    assert [len(parts) for _, parts in read(text)] == [2, 2, 1]
    assert len(read("Meanwhile she waits.")) == 1


def test_lines_that_are_paragraphs_are_taken_as_such() -> None:
    long = "word " * 30 + "end."

    assert read(f"{long}\n{long}\nShort.") == [("", [long, long, "Short."])]
    assert read("She runs\non.\n***\nHe rests.") == [("", ["She runs on."]), ("", ["He rests."])]


@pytest.mark.parametrize(
    ("block", "heading"),
    [
        ("***", ""),
        ("\u2042", ""),
        ("## Night ", "Night"),
        ("CHAPTER 12", "CHAPTER 12"),
        ("Kapitel 3", "Kapitel 3"),
        ("\u7b2c\u4e00\u7ae0 \u6d77", "\u7b2c\u4e00\u7ae0 \u6d77"),
        ("XIV.", "XIV."),
        ("THE HARBOUR", "THE HARBOUR"),
        ("STOP!", None),
        ("A", None),
        ("Part of it was lost.", None),
        ("two\nlines", None),
    ],
)
def test_headings_are_told_from_paragraphs(block: str, heading: str | None) -> None:
    assert heading_in(block) == heading


def test_reading_takes_time_that_grows_with_the_text_alone() -> None:
    for piece in ("\n", "\n\n \n", "* ", "-\n", "# a\n", "x\n\n", "II\n", "A" * 90 + "\n"):
        read_prose(piece * (20_000 // len(piece)))
