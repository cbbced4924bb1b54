"""What is read from the words of a beat."""

import pytest

from storyloom.adapters.typst._shot import Shot, _words, shot_of
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
    assert [icon for icon in _words()["props"] if icon not in icon_set().svg] == []
    assert all(_shot("", seed=seed).icon in icon_set().svg for seed in range(5))
