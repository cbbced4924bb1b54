"""Beats and bible as they are written and read."""

import pytest

from storyloom.story.script.schemas import (
    Bible,
    Character,
    DecisionType,
    Episode,
    FoundBeat,
    FoundScene,
    ImageDecision,
    Place,
    Prop,
    State,
    beat_id,
    place_in_story,
    wire,
)

WET = State(words="wet", from_beat="s1-b9", until_beat="s2-b1")
BIBLE = Bible(
    characters=(Character(id="maria", name="Maria", look="38, red cap", states=(WET,)),),
    places=(Place(id="yard", name="Yard", inside="exterior"),),
    props=(Prop(id="lantern", name="lantern", states=(State(words="lit", from_beat="s1-b2"),)),),
)


def test_what_is_written_is_read_again() -> None:
    decision = ImageDecision(type=DecisionType.REUSE, reason="The same.", reuse_of="s1-b1")
    beat = FoundBeat(beat_id="s1-b2", text="She waits.", image_decision=decision)
    episode = Episode(title="T", scenes=(FoundScene(scene_number=1, beats=(beat,)),), bible=BIBLE)

    written = wire(episode)

    assert Episode.model_validate(written) == episode
    assert episode.beats == (beat,)
    found = written["scenes"][0]["beats"][0]
    assert found["beat_script_text"] == "She waits."
    assert found["imageDecision"] == {
        "type": "REUSE_IMAGE",
        "reason": "The same.",
        "reuseOf": "s1-b1",
        "reuseSourceBeatId": "s1-b1",
    }
    assert "timeOfDay" in found


def test_the_decisions_of_other_clients_are_read() -> None:
    given = {"type": "REUSE_IMAGE", "reuseSourceBeatId": "s1-b1", "reuseSourceBeatLabel": "x"}

    assert ImageDecision.model_validate(given).reuse_of == "s1-b1"


@pytest.mark.parametrize(
    ("beat", "is_wet"),
    [("s1-b8", False), ("s1-b9", True), ("s1-b10", True), ("s2-b1", True), ("s2-b2", False)],
)
def test_a_state_holds_from_one_beat_to_another(beat: str, *, is_wet: bool) -> None:
    assert BIBLE.characters[0].states_in(beat) == (("wet",) if is_wet else ())
    assert BIBLE.props[0].states_in(beat) == ("lit",)


def test_entries_are_found_by_their_ids() -> None:
    assert BIBLE.character("maria") is BIBLE.characters[0]
    assert BIBLE.place("yard") is BIBLE.places[0]
    assert BIBLE.prop("lantern") is BIBLE.props[0]
    assert (BIBLE.character("x"), BIBLE.place("x"), BIBLE.prop("x")) == (None, None, None)


def test_beats_are_in_order_by_their_names() -> None:
    assert place_in_story(beat_id(12, 3)) == (12, 3)
    assert place_in_story("intro") == (0, 0)
