"""The promise of `sanitize_ip`: no word read from the picture reaches the result.

It is kept twice. The sentences are built from an `Outline`, which holds no text of the picture.
Then, in case that ever changes, every word of every field must be one of our own: of the catalogue,
the presets and the phrases. That is stricter than comparing with the words that were read, since it
also stops a word that was read wrongly, split or joined. What fails is left out, and says so.
"""

import re
import unicodedata
from collections.abc import Iterable

from storyloom.storyboard.capabilities import Capabilities, claims
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.roadmap.phrases import all_phrases, neutral_headline
from storyloom.storyboard.roadmap.themes import short_names
from storyloom.storyboard.schemas import Understanding

GUARDED = (
    "headline",
    "what_it_does",
    "business_value",
    "who_benefits",
    "differentiator",
    "pain_point_addressed",
    "suggested_icon",
)
_DEFAULT_ICON = "signpost"
_SLOT = re.compile(r"\{\w+\}")


def words_in(text: str) -> frozenset[str]:
    """Give the words and figures of a text, whatever their script, case and width."""
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def own_words(brief: Brief) -> frozenset[str]:
    """Give every word that a sanitised field may hold for this brief; none is from a picture."""
    return frozenset(word for text in _own_texts(brief) for word in words_in(text))


def _own_texts(brief: Brief) -> Iterable[str]:
    for phrase in all_phrases():
        yield _SLOT.sub(" ", phrase)
    yield from short_names().values()
    yield _DEFAULT_ICON
    for one in Capabilities.packaged().by_key.values():
        said = claims(one, brief)
        yield from (one.icon, said.business_value, said.who_benefits)
        yield from (said.differentiator, said.pain_point_addressed)


def guarded(made: Understanding, brief: Brief) -> Understanding:
    """Let only our own words pass. A wished headline, which is the caller's, comes afterwards."""
    own = own_words(brief)
    safe = {"headline": neutral_headline(brief), "suggested_icon": _DEFAULT_ICON}
    leaks = [field for field in GUARDED if not words_in(getattr(made, field)) <= own]
    notes = tuple(
        f"The text of {field} was left out, because it could have held words of the picture."
        for field in leaks
    )
    return made.model_copy(
        update={field: safe.get(field, "") for field in leaks} | {"degraded": made.degraded + notes}
    )
