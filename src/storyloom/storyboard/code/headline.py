"""The headline: the file's own opening words, its main type's, or its name."""

import re
from dataclasses import dataclass

from storyloom.storyboard.capabilities import GENERAL, Capability
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.languages import split_name
from storyloom.storyboard.code.names import (
    ALSO_NOUNS,
    DETERMINERS,
    ROLES,
    STOPS,
    VAGUE,
    base_verb,
    spoken,
    words,
)
from storyloom.storyboard.code.prose import sentences
from storyloom.storyboard.english import capitalised

_MOST_WORDS = 9
_FEWEST_WORDS = 2
_LONGEST = 72
_OPENING = re.compile(
    r"^(?:(?:this|the|a|an|our|it|here)\s+)?(?:(?:\w+\s+){0,2}(?:module|file|package|script|class"
    r"|library|program|header|crate|component|interface|code|struct|submodule)\s+)?"
    r"(?:(?:is|are|provides?|contains?|implements?|defines?|offers?|holds?|exports?|describes?"
    r"|represents?|exposes|includes|houses|gives|adds|supplies|has|declares|that|which|for|of|used"
    r"|to|designed|responsible|intended|meant)\s+){1,4}(?:the\s+|a\s+|an\s+|all\s+)?",
    re.IGNORECASE,
)
_OPENING_NOUN = re.compile(
    r"^(?:(?:a|an|the|some|various|basic|simple|main|default|base)\s+)?"
    r"(?:set|collection|implementation|series|group|bunch|representation|definitions?|declarations?"
    r"|utilit(?:y|ies)|helpers?|functions?|methods?|routines?|class(?:es)?|tools?|module|interface"
    r"|wrapper|types?)\s+(?:functions?\s+|methods?\s+)?"
    r"(?:of|for|to|around|that|which|containing|representing|with)\s+(?:the\s+|a\s+|an\s+|all\s+)?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_BREAK = re.compile(
    r"[;:,(\u2013\u2014]|\s-{1,2}\s|\.\s|\s(?=(?:that|which|who|when|where|while|so|because|but|if"
    r"|unless|such|using|allowing|including|returning|containing|providing|based|as)\s)"
)
_AND_WORD = re.compile(r",? and (\w+)")
_SOFT_BREAK = re.compile(r"\s(?=(?:and|with|by|from|for|to|in|on|of|via|into|or|without|at)\s)")
_QUOTES = re.compile(r"(?<!\w)['\"\u2018\u201c]|['\"\u2019\u201d](?!\w)")
_IS = re.compile(
    r"(?:is|are|represents?|provides?|implements?|contains?|defines?|describes?)\s", re.IGNORECASE
)
_PRAISE = re.compile(
    r"^(?:(?:already|generally|simple|simply|basic|very|useful|configured|lightweight|tiny|small"
    r"|fast|powerful|modern|minimal|generic|abstract|immutable|internal|reusable|convenient|high-level"
    r"|low-level)\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s+(?:class(?:es)?|objects?|module|functions?|methods?|routines|instances?|file"
    r"|implementation|suitable|used|intended|necessary|needed))+$",
    re.IGNORECASE,
)
_DANGLING = STOPS | {"a", "an", "the", "of", "for", "and", "or", "is", "are", "be", "this", "its"}
_UNFIT = re.compile(
    r"^(?:this|these|that|it)\b|[{}=<>|$\\^~]|::|\w\.(?!js\b|net\b)\w|\?|!$"
    r"|\b(?:todo|fixme|deprecated|warning|note|bug|hack|xxx|please|we|i|you|your|we're|don't|isn't"
    r"|shouldn't|below|above|following|see|returns?|private|internal|param|default values?|const"
    r"|undocumented|prototype|any object|do not|must|should|copyright|licen[cs]ed?|void|null"
    r"|import)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline, and the lines that it was taken from, if it was."""

    text: str
    lines: tuple[int, int] | None = None


def headline_of(facts: CodeFacts, file_name: str, capability: Capability, subject: str) -> Headline:
    """Choose a headline; a comment on a single operation is never one."""
    if facts.doc and (text := title_from(facts.doc.text)):
        return Headline(text, (facts.doc.first_line, facts.doc.last_line))
    main = _main_type(facts, file_name)
    if main and main.doc and (text := title_from(main.doc, main.name)):
        return Headline(text, (main.first_line, main.last_line))
    named = split_name(file_name)
    if main and _is_bare(words(named)):
        return Headline(_named(main.name, capability, subject), (main.first_line, main.first_line))
    return Headline(_named(named, capability, subject))


def title_from(doc: str, name: str = "") -> str:
    """Make a title of the first sentence of a doc; empty when it makes none.

    A doc that repeats the name of what it stands above says what that is only after a verb such
    as `is`: `Router registers routes` makes no title, `Router is a table of routes` does.
    """
    first = _QUOTES.sub("", next(iter(sentences(doc)), ""))
    repeated = re.match(rf"(?:an?\s+|the\s+)?{re.escape(spoken(name))}\s+", first, re.IGNORECASE)
    if name and repeated:
        first = first[repeated.end() :]
        if not _IS.match(first):
            return ""
    text = _OPENING.sub("", first.rstrip("."))
    text = _ARTICLE.sub("", _OPENING_NOUN.sub("", _OPENING_NOUN.sub("", text))).strip()
    cut = _shortened(text)
    text = _imperative(_TAIL.sub("", _PRAISE.sub("", cut)))
    is_fit = _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and not _UNFIT.search(cut)
    return capitalised(text) if is_fit and len(text) <= _LONGEST else ""


def _without_second_verb(text: str) -> str:
    """`takes notices and proves that ...` is cut before the `and`."""
    for found in _AND_WORD.finditer(text):
        if base_verb(found[1].lower()) not in ALSO_NOUNS | {""}:
            return text[: found.start()]
    return text


def _imperative(text: str) -> str:
    """`Keeps the day's visits` reads as a note, `Keep the day's visits` as a headline."""
    first, space, rest = text.partition(" ")
    base = base_verb(first.lower())
    is_noun = base in ALSO_NOUNS and rest.split(" ", 1)[0] not in DETERMINERS
    return text if is_noun or not base else f"{base}{space}{rest}"


def _shortened(text: str) -> str:
    hard = _without_second_verb(_BREAK.split(text, maxsplit=1)[0].strip())
    if len(hard.split()) >= _FEWEST_WORDS:
        text = hard
    while len(text.split()) > _MOST_WORDS or len(text) > _LONGEST:
        soft = [hit.start() for hit in _SOFT_BREAK.finditer(text)]
        shorter = text[: soft[-1]].strip() if soft else " ".join(text.split()[:_MOST_WORDS])
        if shorter == text:
            break
        text = shorter
    parts = text.split()
    while parts and parts[-1].lower() in _DANGLING:
        parts.pop()
    return " ".join(parts).rstrip(".,;:")


def _main_type(facts: CodeFacts, file_name: str) -> Definition | None:
    """The public type that the file is named after, or the largest; the first one of equals."""
    types = [one for one in facts.public if one.kind is Kind.TYPE]
    named = "".join(words(split_name(file_name))).lower()

    def rank(one: Definition) -> tuple[bool, int]:
        return "".join(words(one.name)).lower() == named, one.last_line - one.first_line

    return max(types, key=rank, default=None)


def _is_bare(parts: tuple[str, ...]) -> bool:
    return all(part.lower() in VAGUE | ROLES for part in parts)


def _named(name: str, capability: Capability, subject: str) -> str:
    """Make a title of a name, with the capability when the name says too little."""
    parts = words(name)
    title = capitalised(" ".join(parts))
    is_general = capability.key == GENERAL
    if _is_bare(parts) and not (is_general and title):
        return capitalised(f"{subject}: {capability.name}" if subject else capability.name)
    if len(parts) > 1 or is_general:
        return title[:_LONGEST]
    shared = {part.lower() for part in parts} & set(capability.name.lower().split())
    return capitalised(capability.name) if shared else f"{title}: {capability.name}"
