"""A session as a run sees it."""

import pytest

from storyloom.story.author import Head
from storyloom.story.episodes import view_of
from storyloom.story.origins import Standing
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import DecisionType, FoundBeat, Significance
from tests.story.samples import beat, session


def test_what_is_said_is_seen() -> None:
    document = session(
        beat("s1-b1", imageDecision={"type": "NO_IMAGE", "reason": "Thin."}, action="She waits."),
        beat(None, prompts={"cinematic": "wide shot"}),
        scriptText="INT. YARD",
        promptMode=" StoryArt ",
        selectedLLM="gemini-3.8-flash",
    )
    document["analyzedEpisode"] |= {
        "title": "Yard",
        "bible": {"places": [{"id": "yard", "name": "Y"}]},
    }

    view = view_of(document)

    assert (view.script, view.prompt_mode, view.selected_llm) == (
        "INT. YARD",
        "storyart",
        "gemini-3.8-flash",
    )
    assert view.head == Head(2, "Yard")
    assert view.bible.place("yard") is not None
    assert view.scenes_to_come == 0
    first, second = view.beats
    assert first.found.image_decision.type is DecisionType.NONE
    assert (first.found.text, first.found.action) == ("Text s1-b1", "She waits.")
    assert (second.place, second.beat.id, second.found.beat_id) == (2, "2", "2")
    assert second.beat.has_prompts
    assert first.standings[Aspect.CINEMATIC] is Standing.MISSING
    assert second.standings == {
        Aspect.CINEMATIC: Standing.CURRENT,
        Aspect.VERTICAL: Standing.MISSING,
    }


def test_what_does_not_fit_is_left_out_and_nothing_else() -> None:
    odd = beat("a", visualSignificance="Extreme", characters="Maria", locationAttributes=["fog"])

    seen = view_of(session(odd)).beats[0].found

    assert seen.visual_significance is Significance.MEDIUM
    assert (seen.characters, seen.location_attributes) == ((), ("fog",))
    assert seen.text == "Text a"


@pytest.mark.parametrize(
    "episode",
    [None, [], "x", {"bible": 3, "episodeNumber": True}, {"bible": {"characters": 5}}],
)
def test_a_session_may_say_nothing(episode: object) -> None:
    view = view_of({"analyzedEpisode": episode, "scriptText": 5, "selectedLLM": " "})

    assert (view.script, view.prompt_mode, view.selected_llm, view.beats) == ("", "", None, ())
    assert view.head.number == 1
    assert view.bible.characters == ()


def test_entries_that_are_none_are_left_out_of_a_bible() -> None:
    people = [7, {"id": "Not An Id", "name": "x"}, {"id": "dev", "name": "Dev", "states": "wet"}]
    document = {"analyzedEpisode": {"bible": {"characters": people}}}

    bible = view_of(document).bible

    assert [(one.id, one.states) for one in bible.characters] == [("dev", ())]


def test_a_beat_of_other_clients_is_read_by_its_id_alone() -> None:
    odd = {"beatId": 5, "imageDecision": "NEW", "beatText": "She waits."}

    assert view_of(session(odd)).beats[0].found == FoundBeat(beat_id="5", text="She waits.")
