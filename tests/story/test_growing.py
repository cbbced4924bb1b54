"""Sessions that grow while others write them."""

from typing import Any

import pytest

from storyloom.story import documents
from storyloom.story.author import Head, SceneFound
from storyloom.story.changes import Change
from storyloom.story.errors import SessionNotFound, SessionUnreadable
from storyloom.story.growing import with_prompts, with_scenes
from storyloom.story.origins import origin_now
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import Aspect, PromptSet
from storyloom.story.script.schemas import Bible, Character, FoundBeat, FoundScene, State, beat_id
from tests.story.samples import TIMESTAMP, beat, raw, session

EMPTY = raw({"timestamp": TIMESTAMP, "scriptText": "INT. YARD"})


def scene(number: int, *, total: int = 2, bible: Bible | None = None) -> SceneFound:
    beats = (FoundBeat(beat_id=beat_id(number, 1), text=f"Scene {number}."),)
    return SceneFound(
        scene=FoundScene(scene_number=number, title=f"Scene {number}", beats=beats),
        bible=bible or Bible(),
        head=Head(3, "Yard"),
        total_scenes=total,
    )


def maria(**more: Any) -> Bible:
    return Bible(characters=(Character(id="maria", name="Maria", **more),))


def written(*names: str) -> list[BeatPrompts]:
    prompts = {
        Aspect.CINEMATIC: PromptSet(prompt="ours"),
        Aspect.VERTICAL: PromptSet(prompt="tall"),
    }
    return [BeatPrompts(beat_id=name, prompts=prompts) for name in names]


def body(change: Change) -> bytes:
    assert change.body is not None
    return change.body


def episode(change: Change) -> dict[str, Any]:
    return documents.read(body(change))["analyzedEpisode"]


def test_scenes_come_one_by_one_and_are_ready_with_the_last() -> None:
    first = with_scenes([scene(2)], TIMESTAMP, EMPTY)
    prompted = with_prompts(written("s2-b1"), TIMESTAMP, body(first))
    last = with_scenes([scene(1)], TIMESTAMP, body(prompted))
    done = with_prompts(written("s1-b1"), TIMESTAMP, body(last))

    assert episode(first) | {"scenes": 0, "bible": 0} == {
        "episodeNumber": 3,
        "title": "Yard",
        "scenes": 0,
        "bible": 0,
        "scenesToCome": 1,
    }
    assert not prompted.reading.is_ready
    assert [one["sceneNumber"] for one in episode(last)["scenes"]] == [1, 2]
    assert "scenesToCome" not in episode(last)
    assert done.reading.is_ready
    assert done.reading.facts.total_prompts == 2


def test_a_scene_that_is_there_stays_as_it_is() -> None:
    grown = with_scenes([scene(1)], TIMESTAMP, EMPTY)
    document = documents.read(body(grown))
    document["analyzedEpisode"]["scenes"][0] |= {"title": "A person's", "mine": 1}
    document["analyzedEpisode"] |= {"title": "A person's", "scenes": [*episode(grown)["scenes"], 7]}
    document["analyzedEpisode"]["scenes"][0]["title"] = "A person's"

    again = with_scenes([scene(1), scene(2)], TIMESTAMP, documents.write(document))

    assert [one if one == 7 else one["title"] for one in episode(again)["scenes"]] == [
        "A person's",
        7,
        "Scene 2",
    ]
    assert episode(again)["title"] == "A person's"
    assert with_scenes([scene(2)], TIMESTAMP, body(again)).body is None
    assert with_scenes([], TIMESTAMP, body(again)).body is None


def test_a_list_of_scenes_becomes_an_episode() -> None:
    kept = b'{"analyzedEpisode": [{"sceneNumber": 1, "beats": []}]}'

    assert len(episode(with_scenes([scene(2)], TIMESTAMP, kept))["scenes"]) == 2


