"""What a prompt was made of, and what has changed since."""

from typing import Any

import pytest

from storyloom.story.beats import Beat
from storyloom.story.episodes import found_in
from storyloom.story.origins import (
    Origin,
    Standing,
    change_since,
    digest,
    is_ours,
    origin_now,
    origin_of,
    standing_of,
)
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Place, Prop, State

MARIA = Character(id="maria", name="Maria", look="red cap")
BIBLE = Bible(
    characters=(MARIA, Character(id="teo", name="Teo", look="grey coat")),
    places=(Place(id="yard", name="Yard"),),
    props=(Prop(id="lamp", name="Lamp"),),
)
BEAT = FoundBeat(
    beat_id="s1-b1", action="Maria waits.", characters=("maria",), place="yard", props=("lamp",)
)
WORDS = {"prompt": "Maria waits", "width": 1344}


def bible(*people: Character) -> Bible:
    return BIBLE.model_copy(update={"characters": people})


def kept(origin: Origin | None, prompt: object = WORDS, **fields: Any) -> Beat:
    origins = {} if origin is None else {"promptOrigins": {"cinematic": origin.model_dump()}}
    told = {"beatId": "s1-b1", "action": "Maria waits.", "characters": ["maria"]}
    return Beat("s1-b1", {**told, **fields, "prompts": {"cinematic": prompt}, **origins})


@pytest.mark.parametrize(
    "told",
    [
        {"action": "Maria runs."},
        {"text": "She runs."},
        {"camera_angle_suggestion": "close-up"},
        {"time_of_day": "night"},
        {"characters": ("maria", "teo")},
    ],
)
def test_a_beat_that_tells_something_else_has_changed(told: dict[str, Any]) -> None:
    origin = origin_now(BEAT, BIBLE)

    assert change_since(origin, BEAT.model_copy(update=told), BIBLE) == (
        "The beat has changed since these words were written."
    )
    assert not change_since(origin, BEAT, BIBLE)


def test_what_goes_into_no_prompt_is_no_change() -> None:
    told = BEAT.model_copy(update={"character_positioning": "left", "visual_significance": "Low"})

    assert not change_since(origin_now(BEAT, BIBLE), told, BIBLE)


def test_only_looks_that_are_shown_count() -> None:
    origin = origin_now(BEAT, BIBLE)
    teo = Character(id="teo", name="Teo", look="black coat")

    assert not change_since(origin, BEAT, bible(MARIA, teo))
    assert change_since(origin_now(BEAT, BIBLE, more=("teo",)), BEAT, bible(MARIA, teo)) == (
        "How Teo looks has changed since these words were written."
    )


def test_a_state_counts_in_the_beats_in_which_it_holds() -> None:
    origin = origin_now(BEAT, BIBLE)

    def wet(beat: str) -> Bible:
        return bible(MARIA.model_copy(update={"states": (State(words="wet", from_beat=beat),)}))

    assert change_since(origin, BEAT, wet("s1-b1")).startswith("How Maria looks")
    assert not change_since(origin, BEAT, wet("s1-b2"))


def test_other_names_and_first_beats_grow_while_a_script_is_read() -> None:
    grown = MARIA.model_copy(update={"aliases": ("Mary",), "first_beat": "s1-b1"})

    assert not change_since(origin_now(BEAT, BIBLE), BEAT, bible(grown))


def test_whoever_is_no_longer_there_has_left() -> None:
    assert change_since(origin_now(BEAT, BIBLE), BEAT, bible()) == (
        "Maria has left the story since these words were written."
    )


def test_where_words_come_from_may_be_unknown_or_nonsense() -> None:
    beat = Beat("a", {"promptOrigins": {"cinematic": "nonsense"}})

    assert origin_of(beat, Aspect.CINEMATIC) is None
    assert origin_of(Beat("a", {"promptOrigins": 7}), Aspect.CINEMATIC) is None
    assert not change_since(None, BEAT, BIBLE)
    assert not is_ours(None, WORDS)


@pytest.mark.parametrize(
    ("words", "now", "standing"),
    [
        (digest(WORDS), "Maria waits.", Standing.CURRENT),
        (digest(WORDS), "Maria runs.", Standing.OUTDATED),
        (digest("other"), "Maria runs.", Standing.KEPT),
        (None, "Maria runs.", Standing.KEPT),
    ],
)
def test_how_a_prompt_stands_to_its_beat(words: str | None, now: str, standing: Standing) -> None:
    before = kept(None)
    origin = origin_now(found_in(before), BIBLE).model_copy(update={"words": words})
    beat = kept(origin, action=now)

    assert standing_of(beat, Aspect.CINEMATIC, found_in(beat), BIBLE) is standing
    assert standing_of(beat, Aspect.VERTICAL, found_in(beat), BIBLE) is Standing.MISSING


def test_words_whose_origin_nobody_knows_are_current() -> None:
    beat = kept(None)

    assert standing_of(beat, Aspect.CINEMATIC, found_in(beat), BIBLE) is Standing.CURRENT


def test_a_prompt_alone_is_the_cinematic_one() -> None:
    beat = Beat("a", {"prompts": "A ship"})

    assert standing_of(beat, Aspect.CINEMATIC, found_in(beat), BIBLE) is Standing.CURRENT
