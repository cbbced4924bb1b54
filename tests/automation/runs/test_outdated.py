"""What is older than its story, and what becomes of it."""

from typing import Any

import pytest

from storyloom.automation.runs.outdated import outdated_picture, outdated_prompts
from storyloom.automation.runs.schemas import Shot
from storyloom.story.beats import Beat
from storyloom.story.episodes import StoryView, found_in, view_of
from storyloom.story.origins import Origin, digest, origin_now
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible

SAYS = "The beat has changed since these words were written."
WORDS = "A ship"


def origin(action: str = "waits", words: str | None = digest(WORDS)) -> Origin:
    found = found_in(Beat("a", {"beatId": "a", "action": action}))
    return origin_now(found, Bible()).model_copy(update={"words": words})


def story(action: str = "runs", words: str | None = digest(WORDS), **more: Any) -> StoryView:
    """A beat that says this now; its prompt was written when it said `waits`."""
    made_of = {"cinematic": origin(words=words).model_dump()}
    beat = {"beatId": "a", "action": action, "prompts": {"cinematic": WORDS}}
    return view_of({"analyzedEpisode": {"beats": [beat | {"promptOrigins": made_of}]}, **more})


def shot(**more: Any) -> Shot:
    made = {"chosen": 1, "origins": {1: origin()}}
    fields = {"id": "0001-cinematic-1", "place": 1, "beat_id": "a", "take": 1}
    return Shot.model_validate(fields | {"aspect": Aspect.CINEMATIC} | made | more)


def test_a_picture_is_outdated_by_a_change_of_its_beat() -> None:
    old = outdated_picture(shot(), story())

    assert old is not None
    assert (old.says, old.renews) == (SAYS, True)
    assert outdated_picture(shot(), story("waits")) is None


def test_a_picture_of_which_nobody_knows_what_it_was_made_of_is_not() -> None:
    assert outdated_picture(shot(origins={}), story()) is None


def test_the_version_counts_that_is_in_use() -> None:
    of_both = {1: origin(), 2: origin("runs")}

    assert outdated_picture(shot(origins=of_both, chosen=2), story()) is None
    assert outdated_picture(shot(origins=of_both, chosen=1), story()) is not None


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ({"words": None}, {}),
        ({"promptMode": "storyswarm"}, {}),
        ({}, {"edited": True}),
    ],
    ids=["somebody's in the session", "another service's", "somebody's for this picture"],
)
def test_words_that_nobody_here_writes_stay(told: dict[str, Any], more: dict[str, Any]) -> None:
    old = outdated_picture(shot(**more), story(**told))

    assert old is not None
    assert not old.renews


def test_words_that_are_new_already_are_other_ones() -> None:
    told = {"beatId": "a", "action": "runs", "prompts": {"cinematic": "It runs"}}
    written = told | {"promptOrigins": {"cinematic": origin("runs").model_dump()}}

    old = outdated_picture(shot(), view_of({"analyzedEpisode": {"beats": [written]}}))

    assert old is not None
    assert old.renews


@pytest.mark.parametrize(
    ("more", "is_old"),
    [
        ({"origin": origin()}, False),
        ({"origin": origin(words=None)}, True),
        ({"origin": origin(), "edited": True}, True),
    ],
    ids=["ours, which are written anew", "sent by somebody", "given for this picture"],
)
def test_before_there_is_a_picture_only_words_that_stay_are_told_of(
    more: dict[str, Any], *, is_old: bool
) -> None:
    assert (outdated_picture(shot(chosen=None, origins={}, **more), story()) is not None) is is_old


def test_a_beat_at_another_place_is_another_one() -> None:
    assert outdated_picture(shot(beat_id="b"), story()) is None
    assert outdated_picture(shot(place=2), story()) is None


def test_the_prompts_of_a_beat_are_outdated_in_any_shape_that_is_wanted() -> None:
    told = story()
    [seen] = told.beats

    old = outdated_prompts(seen, told, [Aspect.VERTICAL, Aspect.CINEMATIC])

    assert old is not None
    assert (old.says, old.renews) == (SAYS, True)
    assert outdated_prompts(seen, told, [Aspect.VERTICAL]) is None
