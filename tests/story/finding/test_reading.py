"""Whole scripts, read by rules."""

import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyloom.errors import InvalidInput
from storyloom.story.finding import reading
from storyloom.story.finding.reading import read_episode
from storyloom.story.script.schemas import DecisionType, Episode, FoundBeat, Shot, wire
from tests.story.screenplays import screenplay

EXAMPLES = Path(__file__).parents[3] / "examples" / "story"
FILM = EXAMPLES / "the_last_lamp.fountain"
TALE = EXAMPLES / "the_kite_on_the_roof.txt"


@pytest.fixture(scope="module")
def film() -> Episode:
    return read_episode(FILM.read_text("utf-8"))


@pytest.fixture(scope="module")
def tale() -> Episode:
    return read_episode(TALE.read_text("utf-8"))


def beats(episode: Episode) -> dict[str, FoundBeat]:
    return {beat.beat_id: beat for beat in episode.beats}


def test_the_film_has_its_scenes_and_decisions(film: Episode) -> None:
    decided = [beat.image_decision.type for beat in film.beats]

    assert film.title == "The Last Lamp"
    assert [scene.title for scene in film.scenes] == [
        "EXT. GULL ROCK LIGHTHOUSE - DUSK",
        "INT. GULL ROCK LIGHTHOUSE - LAMP ROOM - NIGHT",
        "EXT. GULL ROCK LIGHTHOUSE - GALLERY - CONTINUOUS",
        "EXT. GULL ROCK LIGHTHOUSE - LANDING - DAWN",
    ]
    assert (
        film.scenes[0].metadata["synopsis"] == "A lighthouse goes dark while a boat is still out."
    )
    assert [decided.count(kind) for kind in DecisionType] == [16, 5, 2]
    assert all(beat.image_decision.reason.endswith((".", "…")) for beat in film.beats)


def test_the_people_of_the_film_look_as_it_says(film: Episode) -> None:
    assert [(one.name, one.look, one.first_beat) for one in film.bible.characters] == [
        ("Nora Corvell", "woman, 61, lighthouse keeper, white braid, yellow oilskin coat", "s1-b2"),
        ("Teo Marrin", "man, 19, apprentice, freckles, navy wool jumper", "s2-b2"),
    ]
    assert film.bible.characters[0].states_in("s3-b1") == ("wet",)
    assert film.bible.characters[0].states_in("s4-b1") == ()


def test_the_lantern_of_the_film_changes(film: Episode) -> None:
    lantern = film.bible.prop("lantern")

    assert lantern is not None
    assert (lantern.look, lantern.first_beat) == ("old brass lantern", "s1-b2")
    assert [lantern.states_in(beat) for beat in ("s1-b2", "s2-b8", "s4-b2")] == [
        ("unlit",),
        ("lit",),
        ("broken",),
    ]


def test_the_places_of_the_film_are_told_apart(film: Episode) -> None:
    assert [(one.name, one.inside, one.look) for one in film.bible.places][:3] == [
        ("Gull Rock lighthouse", "exterior", "a white lighthouse on Gull Rock, black and bare"),
        ("Gull Rock lighthouse, lamp room", "interior", "a round iron room, all glass"),
        ("Gull Rock lighthouse, gallery", "exterior", ""),
    ]


def test_a_beat_of_the_film_says_all_that_a_picture_needs(film: Episode) -> None:
    introduced, talk, gift = (beats(film)[one] for one in ("s1-b2", "s3-b3", "s3-b2"))

    assert (
        introduced.action
        == "Nora Corvell walks bent into the wind. She carries an old brass lantern, unlit."
    )
    assert introduced.text.startswith("NORA CORVELL (61, lighthouse keeper")
    assert introduced.location_attributes == ("exterior", "dusk", "rain", "wind")
    assert (introduced.camera_angle_suggestion, introduced.props) == (Shot.WIDE, ("lantern",))
    assert (talk.dialogue[0].speaker, talk.dialogue[0].manner) == ("teo_marrin", "shouting")
    assert talk.image_decision.reuse_of == "s3-b2"
    assert gift.characters == ("nora_corvell", "teo_marrin")
    assert gift.character_positioning == "Nora and Teo together"
    assert gift.time_of_day == "night"


