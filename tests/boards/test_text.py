"""Hygiene, break points, direction and language of words from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyloom.boards.text import (
    MAX_MARKS,
    breakable,
    clean,
    direction,
    divisible,
    guess_language,
    language_direction,
    longest_katakana,
    script,
    takes_hyphens,
    takes_tracking,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
TECHNICIAN = "\U0001f469\u200d\U0001f527"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    ("dirty", "shown"),
    [
        ("plain words", "plain words"),
        ("  two\n\tlines ", "two lines"),
        ("NUL\x00 bell\x07 del\x7f", "NUL bell del"),
        ("\u202eevil\u202c", "evil"),
        ("\u2066isolated\u2069 \u200f", "isolated"),
        ("e\u0301", "\u00e9"),
        ("half \ud83d a character", "half a character"),
        ("\ud83d\ude80", "\U0001f680"),
        ("private \ue000 use", "private use"),
        ("\ufeffmark", "mark"),
        ("10\u00a0%", "10\u00a0%"),
    ],
)
def test_what_cannot_be_shown_is_taken_out(dirty: str, shown: str) -> None:
    assert clean(dirty) == shown


def test_towers_of_marks_are_cut_down() -> None:
    assert clean("z" + "\u0334" * 30 + "y") == "z" + "\u0334" * MAX_MARKS + "y"


@pytest.mark.parametrize(
    "sequence", [TECHNICIAN, ENGLAND, "\u2764\ufe0f", "\U0001f1e9\U0001f1ea", "می\u200cروم"]
)
def test_sequences_held_together_by_invisible_characters_stay_whole(sequence: str) -> None:
    assert clean(f"a {sequence} b") == f"a {sequence} b"


def test_tags_that_belong_to_no_flag_are_taken_out() -> None:
    assert clean("hidden\U000e0068\U000e0069 words") == "hidden words"


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("abc def", cap=4) == "abc…"


@given(ANY_TEXT)
def test_clean_text_can_always_be_encoded_and_holds_no_controls(text: str) -> None:
    shown = clean(text)

    assert shown.encode("utf-8").decode("utf-8") == shown
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co") for char in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)

    assert clean(once) == once


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Z")), max_size=200))
def test_break_points_are_invisible(text: str) -> None:
    shown = clean(text)
    invisible = str.maketrans("", "", "\u200b\u2060")

    assert divisible(breakable(shown)).translate(invisible) == shown.translate(invisible)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("short", "short"),
        ("a/very/long/path/without/an/end", "a/|very/|long/|path/|without/|an/|end"),
        ("Donaudampfschifffahrtsgesellschaft", "Donaudampfschifffahrtsgesellschaft"),
    ],
)
def test_long_words_get_break_points_at_their_joints_only(word: str, pieces: str) -> None:
    assert breakable(word).replace("\u200b", "|") == pieces


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("Betriebswerk", "Betriebswerk"),
        ("x" * 26, "xxxx|xxxx|xxxx|xxxx|xxxx|xxxxxx"),
        ("a/very/long/path/without/an/end", "a/very/long/path/without/an/end"),
    ],
)
def test_where_nothing_else_fits_long_words_are_divided_without_a_mark(
    word: str, pieces: str
) -> None:
    assert divisible(word).replace("\u200b", "|") == pieces


def test_emoji_get_no_break_points_inside() -> None:
    assert TECHNICIAN * 12 in breakable(TECHNICIAN * 12)


def test_korean_words_are_held_together() -> None:
    assert breakable("청구서 건") == "청\u2060구\u2060서 건"


def test_katakana_words_are_held_together() -> None:
    assert breakable("のスケジュール管") == "の" + "\u2060".join("スケジュール") + "管"


def test_only_so_much_of_a_katakana_word_is_held_together() -> None:
    assert breakable("ア" * 14) == "\u2060".join("ア" * 12) + "アア"


@pytest.mark.parametrize(
    ("text", "word"), [("スケジュールとデモ", "スケジュール"), ("ア", ""), ("Invoices", "")]
)
def test_the_longest_katakana_word_is_known(text: str, word: str) -> None:
    assert longest_katakana(text) == word


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Invoices", "ltr"), ("فواتير", "rtl"), ("123 חשבון", "rtl"), ("123", "ltr"), ("", "ltr")],
)
def test_the_first_letter_decides_the_direction(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_a_text_without_letters_runs_as_its_page_does() -> None:
    assert direction("12 %", "rtl") == "rtl"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Invoices 🚀", "latin"), ("Read 請求書", "broad"), ("请 فواتير", "tower"), ("ใบ", "tower")],
)
def test_the_tallest_letters_say_how_much_room_lines_need(text: str, expected: str) -> None:
    assert script(text) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Invoices that chase themselves", "en"),
        ("ROI", "en"),
        ("請求書が自分で催促する", "ja"),
        ("让发票自己去催款", "zh"),
        ("스스로 독촉하는 청구서", "ko"),
        ("فواتير تطالب بنفسها", "ar"),
        ("این گزارش برای شماست", "fa"),
        ("یہ رپورٹ آپ کے لیے ہے", "ur"),
        ("חשבוניות שרודפות", "he"),
        ("ใบแจ้งหนี้", "th"),
        ("बिल जो खुद याद दिलाते हैं", "hi"),
        ("Наши счета", "ru"),
        ("Τιμολόγια", "el"),
        ("Der Rechner liest die Angebote und schreibt das Ergebnis", "de"),
        ("Le calcul est dans la proposition avec les chiffres", "fr"),
        ("El sistema lee las ofertas y escribe los resultados en la propuesta", "es"),
        ("The API reads 請求書 files for the team", "en"),
        ("Café La Paz", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_guessed_from_script_and_small_words(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_the_default_language_is_the_callers() -> None:
    assert guess_language("12", default="de") == "de"


def test_what_a_language_takes() -> None:
    assert language_direction("ar-EG") == "rtl"
    assert language_direction("en") == "ltr"
    assert takes_tracking("en-GB")
    assert not takes_tracking("ja")
    assert takes_hyphens("de")
    assert not takes_hyphens("en")
