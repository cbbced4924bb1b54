"""How words are looked for."""

from storyloom.adapters.typst._words import first, inorder, longest, said, tables

KINDS = {"station": (" station ", " stations "), "police": (" police station ",), "sea": (" sea ",)}


def test_a_text_is_said_in_small_words_without_what_misleads_or_belongs_to_somebody() -> None:
    words = said("My brother's boat, a cell-phone!", (" cell phone ",))

    assert words.split() == ["my", "boat", "a"]


def test_the_first_word_counts_and_the_longest_of_those_that_begin_there() -> None:
    words = said("At sea, before the police station.")

    assert first(words, KINDS) == "sea"
    assert first(said("police station"), KINDS) == "police"
    assert first("", KINDS) == longest("", KINDS) == ""
    assert longest(words, KINDS) == "police"


def test_a_word_within_a_longer_one_is_not_told() -> None:
    assert inorder(said("The police station by the sea"), KINDS) == ["police", "sea"]


def test_words_are_known_in_the_plural_and_without_blanks_in_scripts_that_have_none() -> None:
    places = tables("shot_words")["places"]

    assert " lighthouses " in places["landscape-lighthouse"]
    assert "灯台" in places["landscape-lighthouse"]
    assert " is " not in tables("shot_words")["people"]["somebody"]
