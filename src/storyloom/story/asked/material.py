"""What is asked about: a scene or a beat with the bible, fenced. The same gives the same bytes."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from storyloom.llm.fencing import fenced
from storyloom.llm.schemas import Question
from storyloom.story.asked.prompting import FIND_BEATS, WRITE_PROMPT, prompts
from storyloom.story.asked.schemas import PromptAnswer, SceneAnswer
from storyloom.story.script.hygiene import on_one_line
from storyloom.story.script.schemas import Bible, Character, FoundBeat, FoundScene, Place, Prop

BETWEEN = "\n\n"  #: stands between the beats of a scene
_SCENE_TOKENS = 8192
_PROMPT_TOKENS = 1024
_MANY = 80  # entries of a bible that is sent whole
E = TypeVar("E", Character, Place, Prop)


def scene_text(scene: FoundScene) -> str:
    """The words of a scene, as its beats hold them."""
    return BETWEEN.join(beat.text for beat in scene.beats)


def scene_question(scene: FoundScene, bible: Bible) -> Question[SceneAnswer]:
    """Ask for the beats of a scene."""
    asking = prompts()[FIND_BEATS]
    near = bible
    if len(bible.characters) + len(bible.props) > _MANY:
        ids = [one for beat in scene.beats for one in (*beat.characters, *beat.props, beat.place)]
        near = _near(scene_text(scene), bible, ids)
    known = ["Bible:", *_bible(near, ""), "", f"Scene: {scene.title}", ""]
    return Question(
        name=asking.name,
        version=asking.version,
        instructions=asking.text,
        material=fenced(
            f"scene {scene.scene_number}", [*known, *scene_text(scene).split("\n")], kind="scene"
        ),
        answer=SceneAnswer,
        max_output_tokens=_SCENE_TOKENS,
    )


def beat_question(beat: FoundBeat, bible: Bible) -> Question[PromptAnswer]:
    """Ask what is to be seen in a beat."""
    asking = prompts()[WRITE_PROMPT]
    facts = {
        "place": beat.place,
        "time": beat.time_of_day,
        "seen": ", ".join(beat.characters),
        "camera": beat.camera_angle_suggestion,
    }
    known = "; ".join(f"{name}: {value or '-'}" for name, value in facts.items())
    near = _near(f"{beat.text} {beat.action}", bible, (*beat.characters, *beat.props, beat.place))
    told = ["Bible:", *_bible(near, beat.beat_id), "", f"Beat {beat.beat_id}; {known}"]
    told += beat.text.split("\n")
    if action := on_one_line(beat.action):
        told.append(f"To be seen: {action}")
    return Question(
        name=asking.name,
        version=asking.version,
        instructions=asking.text,
        material=fenced(f"beat {beat.beat_id}", told, kind="beat"),
        answer=PromptAnswer,
        max_output_tokens=_PROMPT_TOKENS,
    )


def _bible(bible: Bible, beat: str) -> Iterator[str]:
    for kind, entries in (
        ("character", bible.characters),
        ("place", bible.places),
        ("prop", bible.props),
    ):
        yield from (_entry(kind, one, beat) for one in entries)


def _entry(kind: str, one: Character | Place | Prop, beat: str) -> str:
    states = one.states_in(beat) if not isinstance(one, Place) and beat else ()
    look = ", ".join(part for part in (one.look, *states) if part)
    return " ".join(f"{kind} {one.id}: {one.name}; {look}".split()).rstrip("; ")


def _near(text: str, bible: Bible, ids: Iterable[str]) -> Bible:
    """What a text can need of a bible: what it names, and what is called by a word of it."""
    told, wanted = text.casefold(), frozenset(ids)
    return Bible(
        characters=_kept(bible.characters, wanted, told),
        places=_kept(bible.places, wanted, told),
        props=_kept(bible.props, wanted, told),
    )


def _kept(entries: Iterable[E], wanted: frozenset[str], told: str) -> tuple[E, ...]:
    return tuple(
        one
        for one in entries
        if one.id in wanted or any(part in told for part in one.name.casefold().split())
    )
