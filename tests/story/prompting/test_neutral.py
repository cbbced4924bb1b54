"""Words without commands."""

import pytest

from storyloom.story.prompting.neutral import is_live, neutral


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Nora <lora:evil:1> waits.", "Nora lora evil:1 waits."),
        ("a (red:1.3) lamp", "a, red, lamp"),
        ("((red)) lamp, [a|b] {c|d}", "red, lamp, a b c d"),
        ("embedding:evil and __colour__", "embedding evil and colour"),
        ("Rain BREAK wind AND sea", "Rain break wind and sea"),
        ("She waits (alone).", "She waits, alone."),
        ("Nora's lamp: lit, at 5:30!", "Nora's lamp: lit, at 5:30!"),
        ("<>", ""),
    ],
)
def test_what_is_live_is_taken_out(text: str, plain: str) -> None:
    assert neutral(text) == plain
    assert neutral(plain) == plain
    assert not is_live(plain)


def test_live_text_is_known() -> None:
    assert all(map(is_live, ["<x>", "(x:1.2)", "[x]", "embedding:x", "__x__", "a BREAK b"]))
    assert not is_live("She waits, alone: at 5:30.")
