"""Which pictures a story needs, and what becomes of them while its session changes."""

from typing import Any

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.directing.shots import Planned, changes, shots_of
from storyloom.automation.runs.schemas import Mending, Remedy, Shot, ShotStatus
from storyloom.story.beats import Beat
from storyloom.story.episodes import StoryView, found_in, view_of
from storyloom.story.origins import digest, origin_now
from storyloom.story.prompts import Aspect, PromptSet
from storyloom.story.script.schemas import Bible
from tests.automation.runs.scenarios.clockwork import EVENING


def view(*beats: dict[str, Any], **more: Any) -> StoryView:
    return view_of({"analyzedEpisode": {"beats": list(beats), **more}})


def planned(
    *beats: dict[str, Any], whole: bool = False, renews: bool = False, **config: Any
) -> list[Planned]:
    chosen = RunConfig.model_validate(config)
    return list(shots_of(view(*beats), chosen, whole=whole, renews=renews))


def shots(*beats: dict[str, Any], whole: bool = False, **config: Any) -> list[Shot]:
    return [one.shot for one in planned(*beats, whole=whole, **config)]


def by_id(*kept: Shot) -> dict[str, Shot]:
    return {shot.id: shot for shot in kept}


def ours(words: str, action: str = "waits", **now: Any) -> dict[str, Any]:
    """A beat with a prompt that was written here when it said this."""
    told = {"beatId": "a", "action": action}
    origin = origin_now(found_in(Beat("a", told)), Bible())
    made_of = origin.model_copy(update={"words": digest(words)}).model_dump()
    return told | {"prompts": {"cinematic": words}, "promptOrigins": {"cinematic": made_of}} | now


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
    edited = old[0].model_copy(update={"edited": True, "origin": origin()})
    kept = by_id(edited, old[1], done)

    new, changed = changes(
        kept,
        planned({"beatId": "a", "prompts": "two"}, {"beatId": "b", "prompts": "b"}),
        whole=False,
    )

    assert new == []
    [second] = changed
    assert (second.status, second.prompt) == (ShotStatus.READY, PromptSet(prompt="b"))


def origin(**told: Any) -> Any:
    return origin_now(found_in(Beat("a", {"beatId": "a", **told})), Bible())


def test_a_beat_that_is_gone_takes_what_was_not_made_with_it() -> None:
    old = shots({"beatId": "a"}, {"beatId": "b"}, {"beatId": "c"})
    done = old[2].model_copy(update={"status": ShotStatus.DONE})
    kept = by_id(old[0], old[1], done)

    _, changed = changes(kept, planned({"beatId": "a"}), whole=True)

    [gone] = changed
    assert (gone.id, gone.status, gone.error_code) == (
        "0002-cinematic-1",
        ShotStatus.CANCELLED,
        "beat_gone",
    )
    assert changes(kept, planned({"beatId": "a"}), whole=False) == ([], [])


def test_a_shot_waits_for_the_words_of_its_changed_beat() -> None:
    [kept], _ = changes({}, planned(ours("A ship")), whole=True)
    changed = ours("A ship", action="waits") | {"action": "runs"}

    _, [waiting] = changes(by_id(kept), planned(changed, renews=True), whole=True, renews=True)
    elsewhere = changes(by_id(kept), planned(changed), whole=True)
    written = ours("It runs", action="runs")
    _, [ready] = changes(by_id(waiting), planned(written, renews=True), whole=True, renews=True)

    assert kept.status is ShotStatus.READY
    assert (waiting.status, waiting.prompt) == (ShotStatus.WAITING, kept.prompt)
    _, [painted] = elsewhere
    assert (painted.status, painted.prompt) == (ShotStatus.READY, kept.prompt)
    assert (ready.status, ready.prompt) == (ShotStatus.READY, PromptSet(prompt="It runs"))
    assert ready.origin != kept.origin


def test_nothing_is_outdated_while_scenes_are_found() -> None:
    growing = view(ours("A ship") | {"action": "runs"}, scenesToCome=1)

    [one] = shots_of(growing, RunConfig(), whole=False, renews=True)

    assert one.shot.status is ShotStatus.READY


def test_a_shot_whose_words_are_gone_waits_where_others_are_written() -> None:
    [kept] = shots(ours("A ship"))
    gone = {"beatId": "a", "action": "waits"}

    _, [waiting] = changes(by_id(kept), planned(gone), whole=True, renews=True)

    assert waiting.status is ShotStatus.WAITING
    assert changes(by_id(kept), planned(gone), whole=True) == ([], [])


def test_other_words_are_tried_as_if_nothing_had_been_tried() -> None:
    milder = Mending(remedy=Remedy.SOFTEN, why="no", code="blocked", at=EVENING, after="Milder")
    [kept] = shots(ours("A ship"))
    kept = kept.model_copy(update={"steps": (milder,), "seed": 7})

    _, [new] = changes(by_id(kept), planned(ours("A boat")), whole=True)
    _, [same] = changes(by_id(kept), planned(ours("A ship")), whole=True)

    assert (new.steps, new.prompt) == ((), PromptSet(prompt="A boat", seed=7))
    assert same.steps == (milder,)


def test_words_of_which_nobody_knows_what_they_were_made_of_are_about_their_beat_as_it_is() -> None:
    beat = {"beatId": "a", "action": "waits", "prompts": "A ship"}

    [kept], _ = changes({}, planned(beat), whole=True)

    assert kept.origin == origin(action="waits")
    changed = beat | {"action": "runs"}
    _, [same] = changes(by_id(kept), planned(changed), whole=True)
    assert same.origin == kept.origin, "they are the words of before"
    _, [other] = changes(by_id(kept), planned(changed | {"prompts": "A boat"}), whole=True)
    assert other.origin == origin(action="runs")


def test_a_persons_words_are_about_the_beat_at_which_they_are_taken_up() -> None:
    [kept] = shots(ours("A ship"))
    edited = kept.model_copy(update={"edited": True, "origin": None})

    _, [taken] = changes(by_id(edited), planned(ours("A ship")), whole=True)

    assert taken.origin == origin(action="waits")
