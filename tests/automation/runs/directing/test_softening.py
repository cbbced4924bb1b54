"""Milder words."""

import pytest

from storyloom.automation.runs.directing.softening import softened


@pytest.mark.parametrize(
    ("prompt", "milder"),
    [
        ("A Bloody knife.", "A Battered knife"),
        ("blood-soaked corpses", "mud-stained still figures"),
        ("a bloodhound, gunmetal sky", "a bloodhound, gunmetal sky"),
    ],
)
def test_hard_words_are_exchanged_and_others_left_alone(prompt: str, milder: str) -> None:
    found = softened(prompt)

    assert found.startswith(f"{milder}, tasteful")
    assert softened(found) == found
