"""How sentences are grouped into moments."""

import pytest

from storyloom.story.finding.cast import Cast
from storyloom.story.finding.following import Follower
from storyloom.story.finding.moments import Moment, moments_of
from storyloom.story.script.elements import Action, Cut, Form, Part, RawScene, Speech
from storyloom.story.script.units import units_of


def moments(*parts: Part, form: Form = Form.FOUNTAIN) -> list[Moment]:
    cast = Cast()
    cast.add("Nora").sex = "she"
    cast.add("Teo").sex = "he"
    return moments_of(Follower(cast).follow(units_of(RawScene(parts=list(parts)), form)))


def texts(*paragraphs: str, form: Form = Form.FOUNTAIN) -> list[str]:
    return [one.text for one in moments(*map(Action, paragraphs), form=form)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Nora lifts the lantern from its hook. She smiles and waits."],
        ["Nora lifts the lantern from its hook.", "Teo runs to the window and looks out."],
        ["Wind tears at the rail. Teo climbs onto the railing."],
        [
            "A round iron room full of glass and dust and shadows.",
            "Teo kneels beside the gears with a wrench.",
        ],
        ["Nora waits here. She waits there. She waits again.", "She waits on."],
    ],
)
def test_a_moment_ends_when_the_camera_turns_or_it_is_full(expected: list[str]) -> None:
    assert texts(" ".join(expected)) == expected


def test_a_paragraph_is_a_moment_of_its_own_unless_it_is_thin() -> None:
    apart = ["Nora lifts the old lantern up.", "Nora goes to the far window."]

    assert texts(*apart) == apart
    assert texts("Nora lifts the old lantern up.", "Nora goes.") == [
        "Nora lifts the old lantern up.\n\nNora goes."
    ]


def test_a_pause_belongs_to_the_moment_before_it_and_is_not_seen() -> None:
    one = moments(Action("Nora lifts the lantern."), Action("Silence."))[0]

    assert (one.text, one.action) == (
        "Nora lifts the lantern.\n\nSilence.",
        "Nora lifts the lantern.",
    )


def test_every_speech_is_a_moment_of_its_own() -> None:
    said = moments(
        Speech("NORA", "Hello.", text="NORA\nHello."),
        Speech("NORA", "No.", text="NORA\nNo."),
        Cut("CUT TO:"),
        Cut("FADE IN:"),
    )

    assert [one.text for one in said] == ["NORA\nHello.", "NORA\nNo.", "CUT TO:", "FADE IN:"]


def test_what_one_says_in_a_paragraph_is_one_moment() -> None:
    assert texts("“One,” said Nora. “Two.” Teo nodded at her from far away.", form=Form.PROSE) == [
        "“One,” said Nora. “Two.”",
        "Teo nodded at her from far away.",
    ]


def test_names_stand_for_pronouns_only_where_nothing_else_tells() -> None:
    first, second = moments(
        Action("Nora lifts the lantern from its hook. She smiles and waits."),
        Action("She swings it over the black water."),
    )

    assert first.action == "Nora lifts the lantern from its hook. She smiles and waits."
    assert second.action == "Nora swings it over the black water."
    assert (second.people, second.subject) == (("nora",), "nora")
