"""A contact sheet as the plain data that its template reads."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storyloom.adapters.typst._fonts import Wardrobe, choose, showable
from storyloom.adapters.typst._page import colours_data, field_of, language_code
from storyloom.boards.export.report import facts_of, headline_of, when_of
from storyloom.boards.export.schemas import Badge, Reel, ReelItem, ReelReport, Remark, SheetLayout
from storyloom.boards.icons import icon_svg
from storyloom.boards.text import (
    clean,
    guess_language,
    language_direction,
    takes_hyphens,
    takes_tracking,
)

Word = Callable[[str, str], dict[str, str]]

_CAPS = {"title": 160, "episode": 80, "scene": 120, "caption": 500, "notes": 900, "text": 240}
_SHORT = 120
_MOST_LISTED = 40
_READ_FOR_LANGUAGE = 4000
_ICONS = {Badge.FAILED: "image-broken", Badge.WAITING: "hourglass", Badge.CANCELLED: "prohibit"}
_LABELS = {
    "done": "made as asked",
    "degraded": "made otherwise",
    "failed": "failed",
    "skipped": "left out",
    "decisions": "Needs a decision",
    "remarks": "What was done about it",
}


@dataclass(frozen=True, slots=True)
class SheetPages:
    """The data for the template, and which fonts it needs."""

    data: Mapping[str, object]
    wardrobe: Wardrobe


def sheet_of(
    reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes], *, system_fonts: bool
) -> SheetPages:
    """The pages of the reel; `thumbnails` are JPEG files of one shape by the items' numbers."""
    texts = list(_texts(reel))
    language = language_code(reel.language or guess_language(" ".join(texts)[:_READ_FOR_LANGUAGE]))
    wardrobe = choose(texts, language, system_fonts=system_fonts)

    def word(name: str, text: str) -> dict[str, str]:
        cap = _CAPS.get(name.rpartition(".")[2], _SHORT)
        return field_of(name, showable(clean(text, cap), wardrobe.missing), language)

    data: dict[str, object] = {
        "layout": layout.value,
        "per_page": layout.per_page,
        "tall": reel.shape.ratio[0] < reel.shape.ratio[1],
        "lang": language,
        "dir": language_direction(language),
        "spaced": takes_tracking(language),
        "hyphenate": takes_hyphens(language),
        "fonts": wardrobe.families,
        "pictures": "".join(sorted(wardrobe.pictures)),
        "colours": colours_data(reel.palette),
        "title": word("title", reel.title),
        "episode": word("episode", reel.episode),
        "foot": word("foot", reel.run),
        "items": [_item(item, thumbnails.get(item.number), word) for item in reel.items],
        "report": None if reel.report is None else _report(reel, reel.report, word),
    }
    return SheetPages(data, wardrobe)


def _texts(reel: Reel) -> Iterator[str]:
    yield reel.title
    yield reel.episode
    for item in reel.items:
        yield from (clean(text) for text in (item.caption, item.scene, item.notes, item.made_by))
    if reel.report is not None:
        yield reel.report.headline
        yield reel.report.made_with
        yield from (clean(r.text) for r in (*reel.report.decisions, *reel.report.remarks))


def _item(item: ReelItem, thumbnail: bytes | None, word: Word) -> dict[str, object]:
    at = f"items.{item.number}"
    icon = next((_ICONS[badge] for badge in item.badges if badge in _ICONS), "image")
    return {
        "number": str(item.number),
        "scene": word(f"{at}.scene", item.scene),
        "caption": word(f"{at}.caption", item.caption),
        "notes": word(f"{at}.notes", item.notes),
        "made": word(f"{at}.made", item.made_by),
        "time": f"{item.duration_s:.1f} s",
        "badges": [
            {"kind": badge.value, "label": word("badge", badge.value)} for badge in item.badges
        ],
        "image": None if thumbnail is None else _svg(thumbnail, item.shape.ratio),
        "icon": icon_svg(icon),
    }


def _svg(jpeg: bytes, size: tuple[int, int]) -> str:
    """The file in SVG text, which is all that a page can be handed in memory."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" preserveAspectRatio="none"'
        f' xlink:href="data:image/jpeg;base64,{base64.b64encode(jpeg).decode("ascii")}"/></svg>'
    )


def _report(reel: Reel, report: ReelReport, word: Word) -> dict[str, object]:
    return {
        "kicker": word("report.kicker", "MORNING REPORT"),
        "headline": word("report.headline.text", headline_of(report)),
        "made_with": word("report.made_with", report.made_with),
        "when": word("report.when", when_of(reel, report)),
        "total": report.total,
        "counts": report.model_dump(include={"done", "degraded", "failed", "skipped"}),
        "labels": {
            **{name: word(f"report.{name}", label) for name, label in _LABELS.items()},
        },
        "facts": [
            {"label": word("report.fact", label), "value": word("report.fact", value)}
            for label, value in facts_of(report)
        ],
        "decisions": _listed("report.decisions", report.decisions, word),
        "remarks": _listed("report.remarks", report.remarks, word),
        "more_decisions": max(0, len(report.decisions) - _MOST_LISTED),
        "more_remarks": max(0, len(report.remarks) - _MOST_LISTED),
    }


def _listed(name: str, remarks: Sequence[Remark], word: Word) -> list[dict[str, object]]:
    return [
        {
            "number": "" if remark.number is None else str(remark.number),
            "text": word(f"{name}.{place}.text", remark.text),
        }
        for place, remark in enumerate(remarks[:_MOST_LISTED])
    ]
