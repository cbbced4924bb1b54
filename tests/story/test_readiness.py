"""What is read in a session."""

from typing import Any

import pytest

from storyloom.story.readiness import read
from tests.story.samples import TIMESTAMP, beat, raw, session

PROMPTS = {"cinematic": "x"}


def reading(document: dict[str, Any]) -> Any:
    return read(raw(document), TIMESTAMP)


@pytest.mark.parametrize(
    ("beats", "ready", "total", "with_prompts"),
    [
        ([], False, 0, 0),
        ([beat("a")], False, 1, 0),
        ([beat("a", prompts=PROMPTS)], True, 1, 1),
        ([beat("a", prompts=PROMPTS), beat("b")], False, 2, 1),
        ([beat("a", prompts=PROMPTS), beat("b", imageDecision={"type": "NO_IMAGE"})], True, 2, 1),
        ([beat("a", imageDecision={"type": "REUSE_IMAGE"})], True, 1, 0),
    ],
)
def test_prompts_are_ready_when_every_beat_has_what_it_needs(
    beats: list[dict[str, Any]], *, ready: bool, total: int, with_prompts: int
) -> None:
    found = reading(session(*beats))

    assert found.is_ready is ready
    assert (found.facts.total_beats, found.facts.total_prompts) == (total, with_prompts)


def test_the_facts_are_those_of_the_session() -> None:
    facts = reading(session(beat("a"))).facts

    assert (facts.story_uuid, facts.episode_number) == ("59f64b1e", 2)


@pytest.mark.parametrize(
    ("uuid", "number", "told"),
    [
        (None, None, ("", 0)),
        (7, "2", ("", 0)),
        ("a\ud800\x00", True, ("a?\ufffd", 0)),
        ("x" * 500, 10**30, ("x" * 200, 0)),
        ("a", -1, ("a", 0)),
    ],
)
def test_facts_that_are_not_what_they_should_be_are_empty(
    uuid: Any, number: Any, told: tuple[str, int]
) -> None:
    document = session(storyUuid=uuid, analyzedEpisode={"episodeNumber": number})

    facts = reading(document).facts

    # Half a pair is told with a mark in its place: no answer could be written with it.
    assert (facts.story_uuid, facts.episode_number) == told


def test_other_prompts_are_another_cause_to_tell_of_them() -> None:
    bare, one, same, other = (
        reading(session(beat("a", **more))).prompts_cause
        for more in ({}, {"prompts": PROMPTS}, {"prompts": PROMPTS}, {"prompts": "y"})
    )

    assert one == same
    assert len({bare, one, other}) == 3


def test_the_cause_changes_with_the_beats_and_not_with_their_prompts() -> None:
    bare = reading(session(beat("a"))).cause

    assert reading(session(beat("a", prompts=PROMPTS), scriptText="other")).cause == bare
    assert reading(session(beat("a", more=1))).cause != bare
    assert reading(session(beat("b"))).cause != bare
    assert reading(session(beat("a"), beat("b"))).cause != bare


@pytest.mark.parametrize(
    ("said", "whole"), [(TIMESTAMP, True), (1, False), (str(TIMESTAMP), False), (True, False)]
)
def test_whether_it_says_its_timestamp(said: object, *, whole: bool) -> None:
    assert reading(session(timestamp=said)).is_whole is whole


@pytest.mark.parametrize("text", [b"", b"[]", b"not JSON", b'{"a": ' + b"[" * 99_999])
def test_what_is_no_session_is_none(text: bytes) -> None:
    assert read(text, TIMESTAMP) is None
