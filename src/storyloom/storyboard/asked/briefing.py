"""A brief as the instructions of a question. Nothing of the source is in them."""

import re
from collections.abc import Mapping

from storyloom.boards.text import guess_language
from storyloom.llm.prompts import Prompt
from storyloom.storyboard.asked.schemas import MAX_HEADLINE, MAX_TEXT, MAX_WHAT
from storyloom.storyboard.capabilities import words_of
from storyloom.storyboard.presets import Brief

ENGLISH = "en"
_PLAINEST = frozenset({"c_suite"})  #: audiences that see no name from the code
_TENSES: Mapping[str, str] = {
    "future": "Write of it as something that is coming, never as if it were in use.",
    "demonstrated": "Write of it as something that can be seen at work in a demonstration.",
    "present": "Write of it in the present tense: it is in use today.",
}
_LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "ja": "Japanese", "ko": "Korean", "ru": "Russian",
    "th": "Thai", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip
_NO_NAMES = "Use no name from the code: no function, class, variable, file, library or data format."
_FEW_NAMES = "Prefer plain words to names from the code."
_CONFIDENTIAL = (
    "The picture is confidential. Take over no name, brand, code name, date, quarter, price, number,"
    " version or sentence from it: say what it is about in words of your own."
)
_OPEN = "Names and dates may be used, spelled exactly as they stand in the picture."


def language_of(brief: Brief) -> str:
    """The language of the fields: that of the wished headline, else English."""
    return guess_language(brief.headline) if brief.headline else ENGLISH


def own_words(brief: Brief) -> frozenset[str]:
    """The words of the brief, in lower case: an answer may use them whatever the source says."""
    texts = (
        *words_of(brief.icp).values(),
        brief.icp.name,
        brief.icp.brand.name,
        brief.audience.name,
        brief.audience.people,
        brief.stage.name,
    )
    return frozenset(re.findall(r"\w+", " ".join(texts).casefold()))


def shows_no_names(brief: Brief) -> bool:
    """Whether names from the code have no place on the page."""
    return brief.audience.key in _PLAINEST


def code_instructions(prompt: Prompt, brief: Brief) -> str:
    """Fill the prompt about code files."""
    identifiers = _NO_NAMES if shows_no_names(brief) else _FEW_NAMES
    return prompt.render(**_shared(brief), identifiers=identifiers)


def roadmap_instructions(prompt: Prompt, brief: Brief, *, sanitize_ip: bool) -> str:
    """Fill the prompt about roadmaps."""
    return prompt.render(**_shared(brief), confidential=_CONFIDENTIAL if sanitize_ip else _OPEN)


def _shared(brief: Brief) -> dict[str, str]:
    words = words_of(brief.icp)
    return {
        **{name: words[name] for name in ("companies", "trade", "crew", "clients", "jobs")},
        "people": brief.audience.people,
        "audience": brief.audience.name,
        "stage": brief.stage.name,
        "stage_means": brief.stage.description,
        "tense": _TENSES[brief.stage.tense],
        "language": _LANGUAGES[language_of(brief)],
        "headline_length": str(MAX_HEADLINE),
        "what_length": str(MAX_WHAT),
        "length": str(MAX_TEXT),
    }
