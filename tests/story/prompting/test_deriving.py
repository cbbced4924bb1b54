"""Facts by rules, from what a beat says."""

import pytest

from storyloom.story.prompting.deriving import action_of, caption_of, facts_of, shortened
from storyloom.story.prompting.schemas import Facts
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Line, Shot

BIBLE = Bible(characters=(Character(id="nora", name="Nora"), Character(id="teo", name="Teo")))


def said(manner: str = "", *others: str, speaker: str = "nora") -> FoundBeat:
    line = Line(speaker=speaker, words="Hold this.", manner=manner)
    return FoundBeat(beat_id="s1-b1", characters=(speaker, *others), dialogue=(line,))


@pytest.mark.parametrize(
    ("beat", "action"),
    [
        (
            FoundBeat(beat_id="b", action="She waits. He thinks of home. Rain. Wind. Sea."),
            "She waits. Rain. Wind.",
        ),
        (FoundBeat(beat_id="b", text="“No,” said Nora. The lamp dies."), "The lamp dies."),
        (
            FoundBeat(beat_id="b", text="The *lamp* dies (slowly).\n\nNORA\nOh no!\n\nRain."),
            "The lamp dies. Rain.",
        ),
        (
            FoundBeat(
                beat_id="b", action="Nora remembers.", dialogue=(Line(speaker="nora", words="x"),)
            ),
            "Nora speaks.",
        ),
        (said(), "Nora speaks."),
        (said("quietly"), "Nora speaks quietly."),
        (said("quietly; to Teo", "teo"), "Nora speaks to Teo quietly."),
        (said("not looking up"), "Nora speaks, not looking up."),
        (said("shouting"), "Nora is shouting."),
        (said("re: the boat"), "Nora speaks."),
        (said(speaker="nobody"), ""),
        (FoundBeat(beat_id="b"), ""),
    ],
)
def test_an_action_is_what_is_to_be_seen(beat: FoundBeat, action: str) -> None:
    assert action_of(beat, BIBLE) == action


def test_an_action_has_an_end() -> None:
    long = FoundBeat(beat_id="b", action=f"{'word ' * 60}end. {'more ' * 60}end.")

    assert len(action_of(long, BIBLE)) <= 400
    assert shortened("one two three four", 12) == "one two \u2026"


@pytest.mark.parametrize(
    ("suggested", "shot"),
    [
        ("wide shot", Shot.WIDE),
        ("Extreme close-up of her eye", Shot.EXTREME_CLOSE_UP),
        ("a low-angle view", Shot.LOW_ANGLE),
        ("", Shot.MEDIUM),
        ("from the moon", Shot.MEDIUM),
    ],
)
def test_the_camera_that_is_suggested_is_taken(suggested: str, shot: Shot) -> None:
    beat = FoundBeat(
        beat_id="b", action="Nora waits.", characters=("nora",), camera_angle_suggestion=suggested
    )

    assert facts_of(beat, BIBLE).shot is shot


def test_a_caption_says_what_happens_or_is_said() -> None:
    assert caption_of(said(), Facts(action="Nora speaks.")) == "Hold this."
    assert caption_of(FoundBeat(beat_id="b"), Facts(action="Rain falls.")) == "Rain falls."
