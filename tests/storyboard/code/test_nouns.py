"""Which words a sentence may name."""

import pytest

from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark
from storyloom.storyboard.code.nouns import (
    is_callback,
    is_question,
    is_sayable,
    own_nouns,
    phrase_of_words,
)


@pytest.mark.parametrize(
    ("thing", "is_known"),
    [
        (("invoice",), True), (("yearly", "savings"), True), (("late", "invoice"), False),
        (("scheduled", "visit"), True), (("planning", "board"), True), (("frobbed", "board"), False),
        (("orders", "list"), False), (("frobs", "list"), False), (("calculate", "invoice"), False),
        (("smallest",), False), (("standard",), False), (("goting",), False), (("billing",), True),
        (("SMTP",), False), (("ID",), True), (("Fleep",), False), (("HTTP", "request"), True),
    ],
)  # fmt: skip
def test_every_word_has_to_be_known(thing: tuple[str, ...], *, is_known: bool) -> None:
    assert is_sayable(thing) is is_known


def test_a_file_teaches_its_own_nouns() -> None:
    doc = Remark("Keeps a gizzmo. Each gizzmo is wired. The smallest of a findest.", 1, 1)
    one = Definition(Kind.FUNCTION, "x", 2, 2, doc="Takes a gizzmo.")

    assert own_nouns(CodeFacts("Go", 9, doc=doc, definitions=(one,))) == {"gizzmo"}
    assert is_sayable(("gizzmo",), frozenset({"gizzmo"}))


def test_callbacks_are_told_by_their_names() -> None:
    assert is_callback("viewDidLoad")
    assert not is_callback("loadInvoices")


@pytest.mark.parametrize("name", ["open?", "isOpen", "IsOpen", "has_phrase", "canPay", "was_sent"])
def test_what_asks_is_told_by_its_name(name: str) -> None:
    assert is_question(name)


@pytest.mark.parametrize("name", ["open", "renew!", "issue_card", "hash", "cancel", ""])
def test_what_acts_asks_nothing(name: str) -> None:
    assert not is_question(name)


def test_a_heading_is_written_only_when_it_is_known() -> None:
    assert phrase_of_words(("mail", "host"), frozenset()) == "mail host"
    assert phrase_of_words((), frozenset()) == ""
