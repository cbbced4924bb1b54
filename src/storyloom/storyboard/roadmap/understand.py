"""Understands a roadmap screenshot by rules: words, lanes and items, themes, seven fields."""

from collections.abc import Sequence

from anyio import to_thread

from storyloom.errors import Rejected
from storyloom.storyboard.capabilities import Claims, claims
from storyloom.storyboard.ports import TextBox, TextReader
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.roadmap.cards import Item
from storyloom.storyboard.roadmap.layout import Roadmap, roadmap_in
from storyloom.storyboard.roadmap.phrases import (
    answered,
    headline_of_items,
    headline_of_themes,
    neutral_headline,
    prefixed,
    promised,
    what_of_items,
    what_of_themes,
)
from storyloom.storyboard.roadmap.sanitize import guarded
from storyloom.storyboard.roadmap.themes import Outline, Theme, outline_of, scores_of
from storyloom.storyboard.schemas import Evidence, Understanding, UnderstandingSource

ICON = "signpost"
_MOST_BOXES = 12
_NO_WORDS = "No words were found in the picture. A sharper or larger screenshot may help."
_NO_ITEMS = (
    "No roadmap items were found among the words in the picture. "
    "Crop the screenshot to the roadmap itself."
)
_NO_THEMES = (
    "None of the roadmap's subjects is in the catalogue, so the texts about worth are left out."
)


class StaticRoadmapUnderstanding:
    """A `RoadmapUnderstanding` without a language model: it reads words, and follows rules."""

    def __init__(self, reader: TextReader) -> None:
        """Take what finds the words."""
        self._reader = reader

    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        """Fill the seven fields; where no word can be read, say so and stay silent otherwise."""
        try:
            boxes = await self._reader.read(image)
        except Rejected as fault:
            why = f"The words in the picture were not read. {fault.message}"
            return await to_thread.run_sync(silent, brief, why)
        return await to_thread.run_sync(understood, boxes, brief, sanitize_ip)


def understood(boxes: Sequence[TextBox], brief: Brief, sanitize_ip: bool) -> Understanding:  # noqa: FBT001 - called through a thread, which passes by position
    """Fill the seven fields from the words that were found."""
    roadmap = roadmap_in(boxes)
    if not roadmap.items:
        return silent(brief, _NO_ITEMS if boxes else _NO_WORDS)
    chosen = promised(roadmap.items, brief)
    told = chosen if brief.stage.tense == "future" else roadmap.items
    made = _in_our_words(outline_of(chosen), outline_of(told), brief)
    made = guarded(made, brief) if sanitize_ip else _in_its_words(made, roadmap, chosen, brief)
    return made.headed(brief.headline)


def silent(brief: Brief, why: str) -> Understanding:
    """Make a board without text but its headline."""
    return Understanding(
        headline=neutral_headline(brief),
        what_it_does="",
        business_value="",
        who_benefits="",
        differentiator="",
        pain_point_addressed="",
        suggested_icon=ICON,
        source=UnderstandingSource.NONE,
        degraded=(why,),
    ).headed(brief.headline)


def _in_our_words(outline: Outline, whole: Outline, brief: Brief) -> Understanding:
    said = _claims(outline.themes, brief)
    return Understanding(
        headline=headline_of_themes(outline, brief) or neutral_headline(brief),
        what_it_does=what_of_themes(whole, brief),
        business_value=said.business_value,
        who_benefits=said.who_benefits,
        differentiator=said.differentiator,
        pain_point_addressed=said.pain_point_addressed,
        suggested_icon=outline.themes[0].capability.icon if outline.themes else ICON,
        source=UnderstandingSource.OCR,
        evidence=_evidence(outline.themes),
        degraded=() if outline.themes else (_NO_THEMES,),
    )


def _in_its_words(
    made: Understanding, roadmap: Roadmap, chosen: Sequence[Item], brief: Brief
) -> Understanding:
    own: dict[str, str] = {
        "headline": headline_of_items(chosen, brief) or made.headline,
        "what_it_does": what_of_items(roadmap, brief) or made.what_it_does,
    }
    themes = outline_of(chosen).themes
    if themes:
        key = themes[0].capability.key
        item = max(chosen, key=lambda item: scores_of(item).get(key, 0.0))
        own["business_value"] = prefixed(item, made.business_value)
        own["pain_point_addressed"] = answered(item, made.pain_point_addressed, brief)
    return made.model_copy(update=own)


def _claims(themes: Sequence[Theme], brief: Brief) -> Claims:
    """Let the first theme speak of pain and gain, and the next ones of people and difference."""
    if not themes:
        return Claims("", "", "", "")
    first, second, third = (claims(_at(themes, i).capability, brief) for i in range(3))
    return Claims(
        business_value=first.business_value,
        who_benefits=second.who_benefits,
        differentiator=third.differentiator,
        pain_point_addressed=first.pain_point_addressed,
    )


def _at(themes: Sequence[Theme], place: int) -> Theme:
    return themes[min(place, len(themes) - 1)]


def _evidence(themes: Sequence[Theme]) -> tuple[Evidence, ...]:
    """Point at the items behind each field, in pixels; never quote them."""
    if not themes:
        return ()
    every = [box for theme in themes for box in theme.boxes]
    pointed = [
        *[("what_it_does", box) for box in every[:_MOST_BOXES]],
        *[("business_value", box) for box in themes[0].boxes[:3]],
        *[("pain_point_addressed", box) for box in themes[0].boxes[:3]],
        *[("who_benefits", box) for box in _at(themes, 1).boxes[:3]],
        *[("differentiator", box) for box in _at(themes, 2).boxes[:3]],
    ]
    return tuple(Evidence(field=field, box=box) for field, box in pointed)