def test_the_tale_has_its_places_and_times(tale: Episode) -> None:
    assert [scene.title for scene in tale.scenes] == [
        "Roof of the bakery, morning",
        "Market square, noon",
        "Bakery steps, evening",
    ]
    assert {one.name: one.look for one in tale.bible.characters} == {
        "Mara": "girl, nine",
        "Mr. Ott": "a broad man with a grey moustache and a white apron",
    }
    assert [prop.id for prop in tale.bible.props] == ["kite", "ladder"]


def test_the_tale_is_followed_through_what_is_said(tale: Episode) -> None:
    talk = beats(tale)["s1-b5"]

    assert talk.dialogue[0].speaker == "mr_ott"
    assert talk.image_decision.type is DecisionType.REUSE
    assert beats(tale)["s2-b2"].props == ("kite",)
    assert beats(tale)["s3-b1"].characters == ("mara", "mr_ott")


@pytest.mark.parametrize("path", [FILM, TALE], ids=lambda path: path.suffix)
def test_all_that_a_script_says_is_in_a_beat(path: Path) -> None:
    script = path.read_text("utf-8")
    told = "".join("".join(beat.text.split()) for beat in read_episode(script).beats)

    for line in script.splitlines()[10:]:
        is_left_out = line.startswith(("=", "#", "EXT.", "INT.", "*"))
        assert is_left_out or "".join(line.partition("[[")[0].split()) in told


def test_an_episode_is_written_and_read_again(film: Episode) -> None:
    assert Episode.model_validate(wire(film)) == film
    assert read_episode(FILM.read_text("utf-8"), number=4, title="Mine").title == "Mine"


def test_ninety_pages_are_read_in_two_seconds() -> None:
    script = screenplay(90)
    most_s = 4 if sys.gettrace() is None else 20  # the machines of tests are slow, coverage slower
    begun = time.thread_time()

    episode = read_episode(script)

    assert len(script) > 175_000
    assert len(episode.beats) > 2000
    assert time.thread_time() - begun < most_s


def test_a_script_with_too_many_beats_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BEATS", 2)
    with pytest.raises(InvalidInput, match="too many beats: it may have 2"):
        read_episode("She runs.\n\n***\n\nHe falls down.\n\n***\n\nThey wait.")
    monkeypatch.setattr(reading, "MAX_UNITS", 2)
    with pytest.raises(InvalidInput, match="too many sentences") as refused:
        read_episode("She runs. He falls. They wait.")

    assert refused.value.http_status == 422


def test_a_scene_may_have_no_beats_and_no_name() -> None:
    episode = read_episode("INT. HALL - DAY\n\nINT. YARD - NIGHT\n\nShe waits in the yard.")

    assert (episode.scenes[0].beats, episode.scenes[0].metadata["timeOfDay"]) == ((), "day")
    assert read_episode("Something stirs and turns.").scenes[0].title == "Scene 1"


PIECES = st.sampled_from(
    ["INT. ", "EXT. A - DAY", "\n", "\n\n", "MARIA", "Maria ", "(38, x)", "“", "”", '"', "'s ", "the ",
     "lantern ", "lifts ", "is dead.", "[[", "]]", "/*", "*/", "> ", "<", "*", "_", "@", "^", "=", "#", ".",
     "she ", "him ", "said ", "CUT TO:", "***", "\u3002", "\u5f20", "\u202e", "\x00", "\ud800", "<lora:x>"]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.text(max_size=6), max_size=40).map("".join))
def test_whatever_is_sent_is_read_or_refused(script: str) -> None:
    try:
        episode = read_episode(script)
    except InvalidInput:
        return

    names = [beat.beat_id for beat in episode.beats]
    assert len(names) == len(set(names))
    assert Episode.model_validate(wire(episode)) == episode
    for beat in episode.beats:
        assert set(beat.characters) <= {one.id for one in episode.bible.characters}
        assert set(beat.props) <= {one.id for one in episode.bible.props}
        assert beat.place in {"", *(one.id for one in episode.bible.places)}
        assert beat.image_decision.reuse_of in {None, *names}


@pytest.mark.parametrize(
    "piece",
    [
        "Ab ",
        "Ab (",
        "AB (x) ",
        "A, a b, ",
        "in the ",
        "she is nine, ",
        "INT. A\n\nx\n\n",
        "AB\nx\n\n",
        "“a,” said Ab. ",
        "her it its ",
    ],
)
def test_reading_takes_time_that_grows_with_the_text_alone(piece: str) -> None:
    read_episode(piece * (8000 // len(piece)))
