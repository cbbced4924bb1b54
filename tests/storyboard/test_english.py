"""Plain English from parts."""

import tracemalloc

import pytest

from storyloom.storyboard.english import (
    an,
    capitalised,
    conjugated,
    gerund,
    is_mass,
    is_plural,
    joined,
    plain,
    plural,
    sentence,
    singular,
    stem,
    third_person,
)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("invoice", "an invoice"),
        ("quote", "a quote"),
        ("user", "a user"),
        ("hour", "an hour"),
        ("ROI report", "an ROI report"),
        ("URL", "a URL"),
        ("unit", "a unit"),
        ("uninstall", "an uninstall"),
        ("European site", "a European site"),
        ("HVAC plan", "an HVAC plan"),
    ],
)
def test_the_article_follows_the_sound(phrase: str, expected: str) -> None:
    assert an(phrase) == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("webhook signature", "webhook signatures"),
        ("category", "categories"),
        ("box", "boxes"),
        ("day", "days"),
        ("API", "APIs"),
        ("person", "people"),
        ("payback", "payback figures"),
        ("statistics", "statistics"),
        ("quoting", "quoting steps"),
        ("booking", "bookings"),
        ("", ""),
    ],
)
def test_a_noun_phrase_becomes_plural_by_its_last_word(one: str, many: str) -> None:
    assert plural(one) == many


@pytest.mark.parametrize("many", ["invoices", "people", "IDs", "categories"])
def test_a_plural_stays_as_it_is(many: str) -> None:
    assert plural(many) == many


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("invoices", "invoice"),
        ("categories", "category"),
        ("boxes", "box"),
        ("people", "person"),
        ("status", "status"),
        ("ties", "tie"),
    ],
)
def test_a_plural_is_undone(many: str, one: str) -> None:
    assert singular(many) == one


def test_some_words_are_never_counted() -> None:
    assert is_mass("data")
    assert is_mass("quoting")
    assert not is_mass("invoice")


def test_a_word_in_s_is_not_always_a_plural() -> None:
    assert not is_plural("status")
    assert not is_plural("class")
    assert is_plural("invoices")


@pytest.mark.parametrize(
    ("verb", "third"), [("keep", "keeps"), ("carry", "carries"), ("push", "pushes"), ("do", "does")]
)
def test_a_verb_takes_the_third_person(verb: str, third: str) -> None:
    assert third_person(verb) == third


def test_only_marked_verbs_are_conjugated() -> None:
    phrase = "[keep] it and [carry] what they keep"

    assert conjugated(phrase) == "keeps it and carries what they keep"
    assert plain(phrase) == "keep it and carry what they keep"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_parts_are_joined_with_a_last_and(parts: list[str], text: str) -> None:
    assert joined(parts) == text


def test_a_sentence_has_a_capital_and_one_full_stop() -> None:
    assert sentence("  it  works , well... ") == "It works, well."
    assert sentence("  ") == ""
    assert capitalised("") == ""


def test_a_booking_is_no_book() -> None:
    assert stem("bookings") == stem("Booking") != stem("book")
    assert stem("offers") == stem("offer") != stem("off")


def test_related_words_share_a_stem() -> None:
    assert len({stem(word) for word in ("schedule", "schedules", "scheduling", "scheduler")}) == 1
    assert stem("logging") == stem("logs")
    assert stem("job") == "job"


def test_a_row_of_letters_that_is_no_word_is_not_remembered() -> None:
    tracemalloc.start()
    try:
        for at in range(100):
            assert stem(f"{at}{'A' * 100_000}s") == f"{at}{'a' * 100_000}s"
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 1_000_000


@pytest.mark.parametrize(
    ("verb", "text"),
    [
        ("keep", "keeping"), ("take", "taking"), ("plan", "planning"), ("submit", "submitting"),
        ("visit", "visiting"), ("tie", "tying"), ("show", "showing"), ("see", "seeing"),
    ],
)  # fmt: skip
def test_a_verb_becomes_the_name_of_the_work(verb: str, text: str) -> None:
    assert gerund(verb) == text
