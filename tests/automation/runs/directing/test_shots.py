"""Which pictures a story needs, and what becomes of them while its session changes."""

from typing import Any

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.directing.shots import changes, shots_of
from storyloom.automation.runs.schemas import Shot, ShotStatus
from storyloom.story.episodes import view_of
from storyloom.story.prompts import Aspect, PromptSet


def shots(*beats: dict[str, Any], whole: bool = False, **config: Any) -> list[Shot]:
    view = view_of({"analyzedEpisode": {"beats": list(beats)}})
    return list(shots_of(view.beats, RunConfig.model_validate(config), whole=whole))


def test_each_beat_that_needs_one_gets_a_shot_in_each_shape() -> None:
    first, reused = {"beatId": "a", "action": " A  ship "}, {"imageDecision": {"type": "NO_IMAGE"}}

    found = shots(first, reused, {"beat_script_text": "y" * 400}, aspects=["vertical"])

    assert [(s.id, s.status) for s in found] == [
        ("0001-vertical-1", ShotStatus.WAITING),
        ("0003-vertical-1", ShotStatus.WAITING),
    ]
    assert (found[0].caption, len(found[1].caption)) == ("A ship", 300)


def test_words_are_borrowed_only_when_nobody_will_write_others() -> None:
    prompts = {"vertical": {"prompt": "A ship", "width": 768, "height": 1344, "steps": 9}}
    beat = {"beatId": "a", "prompts": prompts}

    assert shots(beat)[0].prompt is None
    [borrowed] = shots(beat, whole=True)
    assert borrowed.prompt == PromptSet(prompt="A ship", parameters={"steps": 9})
    assert borrowed.aspect is Aspect.CINEMATIC


def test_shots_follow_their_session_until_they_are_begun() -> None:
    old = shots({"beatId": "a", "prompts": "one"}, {"beatId": "b"}, {"beatId": "c"})
    done = old[2].model_copy(update={"status": ShotStatus.DONE})
    edited = old[0].model_copy(update={"edited": True})
    kept = {shot.id: shot for shot in (edited, old[1], done)}

    new, changed = changes(
        kept, shots({"beatId": "a", "prompts": "two"}, {"beatId": "b", "prompts": "b"}), whole=False
    )

    assert new == []
    [second] = changed
    assert (second.status, second.prompt) == (ShotStatus.READY, PromptSet(prompt="b"))


def test_a_beat_that_is_gone_takes_what_was_not_made_with_it() -> None:
    old = shots({"beatId": "a"}, {"beatId": "b"}, {"beatId": "c"})
    done = old[2].model_copy(update={"status": ShotStatus.DONE})
    kept = {shot.id: shot for shot in (old[0], old[1], done)}

    _, changed = changes(kept, shots({"beatId": "a"}), whole=True)

    [gone] = changed
    assert (gone.id, gone.status, gone.error_code) == (
        "0002-cinematic-1",
        ShotStatus.CANCELLED,
        "beat_gone",
    )
    assert changes(kept, shots({"beatId": "a"}), whole=False) == ([], [])
