"""What is read from the words of a beat."""

import pytest

from storyloom.adapters.typst._shot import Shot, shot_of
from storyloom.adapters.typst._words import tables
from storyloom.boards.icons import icon_set
from storyloom.imaging.schemas import ImageRequest


def _shot(prompt: str = "", caption: str = "", **more: object) -> Shot:
    asked = {"prompt": prompt, "caption": caption, "width": 64, "height": 64, "seed": 3, **more}
    return shot_of(ImageRequest.model_validate(asked))


@pytest.mark.parametrize(
    ("prompt", "caption", "drawn"),
    [
        ("INT. KITCHEN - DAY", "Mara and Tom argue about the letter.", "room kitchen day 2"),
        ("EXT. TRAIN STATION - NIGHT", "Mara runs along the platform.", "vehicle train night 1"),
        ("a man waits in a rain-soaked street, evening", "", "street  dusk 1"),
        ("wide shot of mountains at dawn", "A lone figure walks.", "landscape mountains dawn 1"),
        ("INT. CORRIDOR - NIGHT", "Somebody has left the light on.", "corridor  night 0"),
        ("a spaceship drifts past a planet", "", "vehicle rocket dusk 0"),
        ("over the shoulder shot of a detective talking to a woman", "", "shoulder  dusk 2"),
        ("close-up of an old key", "", "prop  dusk 0"),
        ("extreme close-up, the face of a boy", "", "portrait  dusk 1"),
        ("close-up, two men in an alley", "", "two  dusk 2"),
        ("INT. - NIGHT", "", "room  night 0"),
        ("EXT. - DAY", "", "landscape  day 0"),
        ("EXT. - DAY", "She waits.", "street  day 1"),
        ("", "Tom smiles.", "portrait  dusk 1"),
        ("", "They kiss.", "two  dusk 2"),
        ("", "Mara and Tom wait.", "two  dusk 2"),
        ("", "The whole team is here.", "crowd  dusk 4"),
        ("", "The letter lies unopened on the table.", "prop  dusk 0"),
        ("", "Nothing.", "emblem  dusk 0"),
        ("", "Der Mann wartet am Bahnhof. Nacht.", "vehicle train night 1"),
        ("", "駅で彼女は雨の夜に待つ", "vehicle train night 1"),
        ("her cell phone rings in the kitchen", "", "room kitchen dusk 1"),
    ],
)
def test_words_become_a_shot(prompt: str, caption: str, drawn: str) -> None:
    shot = _shot(prompt, caption)

    assert f"{shot.grammar} {shot.place} {shot.time} {shot.people}" == drawn


@pytest.mark.parametrize(
    ("prompt", "drawn"),
    [
        (
            "Nora stares at the sea. Setting: lighthouse, lamp room, interior, at night.",
            "room lamp",
        ),
        ("The sea is calm. Setting: Gull Rock lighthouse, exterior.", "landscape lighthouse"),
        ("INT. LIGHTHOUSE - NIGHT", "room lamp"),
        ("EXT. LIGHTHOUSE - LAMP ROOM - NIGHT", "landscape lighthouse"),
        ("EXT. HOUSE - DAY", "landscape house"),
        ("EXT. SCHOOL - DAY", "street "),
        ("INT. CAR - NIGHT", "room car"),
        ("INT. BOAT - CABIN - NIGHT", "room ship"),
        ("INT. CABIN - NIGHT", "room plain"),
        ("INT. FOREST HUT - NIGHT", "room plain"),
        ("INT. - DAY. She looks at the sea.", "room "),
        ("a hand on an iron bar", "emblem "),
        ("a table of dark wood in an empty space", "emblem "),
    ],
)
def test_a_place_is_seen_from_the_side_that_is_told(prompt: str, drawn: str) -> None:
    shot = _shot(prompt)

    assert f"{shot.grammar} {shot.place}" == drawn


