"""What a file's own opening words say that it does, as one sentence in the present tense."""

import re

from storyloom.storyboard.code.names import ALSO_NOUNS, DETERMINERS, base_verb, is_base_verb
from storyloom.storyboard.code.prose import sentences
from storyloom.storyboard.english import is_plural, sentence, third_person

_LONGEST = 200
_FEWEST_WORDS = 4
_MOST_WORDS = 32
_ASIDE = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_QUOTES = re.compile(r"(?<!\w)['\"\u2018\u201c]|['\"\u2019\u201d](?!\w)")
_THIS = re.compile(
    r"^(?:this|the|our|an?)\s+(?:[\w-]+\s+){0,2}?(?:module|file|package|script|class|library|program"
    r"|header|crate|component|interface|plugin|tool|handler|function)\s+(?=[a-z]+s\s)(?!is\s|was\s|has\s)",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"^(?:[A-Z][\w/-]*|An?|The)(?: [\w/-]+){0,5}? (?:is|are|provides|offers|helps|lets|gives|makes"
    r"|keeps|reads|allows|enables|runs|holds|stores|handles|represents|supports) \w",
)
_SAYS = frozenset(
    [
        "provides",
        "implements",
        "contains",
        "supports",
        "represents",
        "defines",
        "exposes",
        "wraps",
        "gives",
        "holds",
        "offers",
        "allows",
        "lets",
        "helps",
        "makes",
        "keeps",
        "enables",
        "serves",
    ]
)
_UNFIT = re.compile(
    r"^(?:this|these|that|it|there|here|if|when|what|who|whether|how|each|every|note|example|part|for|in|on)\b|[{}=<>|$\\^~#@\[\]()\"]|::|->|\w\.(?!js\b|net\b)\w"
    r"|[!?:;]|\b(?:todo|fixme|deprecated|warning|note|bug|hack|xxx|please|we|i|you|your|don't|isn't|cannot|can't"
    r"|below|above|following|see|returns?|param|copyright|licen[cs]ed?|void|null|undefined|should|must"
    r"|etc|e\.g|i\.e|aka|subclass(?:es)?|superclass|instance|callback|struct|const|enum|namespace|import"
    r"|stuff|default values?|private|undocumented|do not|function pointer)\b",
    re.IGNORECASE,
)
_TORN = re.compile(
    r"[a-z]+ing\b|(?:because|and|or|but|so|then|else|also|with|which|that|if|when)\b"
)
_LIST = re.compile(r"^([A-Za-z]+)((?:(?:, |/)[a-z]+){0,3}?)((?:,? and |/)([a-z]+))? (?=\S)")
_AND_VERB = re.compile(r"(?:,|\band|\bor|\bthen) (?:then )?([a-z]+)\b")


def sentence_from(doc: str, *, is_prose: bool = False) -> str:
    """Take the first sentence of a doc if it says what is done; nothing when it does not.

    Of prose that people read, any whole sentence will do.
    """
    first = next(iter(sentences(doc)), "")
    if is_torn(first):
        return ""
    text = _QUOTES.sub("", _ASIDE.sub("", first)).strip()
    if is_prose and text.endswith("."):
        return _fit(text)
    opened = _THIS.sub("", text)
    said = _present(opened) if opened == text else opened[:1].upper() + opened[1:]
    return _fit(said)


def _fit(said: str) -> str:
    is_fit = _FEWEST_WORDS <= len(said.split()) <= _MOST_WORDS and not _UNFIT.search(said)
    return sentence(said) if is_fit and len(said) <= _LONGEST else ""


def is_torn(text: str) -> bool:
    """Whether a text goes on from somewhere else: `adopting a protocol here is by design`."""
    return _TORN.match(text) is not None


def _present(text: str) -> str:
    """Put an order into the present tense; a sentence that has a verb of its own stays."""
    head, _, rest = text.partition(" ")
    lower = head.lower().rstrip(",")
    if lower in _SAYS or (base_verb(lower) and not _is_noun(base_verb(lower), rest)):
        return text
    hit = _LIST.match(text)
    if hit and _is_order(lower.split("/")[0], hit[4] or "", text[hit.end() :]):
        return _conjugated(hit, text[hit.end() :])
    return text if _FINITE.match(text) else ""


def _is_noun(verb: str, rest: str) -> bool:
    """Tell `Reports late visits` from `Reports for the office`."""
    following = rest.split(" ", 1)[0].strip(",").lower()
    return verb in ALSO_NOUNS and following not in DETERMINERS and not is_plural(following)


def _is_order(verb: str, second: str, rest: str) -> bool:
    if not is_base_verb(verb) or (second and not is_base_verb(second)) or _is_noun(verb, rest):
        return False
    return not has_further_verb(rest)


def has_further_verb(rest: str) -> bool:
    """Whether a text goes on with a second order: `and print the totals`."""
    others = _AND_VERB.findall(rest)
    return any(is_base_verb(word) and word not in ALSO_NOUNS for word in others)


def _conjugated(hit: re.Match[str], rest: str) -> str:
    verbs = re.sub(r"/", " and " if not hit[2] else ", ", f"{hit[1]}{hit[2]}{hit[3] or ''}")
    told = re.sub(
        r"[A-Za-z]+", lambda one: one[0] if one[0] == "and" else third_person(one[0]), verbs
    )
    return f"{told} {rest}"
