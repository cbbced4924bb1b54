"""Whether moments get pictures, and why."""

from collections.abc import Sequence

import pytest

from storyloom.story.finding.decisions import Decisions, News
from storyloom.story.finding.following import Followed
from storyloom.story.finding.moments import Moment
from storyloom.story.script.schemas import DecisionType, ImageDecision
from storyloom.story.script.units import Unit, UnitKind

NEW, REUSE, NONE = DecisionType.NEW, DecisionType.REUSE, DecisionType.NONE
NAMES = {"nora": "Nora", "teo": "Teo"}


def moment(
    text: str, *people: str, kind: UnitKind = UnitKind.ACTION, is_unseen: bool = False
) -> Moment:
    is_speech = kind is UnitKind.SPEECH
    unit = Unit(kind, text, "" if is_speech else text, is_unseen=is_unseen)
    speaker = people[0] if people and is_speech else ""
    seen = () if is_unseen else people
    return Moment([Followed(unit, seen, speaker=speaker, action=unit.action)])


def said(*people: str, is_unseen: bool = False) -> Moment:
    return moment("Hello.", *people, kind=UnitKind.SPEECH, is_unseen=is_unseen)


def decide(
    moments: Sequence[Moment], news: News | None = None, scenes: Sequence[int] = ()
) -> list[ImageDecision]:
    decisions = Decisions()
    made: list[ImageDecision] = []
    for number, one in enumerate(moments, 1):
        if number in scenes:
            decisions.begin_scene()
        told = news if news and number == len(moments) else News()
        made.append(decisions.decide(f"b{number}", one, told, setting=("yard", "day"), names=NAMES))
    return made


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (moment("CUT TO:", kind=UnitKind.CUT), "transition"),
        (moment("THE END", kind=UnitKind.CARD), "lettering"),
        (moment("We hear a scream."), "only heard"),
        (moment("Over black."), "only heard"),
        (moment("Black."), "black"),
        (moment("A long pause."), "too thin"),
        (moment("Then rain."), "too thin"),
        (moment("Nora remembers her mother.", "nora"), "thinks"),
        (said("nora", is_unseen=True), "only heard"),
        (said(), "Somebody is only heard"),
    ],
)
def test_what_cannot_be_painted_gets_no_picture(one: Moment, reason: str) -> None:
    made = decide([one])[0]

    assert made.type is NONE
    assert reason in made.reason


def test_who_only_talks_on_is_shown_by_an_earlier_picture() -> None:
    made = decide(
        [
            moment("Nora lifts the lantern.", "nora"),
            said("nora"),
            said("teo"),
            said("nora"),
            said("teo"),
        ]
    )

    assert [(one.type, one.reuse_of) for one in made] == [
        (NEW, None),
        (REUSE, "b1"),
        (NEW, None),
        (REUSE, "b1"),
        (REUSE, "b3"),
    ]
    assert made[1].reason == (
        "Nora speaks: same place, same people, nothing new happens. The picture of b1 is shown again."
    )


def test_a_talk_goes_back_to_no_picture_of_another_scene_or_of_long_ago() -> None:
    other = [moment(f"Teo lifts box {n}, {n * 7}, {n * 13} and waits.", "teo") for n in range(8)]

    assert decide([moment("Nora waits.", "nora"), said("nora")], scenes=[2])[1].type is NEW
    assert decide([moment("Nora waits here.", "nora"), *other, said("nora")])[-1].type is NEW


def test_what_is_heard_or_thought_leaves_the_picture_as_it_is() -> None:
    first = moment("Nora lifts the lantern.", "nora")

    for one in (
        moment("We hear a bell."),
        said("teo", is_unseen=True),
        moment("Nora thinks of home.", "nora"),
    ):
        assert decide([first, one])[1].reuse_of == "b1"
    assert decide([first, moment("Teo thinks of home.", "teo")])[1].type is NONE


def test_the_same_again_is_not_painted_again() -> None:
    first = moment("A calm pink sea lies before the steps.")

    assert decide([first, first], scenes=[2])[1].reuse_of == "b1"
    assert decide([first, first], News(changes=["the sea is lit"]))[1].type is NEW
    assert decide([first, moment("A fishing boat knocks at the pier.")])[1].type is NEW


@pytest.mark.parametrize(
    ("news", "reason"),
    [
        (News(people=["Nora", "Teo"], opens="yard"), "Nora and Teo are seen for the first time."),
        (News(people=["Nora"]), "Nora is seen for the first time."),
        (News(opens="yard, day"), "It opens the scene: yard, day."),
        (News(changes=["the lamp is lit"], things=["key"]), "The lamp is lit from here on."),
        (News(things=["key", "box"]), "The key and box are seen for the first time."),
        (News(), "Something new happens: Nora lifts the lantern."),
    ],
)
def test_a_new_picture_has_its_reason(news: News, reason: str) -> None:
    assert decide([moment("Nora lifts the lantern.", "nora")], news)[0].reason == reason


def test_reasons_are_short() -> None:
    reason = decide([moment("Nora lifts the lantern, " * 9, "nora")])[0].reason

    assert reason.endswith("…")
    assert len(reason) < 120


def test_a_state_that_changes_while_somebody_talks_is_shown() -> None:
    first = moment("Nora lifts the lantern.", "nora")

    assert decide([first, said("nora")], News(changes=["Nora is wet"]))[1].type is NEW
    assert decide([said("nora")])[0].reason.startswith("Nora speaks, and no picture")
