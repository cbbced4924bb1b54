"""What a roadmap is about, in our own words: capabilities, not the picture's text.

An `Outline` holds nothing but capabilities of the closed catalogue, counts and pixels, so whatever
is built from it alone cannot carry a word of the picture.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from storyloom.storyboard.capabilities import Capabilities, Capability
from storyloom.storyboard.presets import PACKAGED
from storyloom.storyboard.roadmap.cards import Box, Item
from storyloom.storyboard.roadmap.words import Horizon

_LEAST = 2.0  # a score below comes from stray words
_ALSO = 5.0  # the score of a roadmap term
_ENOUGH = 8.0  # one item does not count for more, however often it says the same
_NAME, _NOTE = 2.0, 0.7  # an item's name tells more than the notes below it
_NEARNESS: Mapping[Horizon | None, float] = {
    Horizon.DONE: 0.8, Horizon.NOW: 1.2, Horizon.NEXT: 1.0, Horizon.LATER: 0.8, None: 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Theme:
    """A capability that the roadmap promises, and where in the picture it does."""

    capability: Capability
    score: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A roadmap without its words: how many items, and the themes overall and by horizon."""

    count: int
    themes: tuple[Theme, ...]
    by_horizon: Mapping[Horizon | None, tuple[Theme, ...]]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    short: Mapping[str, str]
    weight: Mapping[str, float]
    also: Mapping[str, tuple[str, ...]]


@cache
def _catalogue() -> _Catalogue:
    data = tomllib.loads((PACKAGED / "roadmap" / "themes.toml").read_text("utf-8"))
    also = {key: tuple(terms) for key, terms in data["also"].items()}
    return _Catalogue(data["short"], data["weight"], also)


def short_names() -> Mapping[str, str]:
    """Give each capability's short name, by its key."""
    return _catalogue().short


def short_name(theme: Theme) -> str:
    """Name a theme as a list does: `scheduling`."""
    return _catalogue().short[theme.capability.key]


def scores_of(item: Item) -> dict[str, float]:
    """Tell how clearly an item speaks of each capability, best first."""
    known = _catalogue()
    texts = {item.text: _NAME} | dict.fromkeys(item.notes, _NOTE)
    scores = {
        found.capability.key: found.score for found in Capabilities.packaged().found_in(texts)
    }
    whole = " ".join((item.text, *item.notes)).casefold() + " "
    for key, terms in known.also.items():
        if any(term in whole for term in terms):
            scores[key] = scores.get(key, 0.0) + _ALSO
    weighted = {
        key: min(score, _ENOUGH) * known.weight.get(key, 1.0)
        for key, score in scores.items()
        if key in known.short and key in Capabilities.packaged().by_key
    }
    kept = [pair for pair in weighted.items() if pair[1] >= _LEAST * known.weight.get(pair[0], 1.0)]
    return dict(sorted(kept, key=lambda pair: (-pair[1], pair[0])))


def outline_of(items: Sequence[Item]) -> Outline:
    """Find the themes of some items, overall and by horizon."""
    horizons = list(dict.fromkeys(item.horizon for item in items))
    return Outline(
        count=len(items),
        themes=_themes(items),
        by_horizon={
            horizon: _themes([item for item in items if item.horizon is horizon])
            for horizon in horizons
        },
    )  # fmt: skip


def _themes(items: Sequence[Item]) -> tuple[Theme, ...]:
    scores: dict[str, float] = {}
    boxes: dict[str, list[Box]] = {}
    for item in items:
        # An item stands for its first theme, and a little for its second.
        for (key, score), share in zip(scores_of(item).items(), (1.0, 0.4), strict=False):
            scores[key] = scores.get(key, 0.0) + score * share * _NEARNESS[item.horizon]
            if share == 1:
                boxes.setdefault(key, []).append(item.box)
    told = sorted(boxes, key=lambda key: (-scores[key], key))
    by_key = Capabilities.packaged().by_key
    return tuple(Theme(by_key[key], scores[key], tuple(boxes[key])) for key in told)
