"""Where and when scenes happen."""

import pytest

from storyloom.story.finding import places as module
from storyloom.story.finding.cast import Cast
from storyloom.story.finding.places import (
    Places,
    Setting,
    is_description,
    time_in,
    weather_in,
    where,
)


@pytest.fixture
def places() -> Places:
    cast = Cast()
    cast.add("Rosa Lane")
    return Places(cast, ["He sails to Gull Rock. The tower is old.", "Tower and lamp, say I"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("GULL ROCK TOWER, LAMP ROOM", "Gull Rock tower, lamp room"),
        ("ROSA'S KITCHEN", "Rosa's kitchen"),
        ("The Deep", "The Deep"),
    ],
)
def test_names_of_places_are_small_but_for_names(places: Places, name: str, shown: str) -> None:
    assert places.all[places.named(name)].name == shown


def test_inside_and_outside_are_two_places_and_the_same_name_is_one(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = [
        places.named("CAR", "interior"),
        places.named("CAR", "exterior"),
        places.named("Car", "interior"),
    ]

    assert named == ["car", "car_2", "car"]
    assert places.named("car") == "car"
    assert places.named("") == ""
    monkeypatch.setattr(module, "MAX_PLACES", 2)
    assert places.named("VAN") == ""


def test_the_first_beat_may_tell_how_a_place_looks(places: Places) -> None:
    yard, hall = places.named("YARD"), places.named("HALL")

    places.describe(yard, "A narrow yard, all fog.", "s1-b1")
    places.describe(yard, "A wide room.", "s1-b2")
    places.describe(hall, "A door slams.", "s1-b3")
    places.describe("nowhere", "A room.", "s1-b4")

    assert (places.all[yard].look, places.all[yard].first_beat) == (
        "a narrow yard, all fog",
        "s1-b1",
    )
    assert (places.all[hall].look, places.all[hall].first_beat) == ("", "s1-b3")


@pytest.mark.parametrize(
    "sentence", ["A round iron room, all glass.", "The old roof, wide and bare."]
)
def test_descriptions_tell_how_a_place_looks(sentence: str) -> None:
    assert is_description(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A pigeon lands on the old roof.",
        "A man carries a bag into the hall.",
        "Rain on the roof.",
        "A cat.",
        "A room " + "x" * 200,
    ],
)
def test_events_are_no_descriptions(sentence: str) -> None:
    assert not is_description(sentence)


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Mara climbed to the roof of the bakery.", "roof of the bakery"),
        ("It hung in the top of the old tree in the market square.", "market square"),
        ("They sat on the bakery steps.", "bakery steps"),
        ("She looked at the tower.", ""),
        ("She came from the harbour.", ""),
        ("She sat in the sun.", ""),
        ("She sat in the roof of the sky.", "roof"),
    ],
)
def test_where_a_sentence_of_prose_goes_on(sentence: str, place: str) -> None:
    assert where(sentence) == place


@pytest.mark.parametrize(
    ("sentence", "time"),
    [
        ("By noon it hung there.", "noon"),
        ("That evening they sat.", "evening"),
        ("In the pale morning light.", "morning"),
        ("Moonlight fell.", "night"),
        ("Good morning!", ""),
        ("The night porter nods.", "night"),
        ("For forty years.", ""),
    ],
)
def test_the_time_that_a_sentence_tells(sentence: str, time: str) -> None:
    assert time_in(sentence) == time


def test_weather_and_attributes() -> None:
    assert weather_in("Rain and fog over the sea.") == ("rain", "fog")
    assert Setting("yard", "both", "night", ("rain",)).attributes == (
        "interior and exterior",
        "night",
        "rain",
    )
    assert Setting().attributes == ()
