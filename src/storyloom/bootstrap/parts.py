"""What was chosen for each part, for people who want to know; nothing is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.adapters.typst._fonts import choose
from storyloom.bootstrap.database import database_file
from storyloom.errors import Unsupported
from storyloom.settings import Settings

# A script, a few of its characters, their language, and what brings it to a Debian machine.
_SCRIPTS = (
    ("Latin", "Añ", "en", "none: Inter comes with Storyloom"),
    ("CJK", "\u6f22\u5b57\u304b\u306a\ud55c\uae00", "zh", "fonts-noto-cjk"),
    ("Arabic", "\u0639\u0631\u0628\u064a", "ar", "fonts-noto-core"),
    ("Hebrew", "\u05e2\u05d1\u05e8\u05d9\u05ea", "he", "fonts-noto-core"),
    ("Thai", "\u0e44\u0e17\u0e22", "th", "fonts-noto-core"),
    ("Devanagari", "\u0939\u093f\u0928\u094d\u0926\u0940", "hi", "fonts-noto-core"),
    ("Emoji", "\U0001f680\U0001f389", "en", "fonts-noto-color-emoji"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands behind one part."""

    part: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Script:
    """Whether boards can be written in a script, with which fonts, and what would add it."""

    name: str
    covered: bool
    fonts: tuple[str, ...]
    package: str


def choices(settings: Settings) -> Sequence[Choice]:
    """What was chosen, part by part."""
    database = database_file(settings.data_dir)
    named: Mapping[str, str] = {
        "hot state": "memory of the server's process",
        "archive": f"SQLite, {database}",
        "engine": f"DBOS, in the same file, {settings.concurrency} jobs at a time",
        "pictures": f"files, {settings.data_dir / 'images'}",
        "understanding of code": "static: tree-sitter and rules, no model",
        "understanding of roadmaps": "static: OCR and rules, no model",
        "image art": "vector scenes, drawn by Typst",
        "board renderer": f"Typst, {settings.render_threads} at a time",
    }
    return [Choice(part, chosen) for part, chosen in named.items()]


async def text_reader_fault() -> str | None:
    """Why words in pictures cannot be read here, and how to change that; None when they can."""
    try:
        await RapidOcrTextReader().ping()
    except Unsupported as fault:
        return fault.message
    return None


def scripts(settings: Settings) -> Sequence[Script]:
    """Which scripts the fonts cover. Looks into font files: call it in a thread."""
    return [_script(*sample, system_fonts=settings.system_fonts) for sample in _SCRIPTS]


def _script(name: str, text: str, language: str, package: str, *, system_fonts: bool) -> Script:
    wardrobe = choose([text], language, system_fonts=system_fonts)
    return Script(name, not wardrobe.missing, wardrobe.families, package)
