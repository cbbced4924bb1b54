"""A model's words, made fit for a page."""

import pytest

from storyloom.storyboard.asked.tidying import (
    fitting_icon,
    headline_tidied,
    sentences_tidied,
    tidied,
)


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("**Bold** and _soft_ and `code`", "Bold and soft and code"),
        ("snake_case stays", "snake_case stays"),
        ('"Quoted whole"', "Quoted whole"),
        ("a\u202eb\u200bc\x00d\ne", "abcd e"),
        ("Done \u2705 and dusted \U0001f480", "Done and dusted"),
    ],
)
def test_marks_and_what_does_not_show_are_gone(text: str, tidy: str) -> None:
    assert tidied(text) == tidy


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("invoices paid on time.", "Invoices paid on time"),
        ("Invoices Paid On Time With Stripe", "Invoices paid on time with Stripe"),
        ("Your HVAC Jobs, Planned Ahead", "Your HVAC jobs, planned ahead"),
        ("Meet Anna in Rome today at noon", "Meet Anna in Rome today at noon"),
        ("What comes next\u2026", "What comes next\u2026"),
        ("Go", "Go"),
    ],
)
def test_a_headline_is_in_sentence_case(text: str, tidy: str) -> None:
    assert headline_tidied(text) == tidy


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("one here", ["One here."]),
        ("One here. two there", ["One here. two there."]),
        (
            "It adds 1.5 days. It asks first! Then?",
            ["It adds 1.5 days.", "It asks first!", "Then?"],
        ),
        ("\u65e9\u3044\u3002\u5b89\u3044", ["\u65e9\u3044\u3002", "\u5b89\u3044."]),
        ("Ends with a comma,", ["Ends with a comma."]),
        ("", []),
    ],
)
def test_sentences_are_whole(text: str, sentences: list[str]) -> None:
    assert sentences_tidied(text) == sentences


TEXTS = ("Invoices paid on time", "Sends invoices to customers.")


@pytest.mark.parametrize(
    ("suggested", "icon"),
    [
        ("chart", "chart-pie"),
        ("fa-solid fa-house", "house"),
        ("skull", "invoice"),  # it alarms, and nothing does in the texts
        ("zzzq", "invoice"),
        ("", "invoice"),
    ],
)
def test_any_icon_will_do_that_is_known_and_does_not_alarm(suggested: str, icon: str) -> None:
    assert fitting_icon(suggested, *TEXTS, is_steered=False) == icon


def test_an_icon_may_alarm_where_the_words_do() -> None:
    assert fitting_icon("fire", "Fire alarms that report", is_steered=True) == "fire"


def test_where_somebody_steers_the_icon_has_to_fit() -> None:
    assert fitting_icon("heart", *TEXTS, is_steered=True) == "invoice"
    assert fitting_icon("heart", "Zzzq", is_steered=True) == "sparkle"
