"""Which fonts a text needs, and which of its characters no font here covers.

Inter comes with the package and covers Latin, Greek, Cyrillic and common signs, so most boards need
nothing else and never look at the system's fonts. Only for characters that Inter lacks are system
fonts found, and then only those few files are opened that the characters' scripts suggest.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

INTER = "Inter"
ELLIPSIS = "…"
MAX_FAMILIES = 12  #: a text in more scripts than this is no text, and slow to set

_CJK = {
    "ja": ("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo"),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic"),
    "zh": ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei"),
}
_CJK_ANY = ("Source Han Sans", "Droid Sans Fallback", "WenQuanYi Zen Hei", "Arial Unicode MS")
_EMOJI = ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji")
_GENERAL = (
    "Noto Sans",
    "DejaVu Sans",
    "Segoe UI",
    "Arial",
    "Geeza Pro",
    "Arial Hebrew",
    "Thonburi",
    "Kohinoor Devanagari",
    "Leelawadee UI",
    "Nirmala UI",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Noto Sans Symbols2",
    "Noto Sans Math",
    "Segoe UI Symbol",
    "Apple Symbols",
)
_CJK_LETTERS = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})
# Characters that Inter is known to have (a test holds this to the font), so that a plain text costs
# no look into a font file.
_RANGES = ((0x20, 0x7F), (0xA0, 0xAD), (0xAE, 0x149), (0x14A, 0x180), (0x410, 0x450))
PLAIN = frozenset(chr(code) for first, end in _RANGES for code in range(first, end)) | {
    *"\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2022…€™\u2212→←"
}
# Joiners, selectors and tags shape their neighbours and need no glyph of their own.
_NEEDS_NO_GLYPH = re.compile(
    "[\\s\u00ad\u200b-\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
)
# One picture of an emoji sequence, or any single character.
_CLUSTER = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}|"
    ".(?:[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d.)*",
    re.DOTALL,
)
_LOOSE = re.compile(r" (?=[,.])")  # where a sign stood before a comma
_GAPS = re.compile(rf"{ELLIPSIS}(?:\s*{ELLIPSIS})+")


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """The fonts for one board, in order of preference, and the characters that none covers."""

    families: tuple[str, ...]
    missing: frozenset[str]
    pictures: frozenset[str] = frozenset()  #: characters that a font of emoji draws

    @property
    def needs_system_fonts(self) -> bool:
        """Whether Inter alone will not do."""
        return len(self.families) > 1


@dataclass(frozen=True, slots=True)
class FontFile:
    """Where one face lies: the file, and its number in a collection."""

    path: str
    number: int


def choose(texts: Iterable[str], language: str, *, system_fonts: bool) -> Wardrobe:
    """Pick the fonts for the texts."""
    lacking = {char for text in texts for char in text if not _NEEDS_NO_GLYPH.match(char)}
    lacking -= PLAIN
    if lacking:
        lacking -= inter_covers()
    families = [INTER]
    pictures: set[str] = set()
    if lacking and system_fonts:
        faces = system_faces()
        for family in _candidates(lacking, language, faces):
            covered = {char for char in lacking if ord(char) in code_points(faces[family])}
            if covered:
                families.append(family)
                lacking -= covered
                pictures |= covered if family in _EMOJI else set()
            if not lacking or len(families) == MAX_FAMILIES:
                break
    return Wardrobe(tuple(families), frozenset(lacking), frozenset(pictures))


def showable(text: str, missing: frozenset[str]) -> str:
    """The text without its missing characters.

    Signs and emoji are dropped, each sequence as a whole. A run of letters leaves an ellipsis, so
    that a reader sees that something is left out. A text of which less than half is left says
    nothing any more, and becomes empty.
    """
    if missing.isdisjoint(text):
        return text
    kept = (
        cluster if missing.isdisjoint(cluster) else _substitute(cluster)
        for cluster in _CLUSTER.findall(text)
    )
    short = " ".join(_GAPS.sub(ELLIPSIS, "".join(kept)).split())
    if 2 * _letters(short) < _letters(text) or not _letters(short):
        return ""
    return _LOOSE.sub("", short)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _substitute(cluster: str) -> str:
    return ELLIPSIS if unicodedata.category(cluster[0])[0] in "LNM" else ""


@cache
def inter_folder() -> Path:
    """The folder with Inter's files."""
    return Path(str(files("fontpkg_inter") / "files"))


@cache
def typst_fonts(*, system_fonts: bool) -> typst.Fonts:
    """Fonts for compilers, scanned once and shared by all of them."""
    return typst.Fonts(
        include_system_fonts=system_fonts,
        include_embedded_fonts=False,
        font_paths=[str(inter_folder())],
    )


@cache
def system_faces() -> "Mapping[str, FontFile]":
    """One upright face of regular weight for every family."""
    best: dict[str, tuple[int, FontFile]] = {}
    for font in typst_fonts(system_fonts=True).fonts():
        distance = abs(font.weight - 400) + (1000 if font.style != "normal" else 0)
        nearest, _ = best.get(font.family, (10_000, None))
        if font.path is not None and distance < nearest:
            best[font.family] = (distance, FontFile(font.path, font.index))
    return {family: face for family, (_, face) in best.items()}


@cache
def code_points(face: FontFile) -> frozenset[int]:
    """What the face has glyphs for; nothing when the file cannot be read."""
    # fontTools takes a tenth of a second to load, and only boards beyond Inter need it.
    # It has types, but no stubs that say so.
    from fontTools.ttLib import (  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]
        TTFont,
        TTLibError,
    )

    try:
        with Path(face.path).open("rb") as file, TTFont(file, fontNumber=face.number) as font:
            return frozenset(font.getBestCmap() or ())
    except (OSError, TTLibError, KeyError, ValueError):
        return frozenset()


@cache
def inter_covers() -> frozenset[str]:
    """Every character that Inter has a glyph for."""
    (file,) = (path for path in inter_folder().glob("Inter[[]*.ttf"))
    return frozenset(map(chr, code_points(FontFile(str(file), 0))))


def _candidates(
    chars: Iterable[str], language: str, faces: "Mapping[str, FontFile]"
) -> Iterator[str]:
    scripts = {unicodedata.name(char, "").partition(" ")[0].partition("-")[0] for char in chars}
    wanted: list[str] = []
    if scripts & _CJK_LETTERS:
        own = _CJK.get(language.partition("-")[0], ())
        wanted += [*own, *(name for names in _CJK.values() for name in names), *_CJK_ANY]
    for script in sorted(scripts - _CJK_LETTERS):
        named = [family for family in faces if script and script.title() in family.split()]
        wanted += sorted(named, key=_plainness)
    wanted += [*_EMOJI, *_GENERAL, *(name for names in _CJK.values() for name in names)]
    yield from (family for family in dict.fromkeys(wanted) if family in faces)


def _plainness(family: str) -> tuple[bool, bool, int, str]:
    return (not family.startswith("Noto Sans"), "Sans" not in family, len(family), family)
