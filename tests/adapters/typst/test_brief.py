"""How the words of a request are taken apart."""

from storyloom.adapters.typst._brief import Brief, brief_of
from storyloom.imaging.schemas import ImageRequest


def _brief(prompt: str, caption: str = "") -> Brief:
    return brief_of(ImageRequest(prompt=prompt, caption=caption, width=64, height=64))


def test_looks_and_the_setting_are_told_apart_from_what_happens() -> None:
    brief = _brief(
        "Two-shot. Mr. Ott laughed. She waits. Mr. Ott: a broad man, white apron. Nora: woman, 61."
        " Red kite. Setting: bakery steps, in the evening. Mood: calm. Film still."
    )

    assert brief.looks == {"Mr. Ott": "a broad man, white apron", "Nora": "woman, 61"}
    assert brief.setting == "bakery steps, in the evening"
    assert " ".join(brief.action.split()) == (
        "Two-shot. Mr. Ott laughed. She waits. Red kite. Mood: calm. Film still."
    )


def test_a_prompt_of_others_is_all_of_it_what_happens() -> None:
    brief = _brief("a man: tired, in a street", "He waits.")

    assert (brief.looks, brief.setting) == ({}, "")
    assert brief.told == ("", "a man: tired, in a street", "He waits.")
