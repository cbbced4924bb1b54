"""Slug lines, told from other lines and taken apart."""

import pytest

from storyloom.story.script.slugs import Slug, is_slug, slug_of


@pytest.mark.parametrize(
    "line",
    [
        "INT. KITCHEN - DAY",
        "ext. pier",
        "INT KITCHEN",
        "I/E CAR",
        "EST. CITY",
        ".FORCED",
        "12A INT. HALL",
    ],
)
def test_a_slug_line_is_known(line: str) -> None:
    assert is_slug(line)


@pytest.mark.parametrize(
    "line",
    ["", "interesting", "ext pier", "INTERIOR LIGHT", "...and then", "INT.", "INT. " + "x" * 300],
)
def test_other_lines_are_none(line: str) -> None:
    assert not is_slug(line)


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        (
            "INT. LIGHTHOUSE - LAMP ROOM - NIGHT #4#",
            Slug(
                "INT. LIGHTHOUSE - LAMP ROOM - NIGHT", "LIGHTHOUSE, LAMP ROOM", "interior", "night"
            ),
        ),
        ("12A EXT. PIER - CONTINUOUS 12A", Slug("EXT. PIER - CONTINUOUS", "PIER", "exterior")),
        (".THE DEEP", Slug("THE DEEP", "THE DEEP")),
        (
            "I/E CAR \u2013 LATE AFTERNOON",
            Slug("I/E CAR \u2013 LATE AFTERNOON", "CAR", "both", "late afternoon"),
        ),
        (
            "INT. CAR - 2 DAYS LATER",
            Slug("INT. CAR - 2 DAYS LATER", "CAR", "interior", is_later=True),
        ),
        (
            "EXT. PIER - NIGHT - LATER",
            Slug("EXT. PIER - NIGHT - LATER", "PIER", "exterior", "night", is_later=True),
        ),
        ("EXT. PIER - DAY (1952)", Slug("EXT. PIER - DAY (1952)", "PIER", "exterior", "day")),
    ],
)
def test_a_slug_line_is_taken_apart(line: str, slug: Slug) -> None:
    assert slug_of(line) == slug