@pytest.mark.parametrize(
    ("caption", "drawn"),
    [
        ("close-up of an old brass lantern", "lantern"),
        ("She drinks a glass of water.", "glass"),
        ("A looking glass on the wall.", "mirror"),
        ("A stained glass window.", "window"),
        ("A magnifying glass.", "magnifying-glass"),
        ("A glass of wine.", "wine"),
        ("His glasses.", "eyeglasses"),
        ("A round iron room, all glass.", ""),
        ("Only lightning fills the glass.", ""),
        ("The kite rose.", "kite"),
        ("She watches.", ""),
        ("The wooden box.", "box"),
        ("A glass eye.", ""),
        ("A wrench and two umbrellas.", "wrench"),
    ],
)
def test_a_thing_is_drawn_for_what_it_is_or_not_at_all(caption: str, drawn: str) -> None:
    shot = _shot(caption=caption)

    assert (shot.thing or (shot.icon if shot.icon in icon_set().svg else "")) == drawn or (
        not drawn and not shot.thing and shot.icon.startswith(("film", "video", "frame"))
    )


def test_a_heading_tells_of_no_thing() -> None:
    assert _shot("INT. BOAT - CABIN - NIGHT. She holds a lantern.").thing == "lantern"


def test_a_near_shot_keeps_the_place_behind_it() -> None:
    shot = _shot("Close-up. Mara smiles. Mara: girl. Setting: kitchen, interior.")

    assert (shot.grammar, shot.behind, shot.size) == ("portrait", "room-kitchen", "near")
    assert _shot("a kitchen, a man").behind == ""


def test_a_place_looks_the_same_in_all_its_shots() -> None:
    setting = "Setting: attic, interior, at night."

    assert _shot(f"She waits. {setting}", seed=1).seed == _shot(f"Rain. {setting}", seed=2).seed


def test_a_thing_has_its_colour_and_burns_unless_it_is_out() -> None:
    kite = _shot(caption="He hands her the red kite.")

    assert (kite.tint, kite.held, kite.pose) == ("#c63f31", True, "reach")
    assert _shot("a lantern").lit
    assert not _shot("an unlit lantern").lit
    assert not _shot("a lantern by day").lit
    assert _shot("a lantern burns by day").lit


@pytest.mark.parametrize(
    "prompt", ["Wide shot. She turns to face the sea.", "He swings it in a wide arc."]
)
def test_words_for_shots_mean_shots(prompt: str) -> None:
    assert _shot(prompt).grammar != "portrait" or "arc" in prompt
    assert _shot(prompt).wide == prompt.startswith("Wide")


def test_the_weather_and_the_size_of_the_shot_are_read() -> None:
    assert _shot("a wide shot of a forest in a thunderstorm").weather == "storm"
    assert _shot("a wide shot of a forest").wide
    assert not _shot("a forest").wide


def test_a_heading_tells_inside_from_outside() -> None:
    assert _shot("portrait of a man in the street").outside
    assert not _shot("INT. SHOP, portrait of a man who looks into the street").outside


def test_a_number_says_more_than_a_plural() -> None:
    assert _shot("three women").people == 3
    assert _shot("women").people == 4


def test_the_seed_chooses_between_two_views_of_a_street() -> None:
    assert {_shot("a street", seed=seed).grammar for seed in range(4)} == {"street", "alley"}


def test_an_icon_that_is_asked_for_is_shown() -> None:
    assert _shot(icon="truck").icon == "truck"
    assert _shot("close-up of a pistol").icon == "crosshair"


def test_every_thing_has_its_icon() -> None:
    icons = [icon for icon in tables("shot_words")["props"] if not icon.startswith("drawn-")]
    named = [word.strip() for word in tables("shot_words")[""]["named"]]

    assert [icon for icon in icons if icon not in icon_set().svg] == []
    assert [
        word
        for word in named
        if word.removesuffix("s") not in icon_set().svg and word not in icon_set().svg
    ] == []
    assert all(_shot("", seed=seed).icon in icon_set().svg for seed in range(5))
