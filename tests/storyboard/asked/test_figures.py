"""Numbers in claims are backed by numbers in the source that count the same thing."""

import pytest

from storyloom.storyboard.asked.figures import Figures

SOURCE = """
timeout = 30
price = 1_200
markup_rate = 0.15
LIMIT = 4_500_000
days = [30, 60, 90]
area = side * 3
# saves 12.5 % of the time, or 1.200,50 EUR, for 250 users
VERSION = "3.11.7"
# up to 7k jobs; twice a day
"""


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures.of(SOURCE)


@pytest.mark.parametrize(
    "claim",
    [
        "It waits 30 seconds.", "It waits thirty seconds.", "Adds 15%.", "Adds 15 percent.",
        "It costs $1,200.", "It costs 1200 dollars.", "Up to 4.5 million rows.", "4,500,000 rows",
        "After 60 days", "3x the side", "12.5% of the time", "1,200.50 euros", "250 users",
        "Python 3.11.7", "7k jobs", "7 thousand jobs", "twice a day", "A two-way street",
        "No double entry", "One page", "\u0663\u0660 seconds", "no number at all", "",
    ],
)  # fmt: skip
def test_what_stands_in_the_source_is_backed(figures: Figures, claim: str) -> None:
    assert figures.missing(claim) == ()


@pytest.mark.parametrize(
    ("claim", "missing"),
    [
        ("It saves 30%.", ("30%",)),
        ("It costs $30.", ("$30",)),
        ("It costs 90 dollars.", ("90 dollars",)),
        ("Ten reports and 11 lists", ("11", "Ten")),
        ("60x faster", ("60x",)),
        ("4.5 billion rows", ("4.5 billion",)),
        ("It doubles sales and halves cost.", ("doubles", "halves")),
        ("Tenfold growth", ("Tenfold",)),
        ("24/7, in 2027", ("24", "2027")),
        ("9" * 40, ("9" * 40,)),
        ("1.2.3.4", ("1.2.3.4",)),
    ],
)
def test_what_does_not_is_missing(figures: Figures, claim: str, missing: tuple[str, ...]) -> None:
    assert figures.missing(claim) == missing


def test_words_for_numbers_are_english_alone(figures: Figures) -> None:
    assert figures.missing("Ten und elf und 12", in_words=False) == ("12",)


@pytest.mark.parametrize("unit", ["1", "1,", "1.", "1_", "x = 30, 40.5 # cost\n", "$1 million % "])
def test_a_huge_source_takes_time_in_proportion(unit: str) -> None:
    text = unit * (200_000 // len(unit))

    assert Figures.of(text).missing("77%") == ("77%",)
