"""What is asked about."""

import pytest

from storyloom.story.asked import material
from storyloom.story.asked.material import beat_question, scene_question
from storyloom.story.asked.prompting import FIND_BEATS, WRITE_PROMPT, prompts
from storyloom.story.finding.reading import read_episode
from tests.story.asked.models import SCRIPT

EPISODE = read_episode(SCRIPT)


def test_the_questions_are_files_with_a_version() -> None:
    assert {name: one.version for name, one in prompts().items()} == {
        FIND_BEATS: "1",
        WRITE_PROMPT: "2",
    }
    assert all(not one.slots for one in prompts().values())


def test_a_beat_is_asked_about_with_what_it_names_alone() -> None:
    asked = beat_question(EPISODE.beats[0], EPISODE.bible)

    assert "character nora: Nora; 61, white braid" in asked.material
    assert "prop lantern: lantern; old lantern" in asked.material
    assert "character teo" not in asked.material
    assert "place: lamp_room; time: night; seen: nora; camera: medium shot" in asked.material
    assert asked.instructions == beat_question(EPISODE.beats[-1], EPISODE.bible).instructions


def test_what_somebody_wants_to_be_seen_is_asked_about() -> None:
    told = EPISODE.beats[0].model_copy(update={"action": "Teo  opens\nthe door."})

    asked = beat_question(told, EPISODE.bible)

    assert "To be seen: Teo opens the door." in asked.material
    assert "character teo" in asked.material


def test_states_are_those_of_the_beat() -> None:
    asked = beat_question(EPISODE.beats[-1], EPISODE.bible)

    assert "prop lantern: lantern; old lantern, broken" in asked.material


def test_a_long_bible_is_sent_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = scene_question(EPISODE.scenes[1], EPISODE.bible).material
    monkeypatch.setattr(material, "_MANY", 1)
    part = scene_question(EPISODE.scenes[1], EPISODE.bible).material

    assert "character teo" in whole
    assert "character teo" not in part
    assert "character nora" in part
