"""The sentences of a roadmap board, from its outline or, where that is allowed, from its items."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from storyloom.storyboard.capabilities import filled
from storyloom.storyboard.english import capitalised, joined, sentence
from storyloom.storyboard.presets import PACKAGED, Brief
from storyloom.storyboard.roadmap import shapes
from storyloom.storyboard.roadmap.cards import Item
from storyloom.storyboard.roadmap.layout import Lane, Roadmap
from storyloom.storyboard.roadmap.themes import Outline, Theme, short_name
from storyloom.storyboard.roadmap.words import Horizon, horizon_of, word_set

MAX_HEADLINE = 80
MAX_WHAT = 220
MAX_FIELD = 160
_LONGEST_NAME = 48
_IN_ORDER = (Horizon.DONE, Horizon.NOW, Horizon.NEXT, Horizon.LATER)


@cache
def _phrases() -> Mapping[str, Any]:
    return tomllib.loads((PACKAGED / "roadmap" / "phrases.toml").read_text("utf-8"))


def all_phrases() -> Iterable[str]:
    """Give every phrase, so that their words can be counted among our own."""
    return _strings(_phrases())


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    parts = cast("Mapping[str, object]", value).values() if isinstance(value, Mapping) else value
    return [text for part in cast("Iterable[object]", parts) for text in _strings(part)]


def neutral_headline(brief: Brief) -> str:
    """Say that something is coming, and nothing about what."""
    return str(_phrases()["neutral"][brief.stage.tense])


def promised(items: Sequence[Item], brief: Brief) -> tuple[Item, ...]:
    """Pick the items that the board is about: what is still to come, or what is live by now."""
    if brief.stage.tense == "demonstrated":
        return tuple(items)
    done = tuple(item for item in items if item.horizon is Horizon.DONE)
    if brief.stage.tense == "future":
        return tuple(item for item in items if item.horizon is not Horizon.DONE) or done
    return done or tuple(item for item in items if item.horizon is Horizon.NOW) or tuple(items)


# --- in our own words


def headline_of_themes(outline: Outline, brief: Brief) -> str:
    """List the themes: `What is coming: billing, scheduling and mobile work`."""
    return _headline([short_name(theme) for theme in outline.themes], brief)


def what_of_themes(outline: Outline, brief: Brief) -> str:
    """Say what comes first, then and later, by theme."""
    texts = [_what(outline.count, _path(outline, brief, most), brief) for most in (3, 2, 1)]
    return next((text for text in texts if len(text) <= MAX_WHAT), "")


def _path(outline: Outline, brief: Brief, most: int) -> str:
    is_live = brief.stage.tense == "present"
    words: Sequence[str] = _phrases()["steps"][brief.stage.tense]
    named: set[str] = set()
    steps: list[tuple[str, list[str]]] = []
    for place, group in enumerate(_groups(outline, is_live=is_live)):
        fresh = [short_name(theme) for theme in group if theme.capability.key not in named][:most]
        named |= {theme.capability.key for theme in group}
        if fresh:
            steps.append((words[place if is_live else len(steps)], fresh))
    if len(steps) == 1 and not is_live:
        return joined(steps[0][1])
    parts = [f"{word} {joined(names)}" for word, names in steps]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}" if len(parts) > 2 else ", ".join(parts)  # noqa: PLR2004


def _groups(outline: Outline, *, is_live: bool) -> list[tuple[Theme, ...]]:
    """Give the themes in three steps: what is done or under way, what is next, and the rest."""
    done, now, upcoming, later, loose = (
        outline.by_horizon.get(horizon, ()) for horizon in (*_IN_ORDER, None)
    )
    if is_live and done:
        return [done, _merged(now, upcoming), _merged(later, loose)]
    return [_merged(done, now), upcoming, _merged(later, loose)]


def _merged(*groups: tuple[Theme, ...]) -> tuple[Theme, ...]:
    return tuple({t.capability.key: t for group in groups for t in group}.values())


def _headline(names: Sequence[str], brief: Brief) -> str:
    """Name as many as fit, three at most; never a part of a name."""
    frame = str(_phrases()["headline"][brief.stage.tense])
    for most in (3, 2, 1):
        text = filled(frame, {"themes": joined(list(names[:most]))})
        if names and len(text) <= MAX_HEADLINE:
            return text
    return ""


def _what(count: int, path: str, brief: Brief) -> str:
    if not path:
        return ""
    numbers: Sequence[str] = _phrases()["numbers"]
    spelled = numbers[count] if count < len(numbers) else str(_phrases()["many"])
    frame = str(_phrases()["one" if count == 1 else "several"][brief.stage.tense])
    return sentence(filled(frame, {"count": spelled, "path": path}))


# --- in the roadmap's own words


def name_of(item: Item) -> str:
    """Give an item's name without version, date and verb; nothing when it is too long to name."""
    name = shapes.TAIL.sub("", item.text).strip(" -:,;!?'\"")
    lower = name.lower()
    for verb in sorted(word_set("openers"), key=len, reverse=True):
        if lower.startswith(f"{verb} ") and len(name) > len(verb) + 4:
            name = name[len(verb) + 1 :]
            break
    if len(name) > _LONGEST_NAME:
        name = shapes.AFTERTHOUGHT.split(name)[0]
    return capitalised(name) if len(name) <= _LONGEST_NAME else ""


