"""The cast of a prose text."""

import pytest

from storyloom.story.finding.prose_names import cast_of_prose
from storyloom.story.script.elements import Form
from storyloom.story.script.prose import read_prose
from storyloom.story.script.units import units_of


def names(text: str) -> dict[str, set[str]]:
    units = [unit for scene in read_prose(text).scenes for unit in units_of(scene, Form.PROSE)]
    return {one.name: one.aliases for one in cast_of_prose(units).people.values()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mara ran. The wind took Mara and Mara fell.", {"Mara": set[str]()}),
        ("“No,” said Nora Corvell. Nora left.", {"Nora Corvell": {"Nora", "Corvell"}}),
        ("“No,” said Mr. Ott.", {"Mr. Ott": {"Ott"}}),
        ("She went to London. London was far. From London she wrote.", {}),
        ("On Monday it rained. Then Monday ended.", {}),
        ("The wind blew. Wind and sea. Wind shook it. A wind rose.", {}),
        ("“No,” said the old keeper.", {"the old keeper": set[str]()}),
        ("The guard slept. She saw the guard. The guard woke.", {"the guard": set[str]()}),
        ("The guard slept.", {}),
    ],
)
def test_names_are_told_from_other_words(text: str, expected: dict[str, set[str]]) -> None:
    assert names(text) == expected


def test_a_kind_named_right_after_somebody_is_they() -> None:
    told = "“It won't fly,” said Mr. Ott. The baker stood in the hatch.\n\nThe baker left."

    assert names(told) == {"Mr. Ott": {"Ott", "the baker"}}


def test_a_kind_that_stands_beside_somebody_is_another() -> None:
    told = "“No,” said Mr. Ott. The baker left.\n\nMr. Ott and the baker fought. The baker fell."

    assert set(names(told)) == {"Mr. Ott", "the baker"}