def test_looks_that_a_person_has_written_stay_and_states_grow() -> None:
    wet = State(words="wet", from_beat="s1-b1")
    first = with_scenes([scene(1, bible=maria(states=(wet,)))], TIMESTAMP, EMPTY)
    document = documents.read(body(first))
    theirs = document["analyzedEpisode"]["bible"]["characters"][0]
    theirs |= {"look": "38, red cap", "shoeSize": 39}
    theirs["states"].append({"words": "tired", "fromBeat": "s1-b1"})
    document["analyzedEpisode"]["bible"]["characters"].append("junk")
    dry = State(words="wet", from_beat="s1-b1", until_beat="s1-b1")
    found = maria(look="of 40", states=(dry,), aliases=("Mia",))

    grown = with_scenes([scene(2, bible=found)], TIMESTAMP, documents.write(document))

    people = episode(grown)["bible"]["characters"]
    assert people[1] == "junk"
    assert (people[0]["look"], people[0]["shoeSize"], people[0]["aliases"]) == (
        "38, red cap",
        39,
        ["Mia"],
    )
    assert people[0]["states"] == [
        {"words": "tired", "fromBeat": "s1-b1"},
        {"words": "wet", "fromBeat": "s1-b1", "untilBeat": "s1-b1"},
    ]


def test_prompts_of_others_stay() -> None:
    kept = raw(
        session(
            beat("a", prompts="theirs"),
            beat("b", prompts={"cinematic": " ", "marketingVertical": "m"}),
            beat("c", prompts={"vertical": {"prompt": "theirs", "steps": 4}}),
        )
    )

    grown = with_prompts(written("a", "b", "c", "gone"), TIMESTAMP, kept)

    beats = episode(grown)["scenes"][0]["beats"]
    ours, tall = ({"prompt": text, "negativeprompt": ""} for text in ("ours", "tall"))
    assert [one["prompts"] for one in beats] == [
        {"cinematic": "theirs", "vertical": tall},
        {"cinematic": ours, "vertical": tall, "marketingVertical": "m"},
        {"cinematic": ours, "vertical": {"prompt": "theirs", "steps": 4}},
    ]
    assert with_prompts(written("a", "b", "c"), TIMESTAMP, body(grown)).body is None


def test_what_is_not_there_or_no_session_does_not_grow() -> None:
    with pytest.raises(SessionNotFound):
        with_scenes([scene(1)], TIMESTAMP, None)
    with pytest.raises(SessionUnreadable):
        with_prompts([], TIMESTAMP, b"[]")


def telling(action: str, name: str = "a", words: str = "ours") -> BeatPrompts:
    """Prompts that were written of a beat that says this."""
    found = FoundBeat(beat_id=name, text=f"Text {name}", action=action)
    [one] = written(name)
    prompts = {Aspect.CINEMATIC: PromptSet(prompt=words)}
    origin = origin_now(found, Bible())
    return one.model_copy(update={"prompts": prompts, "origin": origin})


def prompted(change: Change) -> list[str]:
    beats = episode(change)["scenes"][0]["beats"]
    return [beat["prompts"]["cinematic"]["prompt"] for beat in beats]


def told(change: Change, action: str, **prompts: str) -> bytes:
    """The session after somebody has changed its first beat."""
    document = documents.read(body(change))
    first = document["analyzedEpisode"]["scenes"][0]["beats"][0]
    first["action"] = action
    first["prompts"] |= prompts
    return documents.write(document)


def test_an_outdated_prompt_of_ours_is_replaced_by_one_of_the_beat_as_it_is() -> None:
    first = with_prompts([telling("waits")], TIMESTAMP, raw(session(beat("a", action="waits"))))
    changed = told(first, "runs")

    late = with_prompts([telling("hides", words="late")], TIMESTAMP, changed)
    new = with_prompts([telling("runs", words="new")], TIMESTAMP, changed)

    assert late.body is None, "it is of another beat than is there now"
    assert prompted(new) == ["new"]
    again = with_prompts([telling("runs", words="again")], TIMESTAMP, body(new))
    assert again.body is None, "it is of the same beat"


def test_words_that_somebody_has_changed_stay() -> None:
    first = with_prompts([telling("waits")], TIMESTAMP, raw(session(beat("a", action="waits"))))

    new = with_prompts([telling("runs")], TIMESTAMP, told(first, "runs", cinematic="mine"))

    assert new.body is None


def test_where_prompts_come_from_is_no_part_of_what_a_beat_says() -> None:
    empty = raw(session(beat("a", action="waits")))

    first = with_prompts([telling("waits")], TIMESTAMP, empty)

    assert first.before is not None
    assert first.reading.cause == first.before.cause
    [one] = episode(first)["scenes"][0]["beats"]
    assert set(one["promptOrigins"]) == {"cinematic"}
