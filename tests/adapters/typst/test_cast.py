"""Who is drawn, and how."""

import pytest

from storyloom.adapters.typst._brief import brief_of
from storyloom.adapters.typst._cast import MOST, Figure, cast_of, figure_of
from storyloom.imaging.schemas import ImageRequest

NORA = "woman, 61, lighthouse keeper, white braid, yellow oilskin coat"


def _cast(prompt: str, seed: int = 1) -> tuple[Figure, ...]:
    request = ImageRequest(prompt=prompt, width=64, height=64)
    figures, people = cast_of(brief_of(request), seed)
    assert len(figures) >= MOST
    return figures[:people]


def _names(prompt: str) -> list[str]:
    return [figure.name for figure in _cast(prompt)]


def test_somebody_looks_the_same_in_every_shot_of_a_story() -> None:
    alone = _cast(f"Nora walks. Nora: {NORA}. Setting: quay, at dusk.", seed=1)
    beside = _cast(f"Teo waits for Nora. Teo: man, 19. Nora: {NORA}. Setting: attic.", seed=2)

    assert alone[0] == beside[1]


def test_a_name_alone_makes_the_same_looks_with_and_without_the_rest_of_it() -> None:
    short, long = figure_of("Nora", ""), figure_of("Captain Nora Corvell", "")

    assert (short.skin, short.hair, short.cut) == (long.skin, long.hair, long.cut)


@pytest.mark.parametrize(
    ("look", "drawn"),
    [
        (NORA, {"cut": "braid", "hair": "#ece8e2", "garment": "coat", "coat": "#f2b632"}),
        ("man, 19, freckles, navy wool jumper", {"garment": "jumper", "coat": "#26365f"}),
        ("man, freckles", {"freckles": True}),
        (
            "a broad man with a grey moustache and a white apron",
            {"beard": "moustache", "hair": "#9a9aa0", "apron": "#f1ede4", "child": False},
        ),
        ("girl, nine, flour in her black curls", {"child": True, "cut": "curly"}),
        ("boy, 8, red cap", {"child": True, "hat": "cap", "hat_colour": "#c63f31"}),
        ("woman, long dark hair, glasses", {"cut": "long", "hair": "#2f211d", "glasses": True}),
        ("short man, bald, black suit", {"cut": "bald", "garment": "jacket", "coat": "#2b2a33"}),
        ("a blonde in blue jeans", {"hair": "#dcb368", "legs": "#3d6fb8"}),
        ("man, dark skin, apron", {"skin": "#5f3c2b", "apron": "#f1ede4"}),
        ("scarred face, pale skin", {"skin": "#f6d6bd"}),
    ],
)
def test_described_looks_are_drawn(look: str, drawn: dict[str, object]) -> None:
    figure = figure_of("Sam", look)

    assert {name: getattr(figure, name) for name in drawn} == drawn


def test_the_old_are_grey_where_nobody_says_otherwise() -> None:
    assert figure_of("Ida", "woman, 83").hair != figure_of("Ida", "woman, 33").hair
    assert figure_of("Ida", "woman, 83, red hair").hair == "#c25a2a"


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("Teo waits. Nora hands him the lamp. Nora: woman. Teo: man.", ["Teo", "Nora"]),
        ("That is my brother's boat. Teo: man, 19.", ["Teo"]),
        ("The detective waits. Harris: detective, 50.", ["Harris"]),
        ("Mara talks to the waiter. Mara: girl.", ["Mara", "waiter"]),
        ("Then Mara runs. Nora Corvell and Tom wait.", ["Mara", "Nora Corvell", "Tom"]),
        ("Nobody waits.", []),
        ("She waits.", ["she"]),
        ("Sailors wait.", ["sailor", "sailors"]),
        ("a man and a woman", ["man", "woman"]),
        ("A broken window.", []),
    ],
)
def test_those_who_are_there(prompt: str, names: list[str]) -> None:
    assert _names(prompt) == names


def test_a_woman_who_is_only_called_so_wears_what_is_said_of_her() -> None:
    man, woman = _cast("a man beside a woman with red hair in a green coat")

    assert (woman.hair, woman.coat) == ("#c25a2a", "#3f8f5f")
    assert man.coat == ""


def test_strangers_differ_from_each_other() -> None:
    assert len(set(_cast("four people"))) == 4
