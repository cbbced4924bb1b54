"""Things that matter, told from all others."""

import pytest

from storyloom.story.finding import things as module
from storyloom.story.finding.cast import Cast
from storyloom.story.finding.things import Things, find_things, single


def find(*actions: str) -> Things:
    cast = Cast()
    cast.add("Rose Key")
    cast.call(cast.people["rose_key"], "Rose")
    return find_things(actions, cast)


def named(*actions: str) -> dict[str, str]:
    return {thing.id: thing.name for thing in find(*actions).all.values()}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("She lifts the old brass lantern from its hook.", {"lantern": "old brass lantern"}),
        ("She picks up a letter she wrote.", {"letter": "letter"}),
        ("She carries an old brass LANTERN, unlit.", {"lantern": "old brass lantern"}),
        ("He waits with a wrench in his hand.", {"wrench": "wrench"}),
        ("The lantern burns. Wind moves the lantern.", {"lantern": "lantern"}),
        ("He drops two matches and the matches burn.", {"matches": "matches"}),
        ("A lantern stands there.", {}),
        ("She turns her head and opens the door.", {}),
        ("She pushes the tall sailor.", {}),
        ("She lifts the zorb. He throws the zorb.", {"zorb": "zorb"}),
        ("She lifts the zorb.", {}),
        ("She lifts the ZORB.", {"zorb": "zorb"}),
        ("The lamp hums; she lifts its lantern.", {}),
        ("She wears the coat. She wears the apron. He takes the apron.", {"coat": "coat"}),
        ("She lifts Rose Key and a Rose.", {}),
        ("She lifts another lantern. She lifts the broken lantern.", {"lantern": "lantern"}),
        ("SHE LIFTS THE BOX. THE BOX FALLS.", {"box": "box"}),
        ("She folds the paper boat and the paper boat sinks.", {"boat": "paper boat"}),
        ("She takes the x1 and takes the x1 away, the to", {}),
    ],
)
def test_what_is_handled_or_named_again_matters(action: str, expected: dict[str, str]) -> None:
    assert named(action) == expected


def test_things_are_found_again_in_a_text() -> None:
    things = find("She lifts the lantern. He takes the key.")

    assert things.ids_in("The keys and the Lantern's light, and the lantern") == ("key", "lantern")
    assert things.all["lantern"].shown == "lantern"


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("Lanterns", "lantern"),
        ("glasses", "glasses"),
        ("glass", "glass"),
        ("bus", "bus"),
        ("torches", "torch"),
        ("key's", "key"),
        ("gas", "gas"),
    ],
)
def test_nouns_are_of_one(word: str, one: str) -> None:
    assert single(word) == one


def test_a_thing_that_is_only_another_is_called_by_its_noun() -> None:
    assert named("She lifts another lantern.") == {"lantern": "lantern"}


def test_there_are_not_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_THINGS", 1)

    assert named("She lifts the key. She lifts the lantern. The lantern falls.") == {
        "lantern": "lantern"
    }
