"""A board as the plain data that the template reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from storyloom.adapters.typst._fonts import Wardrobe, choose, showable
from storyloom.boards.colours import Colours, legible
from storyloom.boards.icons import icon_svg, resolve_icon
from storyloom.boards.schemas import Board
from storyloom.boards.text import (
    breakable,
    clean,
    direction,
    language_direction,
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
    "check": "check",
}
_CAPS = {"headline": 220, "lead": 600, "body": 700, "brand": 40, "footnote": 140}
_SHORT = 60


@dataclass(frozen=True, slots=True)
class Page:
    """The data for the template, and which fonts it needs."""

    data: Mapping[str, object]
    wardrobe: Wardrobe


def page_of(board: Board, *, art: str | None, system_fonts: bool) -> Page:
    """The board's page; `art` is an SVG text."""
    words = dict(_words(board))
    wardrobe = choose(words.values(), board.language, system_fonts=system_fonts)
    page_direction = language_direction(board.language)

    def field(name: str) -> dict[str, str]:
        text = showable(words[name], wardrobe.missing)
        return {"id": name, "t": breakable(text), "dir": direction(text, page_direction)}

    width, height = board.format.size
    return Page(
        data={
            "w": width,
            "h": height,
            "lang": board.language.partition("-")[0],
            "dir": page_direction,
            "spaced": takes_tracking(board.language),
            "hyphenate": takes_hyphens(board.language),
            "fonts": wardrobe.families,
            "colours": colours_data(board.brand.palette),
            "treatment": board.treatment,
            "layout": board.layout,
            "art": art,
            # A photograph may be bright where the brand's name stands; our drawings never are.
            "photo": art is not None and "data:image/jpeg" in art[:400],
            "icons": icons_data(board.icon),
            "position": min(board.tracker.position, len(board.tracker.stations) - 1),
            "stations": [field(f"tracker.{n}") for n in range(len(board.tracker.stations))],
            "panels": [
                {
                    "scene": panel.scene.value,
                    "label": field(f"panels.{n}.label"),
                    "body": field(f"panels.{n}.body"),
                }
                for n, panel in enumerate(board.panels)
            ],
            "mono": _monogram(field("brand")["t"]),
            **{name: field(name) for name in _SINGLE},
        },
        wardrobe=wardrobe,
    )


_SINGLE = ("brand", "badge", "kicker", "headline", "lead", "footnote")


def _words(board: Board) -> Iterator[tuple[str, str]]:
    raise_case = str.upper if takes_tracking(board.language) else str
    yield "brand", clean(board.brand.name, _CAPS["brand"])
    yield "badge", clean(board.badge, _SHORT)
    yield "kicker", raise_case(clean(board.kicker, _SHORT))
    yield "headline", clean(board.headline, _CAPS["headline"])
    yield "lead", clean(board.lead, _CAPS["lead"])
    yield "footnote", clean(board.footnote, _CAPS["footnote"])
    for number, station in enumerate(board.tracker.stations):
        yield f"tracker.{number}", clean(station, _SHORT)
    for number, panel in enumerate(board.panels):
        yield f"panels.{number}.label", raise_case(clean(panel.label, _SHORT))
        yield f"panels.{number}.body", clean(panel.body, _CAPS["body"])


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
