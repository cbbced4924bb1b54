"""What makes an understanding good, as far as rules can tell. Each score is from 0 to 1.

The rules know nothing of how the understanding was made, and share little with what makes it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from evals.cases import CodeCase, RoadmapCase
from storyloom.storyboard.code.names import base_verb
from storyloom.storyboard.english import an, stem
from storyloom.storyboard.schemas import Evidence, Understanding

TEXTS = (
    "what_it_does", "business_value", "who_benefits", "differentiator", "pain_point_addressed",
)  # fmt: skip
FIELDS = ("headline", *TEXTS)
_LIMITS = {"headline": 80, "what_it_does": 200}
_LONGEST = 175
_COPIED = 6  # words in a row
_ENOUGH = 2  # words of the label
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"\b\w*(?:[a-z][A-Z]|[^\W_]_[^\W_])\w*\b")
_PRODUCT = frozenset({"QuickBooks", "PostgreSQL", "JavaScript", "TypeScript", "GitHub"})
_OTHER_VERBS = frozenset(
    {
        "is", "are", "was", "will", "can", "has", "have", "do", "does", "may", "must", "need",
        "needs", "want", "wants", "know", "knows", "answer", "answers", "work", "works", "see",
        "sees", "stay", "stays", "use", "uses", "cost", "retype", "retypes", "come", "comes", "go", "goes", "pay", "pays",
    }
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: Talk of the code itself, or of how it is made, which is nothing to those who look at a board.
_CODE_TALK = re.compile(
    r"\blines? of code\b|\b(?:short|one|this) file\b|\bfits in\b|\bone sitting\b|\bthird-party package\b"
    r"|\b(?:functions?|methods?|class(?:es)?|modules?|wrappers?|handlers?|controllers?|util(?:s|ities)?|init|config"
    r"|metadata|execution count|struct|enum|boolean|strings?|endpoints?|middleware|runtime)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\bv?\d+(?:\.\d+)+\b|\bv\d+\b|\b\d+$", re.IGNORECASE)
_STRAY = re.compile(r"(?<![\w'.-])(?![AaI]\b)[A-Za-z](?![\w'.-])")
_SHORT_ROW = 6  # words in a row that two fields have alike
_COUNT = re.compile(r"(?<![$€£\d.,])(\d{1,4}) (?!percent|times|dollars)[a-z]+")


def score_code(made: Understanding, case: CodeCase) -> dict[str, float]:
    """Score an understanding of a code file."""
    lines = case.text.splitlines()
    texts, copied = _texts(made), _runs(case.text)
    return {
        "specific": _specific(made, case.words),
        "grammatical": _share(_is_grammatical, texts),
        "own": _share(lambda _, text: _runs(text).isdisjoint(copied), texts),
        "plain": 0.0 if case.brief.audience.key == "c_suite" and _names(made, case) else 1.0,
        "length": _share(_fits, texts),
        "evidence": _evidence(made, lambda one: _is_in_lines(one, lines)),
        "true": _true(made, case.text),
        "borne": _share(lambda _, text: not _has_any(text, case.strange), texts),
        "business": _share(lambda _, text: not _CODE_TALK.search(text), texts),
        "named": float(not _VERSION.search(made.headline) and not _STRAY.search(made.headline)),
        "distinct": _distinct(made),
    }


def score_variety(made: Understanding, others: Sequence[Understanding]) -> float:
    """How many of the four claims have other words for each other audience and stage."""
    pairs = [(getattr(made, field), getattr(one, field)) for one in others for field in TEXTS[1:]]
    return sum(mine != theirs for mine, theirs in pairs) / len(pairs)


def score_roadmap(
    made: Understanding, case: RoadmapCase, size: tuple[int, int]
) -> dict[str, float]:
    """Score an understanding of a roadmap; `size` is the picture's width and height."""
    texts = _texts(made)
    told = " ".join(texts.values()).lower()
    return {
        "specific": _specific(made, case.words),
        "grammatical": _share(_is_grammatical, texts),
        "own": float(len(set(texts.values())) == len(texts)),
        "plain": float(not any(secret in told for secret in case.secrets)),
        "length": _share(_fits, texts),
        "evidence": _evidence(made, lambda one: _is_in_picture(one, size)),
        "true": float(not _NUMBER.search(told)),
    }


