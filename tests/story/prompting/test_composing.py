"""Prompts, composed of facts and the bible."""

from storyloom.story.prompting.composing import NEGATIVE, composed, short_name, with_names
from storyloom.story.prompting.schemas import Facts
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Place, Prop, Shot, State

WET = State(words="wet", from_beat="s1-b2")
BIBLE = Bible(
    characters=(
        Character(
            id="nora_corvell",
            name="Nora Corvell",
            aliases=("Nora",),
            look="61, white braid",
            states=(WET,),
        ),
        Character(id="teo", name="Teo"),
    ),
    places=(Place(id="room", name="lamp room", inside="interior", look="a round iron room"),),
    props=(
        Prop(
            id="lantern",
            name="lantern",
            look="old brass lantern",
            states=(State(words="lit", from_beat="s1-b2"),),
        ),
        Prop(id="key_2", name="key", look="key"),
    ),
)
BEAT = FoundBeat(beat_id="s1-b2", location_attributes=("interior", "night"), time_of_day="night")
FACTS = Facts(
    characters=("nora_corvell", "teo"),
    place="room",
    props=("lantern", "key_2"),
    action="nora_corvell lifts the lantern and key_2",
    shot=Shot.WIDE,
    mood="tense",
    time_of_day="night",
)


def prompts(facts: Facts, beat: FoundBeat = BEAT, style: str = "") -> tuple[str, str]:
    made = composed(facts, beat, BIBLE, style=style)
    return made[Aspect.CINEMATIC].prompt, made[Aspect.VERTICAL].prompt


def test_looks_are_those_of_the_bible_word_for_word() -> None:
    wide, tall = prompts(FACTS)

    assert wide == (
        "Wide shot, widescreen composition. Nora lifts the lantern and key. Nora: 61, white braid, wet."
        " Old brass lantern, lit. Setting: lamp room, a round iron room, interior, at night."
        " Mood: tense. Cinematic film still, natural light."
    )
    assert tall.startswith(
        "Full shot that fills the height of the frame, vertical composition. Nora lifts"
    )
    assert wide.partition(". ")[2] == tall.partition(". ")[2]


def test_each_shape_has_its_size_and_nobody_stands_in_an_empty_picture() -> None:
    made = composed(FACTS, BEAT, BIBLE)
    empty = composed(Facts(action="A calm sea."), BEAT, BIBLE)
    crowded = composed(Facts(action="A crowd waits."), BEAT, BIBLE)

    assert [(one.width, one.height) for one in made.values()] == [(1344, 768), (768, 1344)]
    assert made[Aspect.CINEMATIC].negative_prompt == NEGATIVE
    assert empty[Aspect.CINEMATIC].negative_prompt == f"{NEGATIVE}, people"
    assert crowded[Aspect.CINEMATIC].negative_prompt == NEGATIVE


def test_nothing_of_a_script_is_live_and_the_style_stays_as_it_is() -> None:
    evil = Bible(characters=(Character(id="x", name="<lora:x>", look="(red:1.4) [hat]"),))
    facts = Facts(characters=("x",), action="She waits <segment:face> BREAK here", mood="{a|b}")

    made = composed(facts, FoundBeat(beat_id="b"), evil, style="ink <lora:ink:0.8>")

    prompt = made[Aspect.CINEMATIC].prompt
    assert prompt == (
        "Medium shot, widescreen composition. She waits segment:face break here."
        " Lora x: red, hat. Mood: a b. ink <lora:ink:0.8>."
    )


def test_what_the_bible_does_not_know_is_left_out() -> None:
    wide, _ = prompts(
        Facts(characters=("nobody",), props=("nothing",), place="nowhere", action="Rain falls.")
    )

    assert wide == (
        "Medium shot, widescreen composition. Rain falls. Setting: interior, at night."
        " Cinematic film still, natural light."
    )


def test_a_picture_of_nothing_says_only_how_it_is_framed() -> None:
    assert prompts(Facts(), FoundBeat(beat_id="b"))[0] == (
        "Medium shot, widescreen composition. Cinematic film still, natural light."
    )


def test_times_are_told_as_people_do() -> None:
    def told(time: str) -> str:
        return prompts(Facts(action="Rain falls."), FoundBeat(beat_id="b", time_of_day=time))[0]

    assert "Setting: by day." in told("day")
    assert "Setting: at dusk." in told("dusk")
    assert "Setting: in the evening." in told("evening")
    assert "Setting" not in told("")


def test_a_place_is_not_described_twice() -> None:
    wide, _ = prompts(Facts(place="room", action="A round iron room."))

    assert wide.count("round iron room") == 1


def test_ids_are_told_as_names() -> None:
    assert with_names("teo and nora_corvell see", BIBLE) == "Teo and Nora see"
    assert [short_name(one) for one in BIBLE.characters] == ["Nora", "Teo"]
