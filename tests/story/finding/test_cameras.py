"""Cameras, significance and moods."""

import pytest

from storyloom.story.finding.cameras import cue_of, mood_of, shot_of, significance_of
from storyloom.story.script.schemas import Shot, Significance
from storyloom.story.script.units import UnitKind


def shot(action: str, *people: str, opens: bool = False, is_outside: bool = False) -> Shot:
    kind = UnitKind.ACTION if action else UnitKind.SPEECH
    return shot_of(action, people, kind=kind, opens=opens, is_outside=is_outside)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("CLOSE ON a key.", Shot.CLOSE_UP),
        ("EXTREME CLOSE-UP - an eye.", Shot.EXTREME_CLOSE_UP),
        ("ANGLE ON Nora.", Shot.MEDIUM),
        ("WIDE SHOT: the sea", Shot.WIDE),
        ("POV - the stairs", Shot.POINT_OF_VIEW),
        ("OVERHEAD SHOT of the square", Shot.OVERHEAD),
        ("OVER THE SHOULDER", Shot.OVER_THE_SHOULDER),
        ("LOW ANGLE, Nora", Shot.LOW_ANGLE),
        ("AERIAL", Shot.OVERHEAD),
    ],
)
def test_a_script_gets_the_shot_that_it_asks_for(action: str, expected: Shot) -> None:
    assert shot(action, "nora") is expected


def test_a_cue_is_written_in_capitals() -> None:
    assert cue_of("CLOSE ON the key") == "CLOSE ON"
    assert cue_of("Close on the key") == ""
    assert cue_of("ONCE upon a time") == ""
    assert cue_of("") == ""


@pytest.mark.parametrize(
    ("action", "people", "expected"),
    [
        ("", ["a"], Shot.MEDIUM),
        ("", ["a", "b"], Shot.TWO_SHOT),
        ("They wait.", ["a", "b", "c"], Shot.WIDE),
        ("Nora hands him the key.", ["a", "b"], Shot.TWO_SHOT),
        ("Teo stares at the dark sea.", ["a"], Shot.OVER_THE_SHOULDER),
        ("Nora walks to the door.", ["a"], Shot.WIDE),
        ("Nora ran.", ["a"], Shot.WIDE),
        ("Nora sits on the steps.", ["a"], Shot.MEDIUM),
        ("Nora turns the key in her hand.", ["a"], Shot.CLOSE_UP),
        ("The city sleeps.", [], Shot.WIDE),
        ("The lantern burns.", [], Shot.CLOSE_UP),
        ("Something moves.", [], Shot.WIDE),
    ],
)
def test_a_shot_follows_from_what_happens(action: str, people: list[str], expected: Shot) -> None:
    assert shot(action, *people) is expected


def test_what_opens_a_scene_is_shown_from_afar() -> None:
    assert shot("A calm sea.", opens=True, is_outside=True) is Shot.EXTREME_WIDE
    assert shot("A round room.", opens=True) is Shot.WIDE


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("The lamp explodes.", {}, Significance.HIGH),
        ("“It explodes.”", {"is_speech": True}, Significance.MEDIUM),
        ("She waits.", {}, Significance.MEDIUM),
        ("She waits.", {"opens": True}, Significance.HIGH),
        ("She waits.", {"is_new": True}, Significance.HIGH),
        ("The lamp explodes.", {"is_picture": False}, Significance.LOW),
    ],
)
def test_what_is_new_or_strong_is_worth_most(
    text: str, facts: dict[str, bool], expected: Significance
) -> None:
    usual = {"opens": False, "is_new": False, "is_picture": True, "is_speech": False}

    assert significance_of(text, **(usual | facts)) is expected


def test_the_mood_is_that_of_most_words() -> None:
    assert mood_of("She laughs and dances in the storm.") == "joyful"
    assert mood_of("She waits.") == ""
