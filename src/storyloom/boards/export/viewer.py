"""A reel as a page for a browser: pictures in it or beside it, nothing asked of any server.

The page carries its own rules about what it may load: its one script and style by their hashes, and
pictures from where it lies. Words are escaped, and stand in no attribute that could run.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

from storyloom.boards.colours import legible
from storyloom.boards.export.names import picture_name
from storyloom.boards.export.report import facts_of, headline_of
from storyloom.boards.export.schemas import Reel, ReelItem, ReelReport, Shape
from storyloom.boards.text import clean, guess_language, language_direction
from storyloom.imaging.schemas import Palette

_DATA = Path(__file__).parent / "data"
_READ_FOR_LANGUAGE = 4000
_HELP = (
    "<kbd>←</kbd> <kbd>→</kbd> from picture to picture, <kbd>space</kbd> plays them, "
    "<kbd>esc</kbd> ends."
)


def viewer_of(
    reel: Reel, name_of: Callable[[ReelItem], str | None] = picture_name, *, embeds: bool = False
) -> str:
    """The page. `name_of` tells where an item's picture lies, relative to it; as in an archive.

    One that `embeds` its pictures gets them as `data:` addresses.
    """
    style, script = _colours(reel.palette) + _file("viewer.css"), _file("viewer.js")
    read = " ".join(item.caption for item in reel.items)[:_READ_FOR_LANGUAGE]
    language = reel.language or guess_language(f"{reel.title} {read}")
    images = "data:" if embeds else "'self' file:"
    rules = (
        f"default-src 'none'; img-src {images}; base-uri 'none'; form-action 'none';"
        f" style-src {_hash(style)}; script-src {_hash(script)}"
    )
    shape = ' class="tall"' if reel.shape is Shape.TALL else ""
    parts = (
        f'<!doctype html>\n<html lang="{_safe(language)}" dir="{language_direction(language)}">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{rules}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_safe(reel.title)}</title><style>{style}</style></head><body>",
        *_head(reel),
        f"<main{shape}>",
        *(_figure(item, name_of(item)) for item in reel.items),
        '</main><dialog><img alt=""><p></p></dialog>',
        f"<footer>{_HELP}</footer><script>{script}</script></body></html>\n",
    )
    return "\n".join(parts)


def _head(reel: Reel) -> Iterator[str]:
    yield f"<header><h1>{_safe(reel.title)}</h1>"
    if reel.episode:
        yield f"<p>{_safe(reel.episode)}</p>"
    if reel.report is not None:
        yield f'<p class="headline">{_safe(headline_of(reel.report))}</p>'
        yield from _counts(reel.report)
    yield "</header>"
    if reel.report is not None and reel.report.decisions:
        yield '<section class="decisions"><h2>Needs a decision</h2><ul>'
        for remark in reel.report.decisions:
            n = remark.number
            link = "" if n is None else f'<a href="#p{n}">{n}</a>'
            yield f"<li>{link}{_safe(remark.text)}</li>"
        yield "</ul></section>"


def _counts(report: ReelReport) -> Iterator[str]:
    yield '<ul class="counts">'
    for name in ("done", "degraded", "failed", "skipped"):
        yield f"<li><b>{getattr(report, name)}</b>{name}</li>"
    for name, value in facts_of(report):
        yield f"<li><b>{_safe(value)}</b>{_safe(name)}</li>"
    yield "</ul>"


def _figure(item: ReelItem, name: str | None) -> str:
    shape = "tall" if item.shape is Shape.TALL else "wide"
    said = _safe(item.caption or item.scene)
    image = f'<img src="{name}" alt="{said}" loading="lazy">' if name else ""
    badges = "".join(f'<span class="badge {badge}">{badge}</span>' for badge in item.badges)
    notes = "\n".join(_safe(line) for line in item.notes.splitlines())
    made = " · ".join(filter(None, (f"{item.duration_s:.1f} s", _safe(item.made_by))))
    words = (("scene", _safe(item.scene)), ("caption", _safe(item.caption)), ("notes", notes))
    told = "".join(f'<p class="{kind}" dir="auto">{text}</p>' for kind, text in words if text)
    return (
        f'<figure id="p{item.number}" class="{shape}" data-number="{item.number}"'
        f' data-seconds="{item.duration_s:g}"><button type="button" aria-label="{said}">{image}'
        f'<span class="number">{item.number}</span><span class="badges">{badges}</span></button>'
        f'<figcaption>{told}<p class="made">{made}</p></figcaption></figure>'
    )


def _colours(palette: Palette) -> str:
    colours = legible(palette)
    return (
        f":root {{ --brand: {colours.primary}; --accent: {colours.accent};"
        f" --on-accent: {colours.on_accent}; }}\n"
    )


def _safe(text: str) -> str:
    return escape(clean(text))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return (_DATA / name).read_text("utf-8")
