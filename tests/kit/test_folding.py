"""Text as searches compare it."""

import pytest

from storyloom.kit.folding import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ROI.py", "roi.PY"),
        ("İSTANBUL", "istanbul"),
        ("i\u0307", "I"),
        ("Straße", "STRASSE"),
        ("CAFÉ", "cafe\u0301"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("\u212b", "å"),
    ],
)
def test_what_is_the_same_to_a_reader_folds_to_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("cafe", "café"), ("\u0131", "i"), ("a b", "ab")])
def test_other_letters_stay_others(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_plain_text_folds_as_databases_fold_it() -> None:
    every = "".join(map(chr, range(128)))

    assert folded(every) == every.lower()
