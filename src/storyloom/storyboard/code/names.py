"""Identifiers as words: `getInvoiceByID` holds get, invoice, by and ID.

Numbers fall away, but for those that belong to a word, such as S3 or SHA-256; so do versions and dates.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from storyloom.storyboard.english import third_person

_PART = re.compile(r"[A-Z]{2,}s?(?=[A-Z][a-z]|[^A-Za-z]|$)|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_LONGEST_NAME = 120
_DIGIT = re.compile(r"\d")


class Vocabulary(BaseModel):
    """The word lists of `data/code_words.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    acronyms: str
    numbered: Mapping[str, str]
    counted_acronyms: str
    proper_names: str
    roles: str
    vague: str
    stops: str
    prefixes: str
    upper_only: str
    not_nouns: str
    also_nouns: str
    not_agents: str
    silent_verbs: str
    verbs: str
    quiet_verbs: str
    determiners: str
    jargon: str
    pairs: Mapping[str, str]
    phrases: Mapping[str, str]


VOCABULARY = Vocabulary.model_validate(
    tomllib.loads((Path(__file__).parents[1] / "data" / "code_words.toml").read_text("utf-8"))
)
ROLES = frozenset(VOCABULARY.roles.split())
VAGUE = frozenset(VOCABULARY.vague.lower().split())
STOPS = frozenset(VOCABULARY.stops.split())
JARGON = frozenset(VOCABULARY.jargon.split())  #: words that only programmers know
PREFIXES = frozenset(VOCABULARY.prefixes.split())  #: what a library puts before all of its types
_UPPER_ONLY = frozenset(VOCABULARY.upper_only.split())
NOT_NOUNS = frozenset(VOCABULARY.not_nouns.split())
SILENT = frozenset(VOCABULARY.silent_verbs.split())
DETERMINERS = frozenset(VOCABULARY.determiners.split())
QUIET = frozenset(VOCABULARY.quiet_verbs.split())
ALSO_NOUNS = frozenset(VOCABULARY.also_nouns.split())
_NOT_AGENTS = frozenset(VOCABULARY.not_agents.split())
#: What a verb in a name is called, with the mark that takes the tense.
VERBS: Mapping[str, str] = MappingProxyType(
    {verb: f"[{verb}]" for verb in VOCABULARY.verbs.split()} | dict(VOCABULARY.phrases)
)
_BASES = {third_person(verb): verb for verb in VOCABULARY.verbs.split()}
_COUNTED_ACRONYMS = frozenset(VOCABULARY.counted_acronyms.split())
_NUMBERED = VOCABULARY.numbered
_ACRONYMS = {
    word.lower(): word
    for word in (*f"{VOCABULARY.acronyms} {VOCABULARY.proper_names}".split(), *_NUMBERED.values())
    if not word.islower()
}
_PROPER = frozenset(VOCABULARY.proper_names.lower().split())
_INNER = re.compile(
    "|".join(one for one in VOCABULARY.proper_names.split() if re.search(r"[a-z][A-Z]|OA", one))
)
_PAIRED = frozenset(pair.split()[1] for pair in VOCABULARY.pairs)
_PART_WITH_NUMBERS = re.compile(
    "|".join(
        # In `uploadToS3` a word begins with the capital, in `sums3` none does with the small letter.
        rf"(?:(?<![A-Za-z0-9]){one}|{one.upper()}|{one.capitalize()})(?![a-z0-9])"
        for one in sorted(_NUMBERED, key=lambda one: (-len(one), one))
    )
    # What is left of `v2` or `p95` is no word.
    + rf"|(?P<none>(?<![A-Za-z])[A-Za-z]\d+|[Vv](?:er(?:sion)?)?\d+)|{_PART.pattern}"
)
# One piece at a time: some are read in two ways, and a pattern for all would try each way of each.
_TAIL = re.compile(
    r"(?:[-_. (]+(?:v(?:er(?:sion)?)?[-_.]?\d+|final|copy|wip|rc\d*|beta|alpha|\d+)\)?"
    r"|[-_.](?=[a-f]*\d)[0-9a-f]{7,40})$",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """Split a name into words, in lower case but for acronyms; numbers fall away."""
    whole = _INNER.sub(lambda found: found[0].capitalize(), name[:_LONGEST_NAME])
    if not _DIGIT.search(whole):
        return _with_pairs([_word(part) for part in _PART.findall(whole)])
    found = (hit for hit in _PART_WITH_NUMBERS.finditer(whole) if not hit["none"])
    return _with_pairs([_word(hit[0]) for hit in found if not hit[0].isdigit()])


def _with_pairs(parts: list[str]) -> tuple[str, ...]:
    """Write `sign in` as the one word that it is in a name."""
    if not _PAIRED.isdisjoint(parts):
        for at in range(len(parts) - 1, 0, -1):
            if one := VOCABULARY.pairs.get(f"{parts[at - 1]} {parts[at]}"):
                parts[at - 1 : at + 1] = [one]
    return tuple(parts)


def words_of_file(stem: str) -> tuple[str, ...]:
    """Split a file's name into words, without a version, a date or a `final` at its end."""
    rest, before = stem, ""
    while rest != before:
        before, rest = rest, _TAIL.sub("", rest)
    return words(rest or stem)


def _word(part: str) -> str:
    """Write a part of a name; `it` is the pronoun, `IT` the trade."""
    lower = part.lower()
    if lower in _NUMBERED:
        return _NUMBERED[lower]
    is_plain = lower in _UPPER_ONLY and not part.isupper()
    return lower if is_plain else _ACRONYMS.get(lower, lower)


def spoken(name: str) -> str:
    """Write a name as words in a sentence; only the last part of a dotted name."""
    if name in _ACRONYMS.values():
        return name
    return " ".join(words(name.rstrip("()").rsplit(".", 1)[-1]))


def is_acronym(word: str) -> bool:
    """Whether a word keeps its capitals in a sentence."""
    return _ACRONYMS.get(word.lower()) == word


def is_proper(word: str) -> bool:
    """Whether a word is the name of a product or a company."""
    return word.lower() in _PROPER


def is_counted(word: str) -> bool:
    """Whether an acronym is a thing of which there can be several: an ID, but no SMTP."""
    return word in _COUNTED_ACRONYMS


def is_agent(word: str) -> bool:
    """Whether a word names a part of a program by what it does: `logger`, but not `order`."""
    lower = word.lower()
    if not lower.endswith(("er", "or")) or lower in _NOT_AGENTS:
        return False
    root = lower[:-2]
    undoubled = root[:-1] if root[-2:-1] == root[-1:] else root
    return any(form in VERBS for form in (root, f"{root}e", undoubled))


def is_base_verb(word: str) -> bool:
    """Whether a word is a verb of plain English in its base form."""
    return base_verb(third_person(word)) == word


def base_verb(word: str) -> str:
    """Give the base of a verb in the third person: `carries` gives `carry`; else nothing."""
    return _BASES.get(word, "")
