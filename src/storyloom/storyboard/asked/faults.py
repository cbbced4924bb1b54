"""What can be wrong with one sentence of an answer.

Each rule looks at one sentence and says what is wrong with it, or nothing. A fault is told twice: to
the model, which may be shown its own words again, and to people, who are never shown what was left
out.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from storyloom.storyboard.asked.grounds import Grounds, stems_of
from storyloom.storyboard.code.names import is_acronym, is_proper
from storyloom.storyboard.english import stem
from storyloom.storyboard.roadmap.sanitize import words_in

_BACKED = Path(__file__).parents[1] / "data" / "backed_words.toml"
_PLACEHOLDER = re.compile(r"\[\[?\s*REDACTED|REDACTED_|\[\[|\]\]", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?[A-Za-z!][^<>]*>?|\]\(|```|\|\s*-{3}|^\s*(?:#{1,6}|>|\||[-*+])\s|&\w+;|\{\{|\}\}"
)
_ADDRESS = re.compile(
    r"\w+://|\bwww\.|\b(?:javascript|data|mailto):|\S@\S+\.\w|\b[a-z0-9-]+\.(?:com|org|net|io|dev"
    r"|ai|app|co|biz|info|ru|cn|xyz|tk|me|uk|de|eu|us|gov|edu|test|example|invalid)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"`|\b\w+\(\)|\b\w+\(\w+[,=]|\b[^\W_]+(?:_[^\W_]+)+\b|\b_+\w+|::|->|=>|==|\$\{|\$[A-Za-z_]"
    r"|\b[a-z]+[A-Z]\w*\b|\b(?:[A-Z][a-z0-9]+){2,}\b|\b\w+\.\w+\.\w+\b|(?:^|\s)\.{0,2}/\w"
    r"|\b[\w-]+\.(?:py|js|ts|tsx|jsx|go|rs|java|kt|rb|php|cs|c|h|cpp|swift|sh|sql|ya?ml|toml|json|xml"
    r"|html?|css|md|txt|csv|ini|env)\b"
)
_TOKEN = re.compile(r"[^\W\d_][\w'\u2019&-]*")
_MAY_STAND = frozenset({"I", "OK"})
_TECHNIQUES = "techniques"
_TELLING = 4  # letters of a word that may tell something
_OVERLAP = 7  # words in a row that nobody shares with our instructions by chance


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a sentence."""

    told: str  #: to the model: `holds the figure 40%, which stands nowhere in the source`
    noted: str  #: to people, without a word of it: `a figure that stands nowhere in the source`


@dataclass(frozen=True, slots=True)
class Bounds:
    """What claims are held against."""

    grounds: Grounds
    own_words: frozenset[str]  #: words of the brief, in lower case
    instructions: str
    is_english: bool = True
    shows_no_names: bool = False
    is_confidential: bool = False  #: nothing of the source's own words may be shown
    hidden: frozenset[str] = frozenset()  #: what was painted over, in lower case


Rule = Callable[[str, Bounds], Fault | None]


def first_fault(text: str, bounds: Bounds) -> Fault | None:
    """The first thing that is wrong with a sentence."""
    return next((fault for rule in RULES if (fault := rule(text, bounds))), None)


def _placeholder(text: str, _: Bounds) -> Fault | None:
    if _PLACEHOLDER.search(text):
        return Fault("repeats a placeholder of something secret", "a placeholder of a secret")
    return None


def _markup(text: str, _: Bounds) -> Fault | None:
    if _MARKUP.search(text):
        return Fault("holds Markdown, HTML or other markup", "markup")
    return None


def _address(text: str, _: Bounds) -> Fault | None:
    if _ADDRESS.search(text):
        return Fault("holds a link or an address", "a link or an address")
    return None


def _identifier(text: str, bounds: Bounds) -> Fault | None:
    if not bounds.shows_no_names:
        return None
    for found in _CODE.finditer(text):
        if not (is_proper(found[0]) or found[0].lower() in bounds.own_words):
            return Fault(f"holds the name {found[0]!r} from the code", "a name from the code")
    return None


