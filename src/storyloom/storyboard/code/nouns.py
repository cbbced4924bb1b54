"""Which words a sentence may name: the lists, the lexicons, and the nouns of the file's own prose."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from storyloom.storyboard.code.facts import CodeFacts
from storyloom.storyboard.code.names import (
    ALSO_NOUNS,
    VERBS,
    is_acronym,
    is_counted,
    is_proper,
    words,
)
from storyloom.storyboard.english import is_mass, is_plural, plural, singular

_MAX_DOCS = 300
_LONGEST_DOC = 1_000
_SHORTEST = 4
_FEW = 2
_LONGEST_PHRASE = 3
_NO_NOUN = re.compile(
    r"(?:able|ible|less|ful|ical|ically|ously|est|ly|ous|ive|ized|ised|ed|ing|like|wise)$"
)
_NAMED = re.compile(
    r"\b(?:an?|each|every|one|this|two|three|several|many|all|these|those) ([a-z]{4,20})"
    r"(?=[.,;:)]|$|\s(?:is|are|was|in|of|to|from|for|with|and|or|that|which|by|on|at|as|into)\b)"
)
_ASKING = frozenset({"is", "are", "was", "has", "have", "can", "does", "did", "should"})
_PARTICIPLE = re.compile(r"(\w{2,})(?:ing|ed)$")


class Nouns(BaseModel):
    """The word lists of `data/nouns.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nouns: str
    describing: str
    never: str
    figures: str
    coins: str
    callbacks: str


_LISTS = Nouns.model_validate(
    tomllib.loads((Path(__file__).parents[1] / "data" / "nouns.toml").read_text("utf-8"))
)
_NEVER = frozenset(_LISTS.never.split())
_HEADS = (frozenset(_LISTS.nouns.split()) | ALSO_NOUNS) - _NEVER
_DESCRIBING = frozenset(_LISTS.describing.split())
_FIGURES = frozenset(_LISTS.figures.split())
COINS = frozenset(_LISTS.coins.split())
_CALLBACK = re.compile(_LISTS.callbacks)


def is_figure(word: str) -> bool:
    """Whether a noun names something that is worked out: `margin`, `cost`."""
    return singular(word.lower()) in _FIGURES


def is_question(name: str) -> bool:
    """Whether an operation by this name answers yes or no, and does nothing: `open?`, `isOpen`."""
    return name.endswith("?") or not _ASKING.isdisjoint(words(name)[:1])


def is_callback(name: str) -> bool:
    """Whether a system calls an operation by this name at its own time: `viewDidLoad`."""
    return _CALLBACK.search(name) is not None


@lru_cache(maxsize=8)
def own_nouns(facts: CodeFacts) -> frozenset[str]:
    """Find the nouns of the file's own prose: `a mailbox` and `mailboxes`, each in lower case."""
    docs = [one.doc for one in facts.definitions[:_MAX_DOCS] if one.doc]
    texts = [*([facts.doc.text] if facts.doc else []), *docs]
    counted: dict[str, int] = {}
    for text in texts:
        for word in _NAMED.findall(text[:_LONGEST_DOC]):
            one = singular(word)
            counted[one] = counted.get(one, 0) + 1
    return frozenset(one for one, times in counted.items() if times >= _FEW and _may_be_noun(one))


def _may_be_noun(word: str) -> bool:
    return (
        len(word) >= _SHORTEST
        and word not in VERBS
        and word not in _DESCRIBING
        and any(letter in "aeiouy" for letter in word)
        and not _NO_NOUN.search(word)
    )


def is_sayable(thing: tuple[str, ...], own: frozenset[str] = frozenset()) -> bool:
    """Whether a reader knows every word of a thing, and its last word as a noun."""
    *before, last = thing
    return _is_head(last, own) and all(_is_before(word, own) for word in before)


def _is_head(word: str, own: frozenset[str]) -> bool:
    if is_acronym(word):
        return not is_proper(word) and (is_counted(word) or is_mass(word))
    lower = word.lower()
    if lower in _NEVER or is_proper(lower):
        return False
    one = singular(lower)
    return (
        lower in _HEADS
        or one in _HEADS
        or one in own
        or (is_mass(lower) and not plural(lower).endswith("ing steps"))
    )


def _is_of_verb(root: str) -> bool:
    undoubled = root[:-1] if root[-2:-1] == root[-1:] else root
    return any(form in VERBS or form in _HEADS for form in (root, f"{root}e", undoubled))


def _is_before(word: str, own: frozenset[str]) -> bool:
    lower = word.lower()
    if is_acronym(word) or lower in _DESCRIBING:
        return True
    if lower in VERBS and lower not in ALSO_NOUNS:
        return False
    if is_plural(lower):
        return False
    hit = _PARTICIPLE.match(lower)
    return _is_head(lower, own) or (hit is not None and _is_of_verb(hit[1]))


def phrase_of_words(parts: tuple[str, ...], own: frozenset[str]) -> str:
    """Write a heading or a key as it stands, if every word is known and the last is a noun."""
    is_short = 0 < len(parts) <= _LONGEST_PHRASE
    return " ".join(parts) if is_short and is_sayable(parts, own) else ""