def headline_of_items(items: Sequence[Item], brief: Brief) -> str:
    """Name the first item of each horizon, or the first ones where there is one horizon."""
    named = [(item.horizon, name) for item in items if (name := name_of(item))]
    firsts = dict(reversed(named))
    spread = [name for horizon, name in named if firsts.get(horizon) == name]
    return _headline(list(dict.fromkeys(spread if len(firsts) > 1 else _names(items))), brief)


def what_of_items(roadmap: Roadmap, brief: Brief) -> str:
    """List the items by lane, as many as fit: `Now: A and B; next: C; later: D`."""
    groups = _named_groups(roadmap, brief)
    shown = [1] * len(groups)
    best = _listed(groups, shown)
    if len(best) > MAX_WHAT:
        return ""
    for _ in range(3):
        for place, (_, names) in enumerate(groups):
            if shown[place] == len(names):
                continue
            shown[place] += 1
            if len(text := _listed(groups, shown)) <= MAX_WHAT:
                best = text
            else:
                shown[place] -= 1
    return best


def _listed(groups: Sequence[tuple[str, list[str]]], shown: Sequence[int]) -> str:
    parts = [
        f"{heading}: {_some(names, most)}" if heading else _some(names, most)
        for (heading, names), most in zip(groups, shown, strict=True)
    ]
    lowered = [
        f"{part[:1].lower()}{part[1:]}" if horizon_of(heading) else part
        for part, (heading, _) in zip(parts[1:], groups[1:], strict=True)
    ]
    return sentence("; ".join([*parts[:1], *lowered]))


def _named_groups(roadmap: Roadmap, brief: Brief) -> list[tuple[str, list[str]]]:
    items = promised(roadmap.items, brief) if brief.stage.tense == "future" else roadmap.items
    has_done = any(item.horizon is Horizon.DONE for item in items)
    lanes = [
        lane
        for lane in roadmap.lanes
        if _names(lane.items) and (has_done or lane.horizon is not Horizon.DONE)
    ]
    if len(lanes) <= 4 and all(lane.name for lane in lanes):  # noqa: PLR2004 - more do not fit
        return [(_heading(lane), _names(lane.items)) for lane in lanes]
    words: Mapping[str, str] = _phrases()["horizon"]
    groups = [
        (words[horizon.value], _names(item for item in items if item.horizon is horizon))
        for horizon in _IN_ORDER
    ]
    loose = _names(item for item in items if item.horizon is None)
    return [(name, names) for name, names in [*groups, ("", loose)] if names]


def _heading(lane: Lane) -> str:
    return lane.name.capitalize() if lane.name.isupper() and len(lane.name) > 3 else lane.name  # noqa: PLR2004


def _names(items: Iterable[Item]) -> list[str]:
    return list(dict.fromkeys(name for item in items if (name := name_of(item))))


def _some(names: Sequence[str], most: int) -> str:
    if len(names) <= most:
        return joined(list(names))
    return joined([*names[:most], str(_phrases()["horizon"]["more"])])


def prefixed(item: Item, claim: str) -> str:
    """Say whose merit a claim is: `AI dispatch board: it will ...`; the claim alone if too long."""
    name = name_of(item)
    text = f"{name}: {claim[:1].lower()}{claim[1:]}"
    return text if name and len(text) <= MAX_FIELD else claim


def answered(item: Item, claim: str, brief: Brief) -> str:
    """Add what on the roadmap answers a pain; the claim alone if too long."""
    name = name_of(item)
    text = filled(str(_phrases()["answer"][brief.stage.tense]), {"claim": claim, "item": name})
    return text if name and len(text) <= MAX_FIELD else claim
