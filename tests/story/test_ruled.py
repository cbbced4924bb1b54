"""The author that needs nothing."""

from pathlib import Path

import pytest

from storyloom.errors import InvalidInput
from storyloom.story.author import Author, Head
from storyloom.story.prompting.schemas import FindingCode
from storyloom.story.prompts import Aspect
from storyloom.story.ruled import RuleAuthor
from storyloom.story.script.schemas import Bible, DecisionType, FoundBeat

FILM = Path(__file__).parents[2] / "examples" / "story" / "the_last_lamp.fountain"


async def test_a_script_becomes_scenes_and_prompts_that_nothing_is_wrong_with() -> None:
    author: Author = RuleAuthor()
    script = FILM.read_text("utf-8")

    found = [one async for one in author.scenes(script, episode=Head(4))]

    assert [one.scene.scene_number for one in found] == [1, 2, 3, 4]
    assert {(one.head, one.total_scenes) for one in found} == {(Head(4, "The Last Lamp"), 4)}
    for scene in found:
        for beat in scene.scene.beats:
            if beat.image_decision.type is DecisionType.NEW:
                made = await author.prompts(beat, scene.bible, style="Ink and wash")
                assert made.findings == ()
                assert made.prompts[Aspect.CINEMATIC].prompt.endswith("Ink and wash.")


async def test_a_beat_without_anything_to_see_is_an_error() -> None:
    made = await RuleAuthor().prompts(FoundBeat(beat_id="s1-b1", text="..."), Bible())

    assert [one.code for one in made.errors] == [FindingCode.EMPTY]


async def test_a_script_that_says_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        [one async for one in RuleAuthor().scenes(" ", episode=Head())]
