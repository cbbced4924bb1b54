"""The words of a model, made fit for a page: no marks, no invisible characters, whole sentences."""

import re
import unicodedata
from functools import cache

from storyloom.boards.icons import DEFAULT_ICON, icon_set, resolve_icon
from storyloom.boards.text import clean
from storyloom.storyboard.asked.grounds import stems_of
from storyloom.storyboard.capabilities import capabilities_in
from storyloom.storyboard.code.names import is_acronym, is_proper
from storyloom.storyboard.english import capitalised

_EMPHASIS = re.compile(r"\*+|`+|~~|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_QUOTES = "\"'\u201c\u201d\u2018\u2019\u201e\u00ab\u00bb "
_ENDS = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"\u201c(]?[^\Wa-z_])|(?<=[\u3002\uff01\uff1f])")
_TITLE_WORD = re.compile(r"(?<=[^\s:.!?])\s+([A-Z][a-z]+)(?=[\s,;:.!?]|$)")
_SHORT_WORD = 3
#: What an icon may show only when the words speak of it.
_ALARMING = stems_of(
    "skull death poison danger bomb gun knife virus biohazard radioactive poop fire"
)
_TITLE_SHARE = 0.5


def tidied(text: str) -> str:
    """Take emphasis, emoji and everything invisible out of a text."""
    shown = "".join(char for char in clean(text) if unicodedata.category(char) not in {"So", "Cf"})
    return clean(_EMPHASIS.sub("", shown)).strip(_QUOTES)


def headline_tidied(text: str) -> str:
    """Tidy a headline: no full stop, and in sentence case."""
    plain = tidied(text)
    stopless = plain.rstrip(" .\u3002") if not plain.endswith("…") else plain
    return capitalised(_in_sentence_case(stopless))


def sentences_tidied(text: str) -> list[str]:
    """Tidy a text, and split it into sentences that begin with a capital and end with a stop."""
    parts = (part.strip() for part in _SENTENCE.split(tidied(text)))
    return [
        capitalised(part) if part.endswith(tuple(_ENDS)) else f"{capitalised(part.rstrip(' ,;:'))}."
        for part in parts
        if part
    ]


def fitting_icon(suggested: str, *texts: str, is_steered: bool) -> str:
    """The suggested icon, unless it has nothing to do with the texts and there is a reason to doubt.

    The reasons are a source that tries to steer its reader, and an icon that alarms.
    """
    name = resolve_icon(tidied(suggested), default="")
    doubtful = is_steered or not _ALARMING.isdisjoint(_meanings(name))
    if name and not (doubtful and stems_of(" ".join(texts)).isdisjoint(_meanings(name))):
        return name
    found = capabilities_in(texts)
    return found[0].capability.icon if found else DEFAULT_ICON


@cache
def _meanings(name: str) -> frozenset[str]:
    """The stems of what an icon shows and is tagged with."""
    tags = (word for word, icons in icon_set().index.items() if any(n == name for n, _ in icons))
    return stems_of(" ".join((name, *tags)))


def _in_sentence_case(text: str) -> str:
    """Write a headline in title case as a sentence; names of products keep their capitals."""
    inner = [word for word in text.split()[1:] if len(word) > _SHORT_WORD]
    titled = [word for word in inner if word[:1].isupper()]
    if not inner or len(titled) <= len(inner) * _TITLE_SHARE:
        return text
    return _TITLE_WORD.sub(_lowered, text)


def _lowered(found: re.Match[str]) -> str:
    word = found[1]
    keeps = is_proper(word) or is_acronym(word)
    return found[0] if keeps else found[0].lower()
