"""The headline: the file's own opening words, its main type's, or its name."""

import re
from dataclasses import dataclass

from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.known import KnownFile
from storyloom.storyboard.code.languages import split_name
from storyloom.storyboard.code.names import (
    ALSO_NOUNS,
    DETERMINERS,
    JARGON,
    PREFIXES,
    ROLES,
    STOPS,
    VAGUE,
    base_verb,
    is_base_verb,
    spoken,
    words,
    words_of_file,
)
from storyloom.storyboard.code.nouns import is_sayable
from storyloom.storyboard.code.prose import sentences, without_markup
from storyloom.storyboard.code.telling import has_further_verb, is_torn
from storyloom.storyboard.english import capitalised, gerund, is_plural, singular, stem

_MOST_WORDS = 10
_FEWEST_WORDS = 2
_LONGEST = 72
_FEWEST_LETTERS = 2
_LONGEST_WORD = 12  # a longer one that nobody knows is several
_TOP_LINES = 12
_NAMELESS = "A building block of software"
_DESCRIBED = frozenset({"JSON", "settings"})  # such a file may say itself what it is of
_MODULE = re.compile(
    r"^(?:module|package|file|class)\s+(?=[\w.]+\s*(?:[-:\u2013]|$))", re.IGNORECASE
)
_NAME_AND_DASH = re.compile(r"^[\w.]+\s+(?:-{1,2}|\u2013|\u2014)\s+")
_OPENING = re.compile(
    r"^(?:(?:this|the|a|an|our|it|here)\s+)?(?:(?:\w+\s+){0,2}(?:module|file|package|script|class"
    r"|library|program|header|crate|component|interface|code|struct|submodule)\b[ :]\s*)?"
    r"(?:(?:is|are|provides?|contains?|implements?|defines?|offers?|holds?|exports?|describes?"
    r"|represents?|exposes|includes|houses|gives|adds|supplies|has|declares|that|which|for|of|used"
    r"|to|designed|responsible|intended|meant)\s+){1,4}(?:the\s+|a\s+|an\s+|all\s+)?",
    re.IGNORECASE,
)
_OPENING_NOUN = re.compile(
    r"^(?:(?:a|an|the|some|various|basic|simple|main|default|base)\s+)?"
    r"(?:set|collection|implementation|series|group|bunch|representation|definitions?|declarations?"
    r"|utilit(?:y|ies)|helpers?|functions?|methods?|routines?|class(?:es)?|tools?|module|interface"
    r"|wrapper|types?|stuff)\s+(?:functions?\s+|methods?\s+|class(?:es)?\s+)?"
    r"(?:of|for|to|around|that|which|containing|representing|with)\s+(?:(?:wrapping|handling|managing)\s+)?"
    r"(?:the\s+|a\s+|an\s+|all\s+)?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_BREAK = re.compile(
    r"[;:,(\u2013\u2014]|\s-{1,2}\s|\.\s|\s(?=(?:that|which|who|whose|when|where|while|so|because|but|if"
    r"|unless|such|using|allowing|including|returning|containing|providing|based|as)\s)"
)
_LISTED = re.compile(
    r"(?<![\w-])[\w'-]+(?:, [\w'-]+(?: [\w'-]+){0,3})*, [\w'-]+(?: [\w'-]+){0,3},? (?:and|or) "
)
_LIST_COMMA = "\x00"  # a comma that ends no clause
_LONGEST_LIST = 5 * _LONGEST  # a list is looked for at each of its words, and no longer one fits
_NEXT_CLAUSE = re.compile(rf"(?:,? and|,|{_LIST_COMMA}) (\w+)(?= (\w+)|)")
_AFTER_VERB = DETERMINERS | {"it", "them", "whoever", "back", "down", "off", "out", "up"}
_THAT_ONE = re.compile(r"\b(?:at|by|for|from|in|into|of|on|to|with) the \w+$")
#: Orders that say nothing without what was cut off: `Lets users` do what?
_HALVES = frozenset(
    [
        "allow",
        "cause",
        "decide",
        "enable",
        "ensure",
        "help",
        "let",
        "tell",
        "warn",
    ]
)
_ASKS = frozenset({"how", "what", "where", "whether", "which", "who", "why"})
_RELATES = frozenset({"that", "where", "which", "who", "whose"})
#: Orders that are complete with a thing (`Shows prices`), and not with a clause: `Shows users that ...`
_HALVES_OF_CLAUSE = frozenset({"check", "make", "show"})
_OPENS_CLAUSE = _ASKS | _RELATES | {"if", "it", "sure", "when"}
_SOFT_BREAK = re.compile(r"\s(?=(?:for|to)\s)")
_PREDICATE = re.compile(
    r"^((?:[\w./-]+ ){1,5}?)(?:provides?|offers?|allows?|lets?|helps?|enables?|gives?|makes?|is|are|was|contains?"
    r"|supports?|represents?|implements?|defines?|describes?|has|have|can|will|used to)\s"
)
_QUOTES = re.compile(r"(?<!\w)['\"\u2018\u201c]|['\"\u2019\u201d](?!\w)")
_IS = re.compile(
    r"(?:is|are|represents?|provides?|implements?|contains?|defines?|describes?)\s", re.IGNORECASE
)
_PRAISE = re.compile(
    r"^(?:(?:already|generally|simple|simply|basic|very|useful|specific|configured|lightweight|tiny|small"
    r"|fast|powerful|modern|minimal|generic|abstract|immutable|internal|reusable|convenient|high-level"
    r"|low-level)\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s+(?:class(?:es)?|objects?|module|functions?|methods?|routines|instances?|file"
    r"|implementation|functionality|suitable|used|intended|necessary|needed|easier|easy))+$",
    re.IGNORECASE,
)
_DANGLING = STOPS | {
    "a",
    "an",
    "the",
    "of",
    "for",
    "and",
    "or",
    "is",
    "are",
    "be",
    "this",
    "its",
    "how",
    "such",
    "not",
    "way",
    "as",
    "what",
    "who",
    "which",
    "whose",
    "them",
    "every",
    "each",
    "ones",
    "those",
    "sure",
}
_AFTER_NOUN = frozenset(
    [
        "about",
        "and",
        "at",
        "between",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "per",
        "that",
        "to",
        "which",
        "with",
    ]
)
_UNFIT = re.compile(
    r"^(?:this|these|those|that|it|here|there|because|part of|and\b|or\b|some|with|by|if|when|what|who|whether"
    r"|each|every|written (?:by|for|in)|based on)\b|^\w+ (?:is|are|was|were)\b|^\w+ (?:package|module|library|file|script|program)$|^[@!#\[]"
    r"|^(?:(?:external|internal|third.party|local|public|private|global|common|misc|other)\s)?(?:dependencies"
    r"|imports?|includes|exports|helpers|utilities|constants|globals|setup|stuff|declarations|definitions)$|[{}=<>|$\\^~]|::|\w\.(?!js\b|net\b)\w|\?|!$"
    r"|\bvery \w+$|\b(?:todo|fixme|deprecated|warning|note|bug|hack|xxx|please|we|i|you|your|we're|don't|isn't"
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


def headline_of(
    facts: CodeFacts, file_name: str, promise: str, known: KnownFile | None = None
) -> Headline:
    """Choose a headline; a comment on a single operation is never one.

    `promise` says what the file is worth, or is empty; it stands in when the file does not say itself
    what it is.
    """
    if known and not known.empty and facts.language not in _DESCRIBED:
        return Headline(known.title)
    if opening := _from_opening(facts):
        return opening
    if known:
        return Headline(known.title)
    main = _main_type(facts, file_name)
    if main and _is_whole(main, facts, file_name) and (text := title_from(main.doc, main.name)):
        return Headline(text, (main.first_line, main.last_line))
    return _from_names(facts, file_name, promise)


def _from_opening(facts: CodeFacts) -> Headline | None:
    if (top := _heading(facts)) and (text := _fit_heading(top.name)):
        return Headline(text, (top.first_line, top.last_line))
    if facts.doc and (text := title_from(facts.doc.text)):
        return Headline(text, (facts.doc.first_line, facts.doc.last_line))
    return None


def _from_names(facts: CodeFacts, file_name: str, promise: str) -> Headline:
    main, first = _main_type(facts, file_name), _operation(facts)
    parts = words_of_file(split_name(file_name))
    if not _is_bare(parts):
        return Headline(_titled(parts, promise))
    if main and not _is_bare(words(main.name)):
        return Headline(_titled(words(main.name), promise), (main.first_line, main.first_line))
    if first and not promise:
        return Headline(_titled(words(first.name), ""), (first.first_line, first.first_line))
    return Headline(_titled((), promise))


def _heading(facts: CodeFacts) -> Definition | None:
    """The heading that opens a document."""
    first = facts.definitions[0] if facts.definitions else None
    is_top = first and first.kind is Kind.HEADING and first.first_line <= _TOP_LINES
    return first if is_top else None


def _fit_heading(name: str) -> str:
    text = _QUOTES.sub("", without_markup(name))
    is_fit = _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and len(text) <= _LONGEST
    return capitalised(text) if is_fit and not _UNFIT.search(text) and _is_plain(text) else ""


def _is_plain(text: str) -> bool:
    """Whether somebody who does not write code knows the words."""
    return JARGON.isdisjoint(word.strip(".,:()").lower() for word in text.split())


def _operation(facts: CodeFacts) -> Definition | None:
    """The only operation of a file."""
    work = [one for one in facts.public if one.kind is Kind.FUNCTION]
    is_told = len(work) == 1 and len(words(work[0].name)) >= _FEWEST_WORDS
    return work[0] if is_told else None


def _is_whole(main: Definition, facts: CodeFacts, file_name: str) -> bool:
    """Whether a type is what the file is there for: its namesake, or the most of it."""
    named = "".join(words_of_file(split_name(file_name))).lower()
    is_namesake = "".join(words(main.name)).lower() == named
    return is_namesake or (main.last_line - main.first_line) * 2 > facts.size


def title_from(doc: str, name: str = "") -> str:
    """Make a title of the first sentence of a doc; empty when it makes none.

    A doc that repeats the name of what it stands above says what that is only after a verb such
    as `is`: `Router registers routes` makes no title, `Router is a table of routes` does.
    """
    whole = next(iter(sentences(doc)), "")
    if is_torn(whole):
        return ""
    first = _NAME_AND_DASH.sub("", _MODULE.sub("", _QUOTES.sub("", whole)))
    repeated = re.match(rf"(?:an?\s+|the\s+)?{re.escape(spoken(name))}\s+", first, re.IGNORECASE)
    if name and repeated:
        first = first[repeated.end() :]
        if not _IS.match(first):
            return ""
    text = _OPENING.sub("", first.rstrip("."))
    text = _ARTICLE.sub("", _OPENING_NOUN.sub("", _OPENING_NOUN.sub("", text))).strip()
    cut = _shortened(_PRAISE.sub("", text))
    bare = _TAIL.sub("", cut)
    text = _named_work(cut if _is_dangling(bare) else bare)
    is_fit = _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and not _UNFIT.search(cut)
    return capitalised(text) if is_fit and len(text) <= _LONGEST and _is_plain(text) else ""


def _without_second_verb(text: str) -> str:
    """`takes notices and proves that ...` is cut before the `and`, or a comma."""
    for found in _NEXT_CLAUSE.finditer(text):
        word = found[1].lower()
        verb = word if is_base_verb(word) else base_verb(word)
        is_deed = word.endswith("s") and (found[2] or "").lower() in _AFTER_VERB
        is_in_list = not found[0].lstrip(",").startswith(" and") and word == verb
        if is_deed or (verb not in ALSO_NOUNS | {""} and not is_in_list):
            return text[: found.start()]
    return text


def _named_work(text: str) -> str:
    """`Keeps the day's visits` reads as a note, `Keeping the day's visits` as a headline."""
    first, space, rest = text.partition(" ")
    base = base_verb(first.lower()) or (first.lower() if is_base_verb(first.lower()) else "")
    if not base or has_further_verb(rest):
        return text
    following = rest.split(" ", 1)[0]
    # `Builds` is hardly ever a noun before another one, `build` often is.
    is_noun = following in _AFTER_NOUN if first.lower() != base else following not in DETERMINERS
    if base in ALSO_NOUNS and is_noun and not is_plural(following):
        return text
    return f"{gerund(base)}{space}{rest}"


def _shortened(text: str) -> str:
    """Cut at the end of a clause; nothing when no part of a sensible length is complete."""
    whole = text
    head, tail = text[:_LONGEST_LIST], text[_LONGEST_LIST:]
    text = _LISTED.sub(lambda found: found[0].replace(",", _LIST_COMMA), head) + tail
    hard = _without_second_verb(_BREAK.split(text, maxsplit=1)[0].strip())
    if len(hard.split()) >= _FEWEST_WORDS:
        text = hard
    if (found := _PREDICATE.match(text)) and _is_subject(found[1]):
        text = found[1].strip()
    while len(text.split()) > _MOST_WORDS or len(text) > _LONGEST:
        soft = [hit.start() for hit in _SOFT_BREAK.finditer(text)]
        if not soft:
            return ""
        text = text[: soft[-1]].strip()
    text = text.replace(_LIST_COMMA, ",").rstrip(".,;:")
    is_torn_off = len(text) < len(whole) and _is_half(text, whole[len(text) :])
    return "" if _is_dangling(text) or is_torn_off else text


def _is_subject(text: str) -> bool:
    """Whether a sentence's verb follows: not that of a question in it, `which parts a shop has`."""
    return len(text.split()) >= _FEWEST_WORDS and _ASKS.isdisjoint(text.lower().split())


def _is_half(text: str, cut: str) -> bool:
    """Whether the start of a sentence waits for what was cut off: `decides which parts a warehouse`."""
    first, *rest = text.lower().split()
    base = base_verb(first) or first.removesuffix("s")
    if base in _HALVES or not _ASKS.isdisjoint(rest):
        return True
    following = cut.lower().strip(",;: ").partition(" ")[0]
    if base in _HALVES_OF_CLAUSE:
        return not _OPENS_CLAUSE.isdisjoint((*rest, following))
    goes_on = following in _RELATES or following.startswith("(")
    return goes_on and _THAT_ONE.search(text) is not None


def _is_dangling(text: str) -> bool:
    return text.rpartition(" ")[2].lower() in _DANGLING


def _main_type(facts: CodeFacts, file_name: str) -> Definition | None:
    """The public type that the file is named after, or the largest; the first one of equals."""
    types = [one for one in facts.public if one.kind in {Kind.TYPE, Kind.COMPONENT}]
    named = "".join(words_of_file(split_name(file_name))).lower()

    def rank(one: Definition) -> tuple[bool, int]:
        return "".join(words(one.name)).lower() == named, one.last_line - one.first_line

    return max(types, key=rank, default=None)


def _is_bare(parts: tuple[str, ...]) -> bool:
    return all(
        {part.lower(), singular(part.lower())} & (VAGUE | ROLES)
        or len(part) <= _FEWEST_LETTERS
        or (len(part) > _LONGEST_WORD and not is_sayable((part,)))
        for part in parts
    )


def _titled(parts: tuple[str, ...], promise: str) -> str:
    """Make a title of a name, of what the file is worth, or of both: `Dispatch board: visits ...`."""
    parts = tuple(part for part in parts if part.lower() not in PREFIXES) or parts
    while len(parts) > 1 and parts[-1].lower() in _DANGLING:
        parts = parts[:-1]
    title = capitalised(" ".join(parts))[:_LONGEST].rstrip()
    if not promise:
        return title if len(title) > _FEWEST_LETTERS else _NAMELESS
    both = f"{title}: {promise}"
    is_product = len(parts) >= _FEWEST_WORDS and is_sayable(parts) and not _is_bare(parts[-1:])
    is_apart = {stem(part) for part in parts}.isdisjoint(map(stem, promise.split()))
    return both if is_product and is_apart and len(both) <= _LONGEST else capitalised(promise)
