"""Actions as sentences for a picture."""

import pytest

from storyloom.story.finding.cast import Cast
from storyloom.story.finding.wording import is_thin, told


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    made.call(made.add("Nora Corvell"), "Nora")
    return made


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("NORA CORVELL (61, keeper) walks.", "Nora Corvell walks."),
        ("NORA lifts the LANTERN.", "Nora lifts the lantern."),
        ("NORA'S lantern burns on TV.", "Nora's lantern burns on TV."),
        ("CLOSE ON - the key turns.", "The key turns."),
        ("We see Nora at the door.", "Nora at the door."),
        ("CLOSE ON", ""),
    ],
)
def test_brackets_capitals_and_cues_are_taken_off(cast: Cast, action: str, expected: str) -> None:
    assert told(action, cast) == expected


def test_pauses_are_thin() -> None:
    assert all(map(is_thin, ["Silence.", "A beat...", "A long pause —"]))
    assert not any(map(is_thin, ["Silence falls on the sea.", "She waits.", "x" * 99]))