def _texts(made: Understanding) -> dict[str, str]:
    return {name: getattr(made, name) for name in FIELDS}


def _distinct(made: Understanding) -> float:
    """The share of fields that say nothing which another one says as well."""
    rows = {name: _runs(text, _SHORT_ROW) for name, text in _texts(made).items()}
    return _share(
        lambda name, _: all(rows[name].isdisjoint(rows[one]) for one in rows if one != name),
        _texts(made),
    )


def _specific(made: Understanding, words: Sequence[str]) -> float:
    """Whether headline and summary name what the source is about."""
    said = {stem(word) for word in _WORD.findall(f"{made.headline} {made.what_it_does}")}
    named = sum({stem(part) for part in word.split()} <= said for word in words)
    return min(1.0, named / _ENOUGH)


def _has_any(text: str, strange: Sequence[str]) -> bool:
    said = {stem(word) for word in _WORD.findall(text)}
    return any({stem(part) for part in word.split()} <= said for word in strange)


def _share(rule: Callable[[str, str], bool], texts: Mapping[str, str]) -> float:
    return sum(rule(name, text) for name, text in texts.items()) / len(texts)


def _is_grammatical(name: str, text: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    ends = not text.endswith(".") if name == "headline" else text.endswith((".", "!", "?"))
    doubled = any(one == two and len(one) > 1 for one, two in pairwise(words))
    return (
        ends
        and text[:1].isupper()
        and not doubled
        and not re.search(r"\s{2,}|\s[,.;]|[{}\[\]<>|`*]", text)
        and not _wrong_articles(text)
        and (name == "headline" or any(map(_is_verb, words)))
    )


def _is_verb(word: str) -> bool:
    return word in _OTHER_VERBS or bool(base_verb(word)) or base_verb(f"{word}s") == word


def _wrong_articles(text: str) -> bool:
    found = re.finditer(r"\b([Aa]n?) (\w+)", text)
    return any(an(one[2]).partition(" ")[0] != one[1].lower() for one in found)


def _runs(text: str, length: int = _COPIED) -> set[tuple[str, ...]]:
    """Rows of words that nobody writes twice by chance."""
    words = [word.lower() for word in _WORD.findall(text)]
    return set(zip(*(words[start:] for start in range(length)), strict=False))


def _names(made: Understanding, case: CodeCase) -> bool:
    named = set(_NAME.findall(" ".join(_texts(made).values()))) - _PRODUCT
    return bool(named & set(_NAME.findall(case.text)))


def _fits(name: str, text: str) -> bool:
    return 0 < len(text) <= _LIMITS.get(name, _LONGEST)


def _evidence(made: Understanding, is_there: Callable[[Evidence], bool]) -> float:
    """Whether the summary has evidence, and all evidence leads somewhere."""
    if not any(one.field == "what_it_does" for one in made.evidence):
        return 0.0
    return sum(map(is_there, made.evidence)) / len(made.evidence)


def _is_in_lines(one: Evidence, lines: Sequence[str]) -> bool:
    first, last = one.first_line or 0, one.last_line or 0
    return 1 <= first <= last <= len(lines) and any(map(str.strip, lines[first - 1 : last]))


def _is_in_picture(one: Evidence, size: tuple[int, int]) -> bool:
    if one.box is None:
        return False
    left, top, right, bottom = one.box
    return 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]


def _true(made: Understanding, source: str) -> float:
    """Whether every number stands in the source, or counts no more than the source has lines."""
    told = " ".join(_texts(made).values())
    most = len(source.splitlines())
    counts = {found for found in _COUNT.findall(told) if int(found) <= most}
    return float(
        all(
            number in counts or number in source or number.replace(",", "_") in source
            for number in _NUMBER.findall(told)
        )
    )
