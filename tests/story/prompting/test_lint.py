"""Facts, looked over before anything is spent."""

from typing import Any

import pytest

from storyloom.story.prompting.contradictions import contradictions
from storyloom.story.prompting.lint import lint, lint_given
from storyloom.story.prompting.schemas import Facts, FindingCode, Severity
from storyloom.story.prompts import PromptSet
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Place, Prop, State

BIBLE = Bible(
    characters=(
        Character(id="nora", name="Nora", look="a red badge"),
        Character(id="tom", name="Tom", states=(State(words="dead", from_beat="s1-b1"),)),
        Character(id="teo", name="Teo"),
    ),
    places=(Place(id="yard", name="yard"), Place(id="hall", name="hall")),
    props=(
        Prop(
            id="lantern",
            name="lantern",
            first_beat="s1-b1",
            states=(State(words="lit", from_beat="s1-b1"),),
        ),
        Prop(id="key", name="key", first_beat="s9-b1"),
    ),
)
BEAT = FoundBeat(
    beat_id="s1-b2",
    text="Nora lifts the lantern.",
    characters=("nora",),
    place="yard",
    time_of_day="night",
)
GOOD = Facts(
    characters=("nora",), place="yard", props=("lantern",), action="nora lifts the lantern"
)


def look(
    beat: dict[str, Any] | None = None, **fields: Any
) -> tuple[Facts, list[tuple[str, bool, bool]]]:
    facts, found = lint(GOOD.model_copy(update=fields), BEAT.model_copy(update=beat or {}), BIBLE)
    assert all(one.message.endswith(".") and one.beat_id == "s1-b2" for one in found)
    return facts, [(one.code.value, one.severity is Severity.ERROR, one.is_fixed) for one in found]


def test_good_facts_stay_as_they_are() -> None:
    assert look() == (GOOD, [])


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"action": " "}, ("empty", True, False)),
        ({"action": "Rain"}, ("empty", True, False)),
        ({"action": "nora lifts the lantern " * 30}, ("too_long", False, True)),
        ({"mood": "tense " * 30}, ("too_long", False, True)),
        ({"characters": ("nora", "<eve>")}, ("unknown_character", True, True)),
        ({"props": ("lantern", "sword")}, ("unknown_prop", True, True)),
        ({"place": "moon"}, ("unknown_place", True, True)),
        ({"props": ("lantern", "key")}, ("prop_from_nowhere", True, True)),
        ({"action": "nora lifts the key"}, ("prop_from_nowhere", True, False)),
        ({"action": "nora lifts a pistol"}, ("prop_from_nowhere", True, False)),
        ({"place": "hall"}, ("contradiction", True, True)),
        ({"time_of_day": "noon"}, ("contradiction", True, True)),
        ({"action": "nora waits in the sunlight"}, ("contradiction", True, False)),
        ({"characters": ("nora", "teo")}, ("contradiction", True, True)),
        (
            {"characters": ("nora", "teo"), "action": "teo and nora wait"},
            ("contradiction", True, False),
        ),
        ({"action": "nora lifts the unlit lantern"}, ("contradiction", True, False)),
        ({"action": 'nora holds a board that says "OPEN"'}, ("lettering", True, True)),
        ({"action": "nora lifts the <b>lantern</b>"}, ("live_syntax", False, True)),
    ],
)
def test_what_is_wrong_is_found(fields: dict[str, Any], finding: tuple[str, bool, bool]) -> None:
    facts, found = look(**fields)

    assert found == [finding]
    if finding[2]:
        assert lint(facts, BEAT, BIBLE) == (facts, ())


def test_what_the_script_says_itself_is_only_a_warning() -> None:
    sunny = {"text": "Nora dreams of sunlight and the unlit lantern."}
    dead = {"text": "Nora carries Tom.", "characters": ("nora", "tom")}

    assert look(sunny, action="nora dreams of sunlight")[1] == [("contradiction", False, False)]
    assert look(sunny, action="nora lifts the unlit lantern")[1] == [
        ("contradiction", False, False)
    ]
    assert look(dead, characters=("nora", "tom"), action="nora and tom walk")[1] == [
        ("contradiction", False, False)
    ]
    assert look(dead, characters=("nora", "tom"), action="nora carries the dead tom")[1] == []
    assert look({"text": "Nora lifts the key."}, action="nora lifts the key")[1] == []


def test_the_dead_do_not_work() -> None:
    _, found = look({"characters": ()}, characters=("tom",), action="tom walks home")

    assert found == [("contradiction", False, False), ("contradiction", True, False)]


def test_contradictions_of_what_the_bible_does_not_know_are_none() -> None:
    facts = GOOD.model_copy(update={"characters": ("eve",), "props": ("sword",)})

    assert list(contradictions(facts, BEAT, BIBLE)) == []


def test_dark_and_day_are_told_apart_where_the_time_is_known() -> None:
    assert (
        look({"time_of_day": "day"}, action="nora waits in the moonlight")[1][0][0]
        == "contradiction"
    )
    assert look({"time_of_day": ""}, action="nora waits in the moonlight")[1] == []


def test_what_people_wear_may_be_named_and_a_foreign_beat_knows_no_order() -> None:
    assert look(action="nora shows her badge")[1] == []
    _, found = lint(
        GOOD.model_copy(update={"props": ("key",)}), BEAT.model_copy(update={"beat_id": "x"}), BIBLE
    )
    assert found == ()


@pytest.mark.parametrize(
    ("prompt", "codes"),
    [
        ("a van at dawn", []),
        (" ", [FindingCode.EMPTY]),
        ("x" * 9000, [FindingCode.TOO_LONG]),
        ('a sign that reads "OPEN"', [FindingCode.LETTERING]),
        ("a <lora:x> van", []),
    ],
)
def test_prompts_of_others_are_looked_over(prompt: str, codes: list[FindingCode]) -> None:
    assert [one.code for one in lint_given(PromptSet(prompt=prompt), "s1-b1")] == codes
