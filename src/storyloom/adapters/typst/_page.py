"""A board as the plain data that the template reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from storyloom.adapters.typst._fonts import Wardrobe, choose, showable
from storyloom.boards.colours import Colours, legible
from storyloom.boards.icons import icon_svg, resolve_icon
from storyloom.boards.schemas import Board, Logo
from storyloom.boards.text import (
    breakable,
    clean,
    direction,
    divisible,
    language_direction,
    longest_katakana,
    script,
    shorten,
    takes_hyphens,
    takes_tracking,
)
from storyloom.imaging.schemas import Palette

# Icons that the scenes use, whatever the board is about.
SCENE_ICONS = {
    "problem": "clock-countdown",
    "value": "chart-line-up",
    "who": "star",
    "diff": "crown",
}
_CAPS = {"headline": 220, "lead": 600, "body": 700, "footnote": 140}
_SHORT = 60
_LOGO_WIDTH, _LOGO_HEIGHT, _LOGO_ALONE = 176, 32, 2.5
_SINGLE = ("brand", "badge", "kicker", "headline", "lead", "footnote")
_CODE_LENGTHS = (2, 3)


@dataclass(frozen=True, slots=True)
class Page:
    """The data for the template, which fonts it needs, and what was cut beforehand."""

    data: Mapping[str, object]
    wardrobe: Wardrobe
    truncated: tuple[str, ...]  #: fields too long for any page


def page_of(board: Board, *, art: str | None, system_fonts: bool) -> Page:
    """The board's page; `art` is the SVG text that will stand on it."""
    language = language_code(board.language)
    full = {name: clean(text) for name, text in _words(board)}
    words = {name: _cased(name, shorten(full[name], _cap(name)), language) for name in full}
    wardrobe = choose(words.values(), language, system_fonts=system_fonts)
    fields = {
        name: field_of(name, showable(text, wardrobe.missing), language)
        for name, text in words.items()
    }
    return Page(
        data={
            **_look(board, language),
            **_text(board, fields),
            "fonts": wardrobe.families,
            "pictures": "".join(sorted(wardrobe.pictures)),
            # A photograph may be bright where the brand's name stands; our drawings never are.
            "photo": art is not None and "data:image/jpeg" in art[:400],
        },
        wardrobe=wardrobe,
        truncated=tuple(name for name, text in full.items() if len(text) > _cap(name)),
    )


def _look(board: Board, language: str) -> dict[str, object]:
    width, height = board.format.size
    return {
        "w": width,
        "h": height,
        "lang": language,
        "dir": language_direction(language),
        "spaced": takes_tracking(language),
        "hyphenate": takes_hyphens(language),
        "colours": colours_data(board.brand.palette),
        "treatment": clean(board.treatment, _SHORT),
        "layout": clean(board.layout, _SHORT),
        "icons": icons_data(board.icon),
        "logo": _logo(board.brand.logo),
        "position": min(board.tracker.position, len(board.tracker.stations) - 1),
    }


def _logo(logo: Logo | None) -> dict[str, object] | None:
    """How large it stands on its tile, in pixels of the page."""
    if logo is None:
        return None
    width, height = max(1, logo.picture.width), max(1, logo.picture.height)
    shrunk = min(_LOGO_HEIGHT / height, _LOGO_WIDTH / width)
    return {
        "w": round(width * shrunk, 2),
        "h": round(height * shrunk, 2),
        "light": logo.is_light,
        # Such a mark has the name in it.
        "alone": width > _LOGO_ALONE * height,
    }


def _text(board: Board, fields: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    return {
        "mono": _monogram(fields["brand"]["t"]),
        "stations": [fields[f"tracker.{n}"] for n in range(len(board.tracker.stations))],
        "panels": [
            {
                "scene": panel.scene.value,
                "label": fields[f"panels.{n}.label"],
                "body": fields[f"panels.{n}.body"],
            }
            for n, panel in enumerate(board.panels)
        ],
        **{name: fields[name] for name in _SINGLE},
    }


def field_of(name: str, text: str, language: str) -> dict[str, str]:
    """A text as the templates take it."""
    shown = breakable(text)
    return {
        "id": name,
        "t": shown,
        # The same words for the line that is too short even for the smallest letters.
        "loose": divisible(shown),
        "held": longest_katakana(text),
        "dir": direction(text, language_direction(language)),
        "script": script(text),
    }


def _words(board: Board) -> Iterator[tuple[str, str]]:
    yield "brand", board.brand.name
    yield "badge", board.badge
    yield "kicker", board.kicker
    yield "headline", board.headline
    yield "lead", board.lead
    yield "footnote", board.footnote
    for number, station in enumerate(board.tracker.stations):
        yield f"tracker.{number}", station
    for number, panel in enumerate(board.panels):
        yield f"panels.{number}.label", panel.label
        yield f"panels.{number}.body", panel.body


def _cap(name: str) -> int:
    return _CAPS.get(name.rpartition(".")[2], _SHORT)


def _cased(name: str, text: str, language: str) -> str:
    raised = name == "kicker" or name.endswith(".label")
    return text.upper() if raised and takes_tracking(language) else text


def language_code(tag: str) -> str:
    """The language as the typesetter takes it; English for what it would not."""
    # The typesetter refuses anything but an ISO 639 code.
    code = tag.partition("-")[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in _CODE_LENGTHS else "en"


def _monogram(name: str) -> str:
    return next((char.upper() for char in name if char.isalnum()), "")


def colours_data(palette: Palette) -> dict[str, str]:
    """The palette, made legible, under the names that the templates use."""
    colours = legible(palette)
    return {name: cast("str", getattr(colours, name)) for name in Colours.__slots__}


def icons_data(icon: str) -> dict[str, str]:
    """The markup of the subject's icon and of the scenes' own."""
    scene = {name: icon_svg(icon_name) for name, icon_name in SCENE_ICONS.items()}
    return {"hero": icon_svg(resolve_icon(icon)), **scene}
