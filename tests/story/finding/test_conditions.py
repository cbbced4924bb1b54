"""How people and things are, from when and until when."""

import pytest

from storyloom.story.finding.cast import Cast
from storyloom.story.finding.conditions import Conditions
from storyloom.story.finding.things import find_things

Spells = list[tuple[str, str, str | None]]


def person(*sentences: str, later: int = 0) -> Spells:
    conditions = Conditions()
    for number, sentence in enumerate(sentences, 1):
        conditions.enter(f"s1-b{number}", is_later=number == later)
        conditions.somebody("nora", sentence)
    return [(one.words, one.from_beat, one.until_beat) for one in conditions.of("nora")]


def thing(*sentences: str, meant: str = "") -> Spells:
    conditions = Conditions()
    things = find_things(["She lifts the lantern.", "She takes the letter.", *sentences], Cast())
    for number, sentence in enumerate(sentences, 1):
        conditions.enter(f"s1-b{number}")
        conditions.things(sentence, things, meant=meant)
    name = meant or things.ids_in(sentences[0])[0]
    return [(one.words, one.from_beat, one.until_beat) for one in conditions.of(name)]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["Nora climbs in, dripping wet."], [("wet", "s1-b1", None)]),
        (["Nora is soaked to the skin.", "Nora is still wet."], [("wet", "s1-b1", None)]),
        (["Nora limps.", "Nora waits."], [("wounded", "s1-b1", None)]),
        (["Nora sleeps.", "Nora dreams.", "Nora wakes up."], [("asleep", "s1-b1", "s1-b2")]),
        (["Nora kneels by the dead man."], []),
        (["Nora lies dead on the floor."], [("dead", "s1-b1", None)]),
        (["Nora is killed by the wave."], [("dead", "s1-b1", None)]),
        (["Nora is not asleep."], []),
        (["Nora never sleeps."], []),
        (["Nora sleeps. Then Nora wakes."], []),
        (["Nora wakes."], []),
    ],
)
def test_states_of_people(sentences: list[str], expected: Spells) -> None:
    assert person(*sentences) == expected


def test_what_passes_ends_with_time() -> None:
    told = person("Nora is wet and limps.", "Nora waits.", "Nora waits on.", later=3)

    assert told == [("wet", "s1-b1", "s1-b2"), ("wounded", "s1-b1", None)]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["She lights the lantern."], [("lit", "s1-b1", None)]),
        (
            [
                "The lantern, unlit.",
                "The lantern hangs.",
                "She lights the lantern.",
                "The lantern goes out.",
            ],
            [("unlit", "s1-b1", "s1-b2"), ("lit", "s1-b3", "s1-b3"), ("unlit", "s1-b4", None)],
        ),
        (["The lantern flickers and dies."], [("unlit", "s1-b1", None)]),
        (["The lantern stands beside her, its glass cracked."], [("broken", "s1-b1", None)]),
        (["The lantern is not broken."], []),
        (["He swings the lantern while far away on the black sea a ship burns."], []),
        (["She tears the letter in two."], [("torn", "s1-b1", None)]),
        (["The lantern is torn."], []),
    ],
)
def test_states_of_things(sentences: list[str], expected: Spells) -> None:
    assert thing(*sentences) == expected


def test_a_sentence_may_mean_a_thing_that_it_does_not_name() -> None:
    assert thing("Its glass is cracked.", meant="lantern") == [("broken", "s1-b1", None)]


def test_what_goes_on_is_known() -> None:
    conditions = Conditions()
    conditions.enter("s1-b1")
    conditions.somebody("nora", "Nora is wet.")

    assert (conditions.now("nora"), conditions.now("teo")) == ({"wet"}, frozenset[str]())
