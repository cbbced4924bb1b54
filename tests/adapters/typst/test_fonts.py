"""Which fonts a text needs, with and without fonts on the system."""

import unicodedata
from pathlib import Path

import pytest

from storyloom.adapters.typst import _fonts as fonts
from storyloom.adapters.typst._fonts import FontFile, choose, code_points, showable

TECHNICIAN = "\U0001f469\u200d\U0001f527"


def test_plain_text_needs_nothing_but_inter() -> None:
    wardrobe = choose(["Plain words, Größe, Привет \u2013 “quoted” 100 €"], "en", system_fonts=True)

    assert wardrobe.families == ("Inter",)
    assert not wardrobe.needs_system_fonts
    assert not wardrobe.missing


def test_inter_has_every_character_that_it_is_trusted_with() -> None:
    assert not fonts.PLAIN - fonts.inter_covers()


def test_inter_is_asked_about_rarer_characters() -> None:
    assert not choose(["Ω ≈ ✓"], "en", system_fonts=False).missing


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("請求書", "ja"),
        ("发票", "zh"),
        ("청구서", "ko"),
        ("فواتير", "ar"),
        ("חשבון", "he"),
        ("ใบแจ้ง", "th"),
        ("बिल", "hi"),
        ("🚀", "en"),
    ],
)
def test_a_character_is_covered_by_a_chosen_font_or_reported(text: str, language: str) -> None:
    wardrobe = choose([text], language, system_fonts=True)

    faces = fonts.system_faces()
    covered = {
        char
        for char in text
        for family in wardrobe.families[1:]
        if ord(char) in code_points(faces[family])
    }
    assert covered | wardrobe.missing == set(text)


def test_what_a_font_of_emoji_draws_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    faces = {name: FontFile(name, 0) for name in ("Noto Color Emoji", "Noto Sans CJK JP")}
    drawn = {"Noto Color Emoji": "🚀🧾", "Noto Sans CJK JP": "請"}

    def covered(face: FontFile) -> frozenset[int]:
        return frozenset(map(ord, drawn[face.path]))

    monkeypatch.setattr(fonts, "system_faces", lambda: faces)
    monkeypatch.setattr(fonts, "code_points", covered)
    monkeypatch.setattr(fonts, "inter_covers", frozenset)

    assert choose(["Launch 🚀 請"], "ja", system_fonts=True).pictures == {"🚀"}


def test_without_system_fonts_other_scripts_are_reported() -> None:
    wardrobe = choose(["Invoice 請求書"], "ja", system_fonts=False)

    assert wardrobe.families == ("Inter",)
    assert wardrobe.missing == set("請求書")


def test_joiners_and_selectors_need_no_glyph() -> None:
    assert not choose(["a\u200db\ufe0f \u00ad"], "en", system_fonts=False).missing


def test_a_font_for_the_language_comes_before_those_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faces = {
        name: FontFile(name, 0)
        for name in ("Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Serif Thai", "Noto Sans Thai")
    }

    def covered(_: FontFile) -> frozenset[int]:
        return frozenset(map(ord, "请ไ"))

    monkeypatch.setattr(fonts, "system_faces", lambda: faces)
    monkeypatch.setattr(fonts, "system_faces", lambda: faces)
    monkeypatch.setattr(fonts, "code_points", covered)
    monkeypatch.setattr(fonts, "inter_covers", frozenset)

    assert choose(["请"], "zh", system_fonts=True).families == ("Inter", "Noto Sans CJK SC")
    assert choose(["ไ"], "th", system_fonts=True).families == ("Inter", "Noto Sans Thai")
    assert choose(["\u0378"], "th", system_fonts=True).missing == {"\u0378"}


def test_a_text_in_every_script_at_once_does_not_take_every_font(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chars = [chr(0x0900 + 0x80 * block + 0x15) for block in range(40)]
    scripts = [unicodedata.name(char, "none").split()[0].title() for char in chars]
    faces = {f"Noto Sans {script}": FontFile(script, 0) for script in scripts}

    def covered(face: FontFile) -> frozenset[int]:
        return frozenset({ord(chars[scripts.index(face.path)])})

    monkeypatch.setattr(fonts, "system_faces", lambda: faces)
    monkeypatch.setattr(fonts, "system_faces", lambda: faces)
    monkeypatch.setattr(fonts, "code_points", covered)
    monkeypatch.setattr(fonts, "inter_covers", frozenset)

    wardrobe = choose(chars, "en", system_fonts=True)

    assert len(wardrobe.families) == fonts.MAX_FAMILIES
    assert wardrobe.missing


def test_an_unreadable_font_covers_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")

    assert code_points(FontFile(str(tmp_path / "broken.ttf"), 0)) == frozenset()
    assert code_points(FontFile(str(tmp_path / "none.ttf"), 0)) == frozenset()


@pytest.mark.parametrize(
    ("text", "missing", "shown"),
    [
        ("all there", "", "all there"),
        ("Launch 🚀 day", "🚀", "Launch day"),
        (f"Crew {TECHNICIAN} ready", "\U0001f527", "Crew ready"),
        ("Invoice 請求書 file", "請求書", "Invoice … file"),
        ("請求 書", "請求書", ""),
        ("請求書 20", "請求書", ""),
        ("Calls ☎, notes 🗒.", "☎🗒", "Calls, notes."),
        ("Deutsch 🇩🇪", "🇩🇪", "Deutsch"),
        ("🚀", "🚀", ""),
    ],
)
def test_missing_characters_leave_no_boxes(text: str, missing: str, shown: str) -> None:
    assert showable(text, frozenset(missing)) == shown