def _figure(text: str, bounds: Bounds) -> Fault | None:
    if bounds.is_confidential:
        if re.search(r"\d", text):
            return Fault("holds a number, and none may be shown", "a number")
        return None
    if bounds.grounds.lines is None:
        return None
    missing = bounds.grounds.figures.missing(text, in_words=bounds.is_english)
    if missing:
        shown = ", ".join(missing)
        return Fault(
            f"holds a figure that stands nowhere in the source: {shown}",
            "a figure that stands nowhere in the source",
        )
    return None


def _unbacked(text: str, bounds: Bounds) -> Fault | None:
    if not bounds.is_english:
        return None
    groups, claims = _claims()
    for found in claims.finditer(text.lower().replace("-", " ")):
        if not _is_backed(found[0], groups[found[0]], bounds):
            said = text[found.start() : found.end()]
            return Fault(
                f"says {said!r}, which the source does not",
                "a claim that the source does not make",
            )
    return None


def _is_backed(claim: str, group: str, bounds: Bounds) -> bool:
    if bounds.grounds.lines is None:
        return group == _TECHNIQUES  # of a picture, whose words nobody read here
    return stems_of(claim) <= bounds.grounds.stems


def _name(text: str, bounds: Bounds) -> Fault | None:
    """A capital within a sentence is a name: one that the source or the brief has."""
    if not bounds.is_english or (bounds.grounds.lines is None and not bounds.is_confidential):
        return None
    for found in _TOKEN.finditer(text):
        word = re.sub(r"['\u2019]s$", "", found[0])
        opens = not found.start() or text[: found.start()].rstrip(' "“(')[-1:] in {"", ":", "."}
        is_name = is_proper(word) or (word[:1].isupper() and not opens)
        if is_name and not _is_known(word, bounds):
            return Fault(
                f"holds the name {word!r}, which stands nowhere in the source",
                "a name that stands nowhere in the source",
            )
    return None


def _is_known(word: str, bounds: Bounds) -> bool:
    is_common = word in _MAY_STAND or (is_acronym(word) and not is_proper(word))
    if is_common or word.lower() in bounds.own_words:
        return True
    # Where there is nothing to hold it against, only the words of the brief may stand.
    grounds = bounds.grounds
    is_there = word.lower() in grounds.figures.text or bool(stems_of(word) & grounds.stems)
    return grounds.lines is not None and is_there


def _hidden(text: str, bounds: Bounds) -> Fault | None:
    hidden = bounds.hidden - bounds.own_words
    words = words_in(text) - bounds.own_words
    # A long one is also looked for within words, since it may have endings.
    if words & hidden or any(
        one in word for one in hidden if len(one) > _TELLING for word in words
    ):
        return Fault("holds a word that is confidential", "a confidential word")
    return None


def _steered(text: str, bounds: Bounds) -> Fault | None:
    """Words that the source has only where it speaks to the reader are not about anything."""
    steering = bounds.grounds.steering - _stems(bounds.instructions)  # our words are anybody's
    words = {stem(word) for word in re.findall(rf"[^\W\d_]{{{_TELLING},}}", text)}
    steering &= words
    if len(steering) > 1 or (steering and len(words) <= len(steering) + 1):
        return Fault(
            "repeats what a line of the source says to its reader; describe the rest of the source",
            "words of a line that speaks to the reader",
        )
    return None


def _leak(text: str, bounds: Bounds) -> Fault | None:
    if not _runs(text).isdisjoint(_runs(bounds.instructions)):
        return Fault("quotes the instructions", "words of our own instructions")
    return None


@cache
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(_OVERLAP)), strict=False))


_stems = cache(stems_of)


@cache
def _claims() -> tuple[dict[str, str], re.Pattern[str]]:
    """The words that are claims, each with its group; and what finds them in lower case."""
    groups: dict[str, str] = tomllib.loads(_BACKED.read_text("utf-8"))
    known = {
        word.lower().replace("-", " "): group
        for group, words in groups.items()
        for word in words.split()
    }
    longest_first = sorted(known, key=len, reverse=True)
    return known, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


RULES: Sequence[Rule] = (
    _placeholder, _markup, _address, _identifier, _hidden, _figure, _leak, _unbacked, _steered, _name,
)  # fmt: skip
