"""Numbers in claims, and whether the source backs them.

A number has to stand in the source, and on a line that speaks of the same: an amount of money where
there is talk of money, a percentage where there is talk of shares. `30` seconds do not back `30%`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self


class Sort(StrEnum):
    """What a number counts."""

    PLAIN = "plain"
    MONEY = "money"
    PERCENT = "percent"
    FACTOR = "factor"


_HINTS: Mapping[Sort, re.Pattern[str]] = {
    Sort.MONEY: re.compile(
        r"[$€£¥]|\b(?:usd|eur|gbp)\b|dollar|euro|price|cost|fee|amount|budget|salary|wage|revenue"
        r"|total|pay|cents?\b|rate|spend|charge|value"
    ),
    Sort.PERCENT: re.compile(
        r"%|percent|pct|rate|ratio|share|margin|discount|tax|portion|fraction"
    ),
    Sort.FACTOR: re.compile(r"\dx\b|\u00d7|\*|times|factor|multipli|multiply|fold"),
}
_MAGNITUDES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mio": 10**6, "million": 10**6, "bn": 10**9,
    "b": 10**9, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
_CLAIM = re.compile(
    r"(?P<money>[$€£¥]\s?)?(?P<digits>\d+(?:[.,'\u00a0\u202f]\d+)*)"
    r"(?:\s?(?P<magnitude>k|thousand|mio|million|m|bn|billion|b|trillion)\b)?"
    r"(?:\s?(?P<unit>%|percent\b|per cent\b|x\b|\u00d7|times\b|-?fold\b))?"
    r"(?:\s?(?P<currency>dollars?|euros?|usd|eur|gbp)\b)?",
    re.IGNORECASE,
)
_NUMBER_WORDS = {
    word: Decimal(value)
    for word, value in {
        "zero": 0, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
        "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
        "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90, "hundred": 100, "dozen": 12,
    }.items()
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b(?!-\w)", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\b(?:half|halves?|halved|halving|doubl(?:es?|ed|ing)(?!\W?(?:entr|check|book|handl))|tripl\w+"
    r"|quadrupl\w+|twice|thrice|dozens|hundreds|thousands|millions|billions|\w+fold)\b",
    re.IGNORECASE,
)
_IN_SOURCE = re.compile(r"\d+(?:[_,.'\u202f]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:([,.'\u00a0\u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_LONGEST = 30  # digits; a longer row of them is no number that anybody claims


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a text: all of them, and those on lines that speak of each sort."""

    text: str  #: in lower case
    by_sort: Mapping[Sort, frozenset[Decimal]]

    @classmethod
    def of(cls, text: str) -> Self:
        """Find them all."""
        plain = unicodedata.normalize("NFKC", text).lower()
        found: dict[Sort, set[Decimal]] = {sort: set() for sort in Sort}
        for line in plain.splitlines():
            values = {value for token in _IN_SOURCE.findall(line) for value in _all_values(token)}
            if values:
                found[Sort.PLAIN] |= values
                for sort, hint in _HINTS.items():
                    if hint.search(line):
                        found[sort] |= values
        return cls(plain, {sort: frozenset(values) for sort, values in found.items()})

    def missing(self, claim: str, *, in_words: bool = True) -> tuple[str, ...]:
        """The numbers of a claim that stand nowhere here; `in_words`: also English words."""
        text = unicodedata.normalize("NFKC", claim)
        return tuple(
            dict.fromkeys([*self._missing_digits(text), *self._missing_words(text, in_words)])
        )

    def _missing_digits(self, text: str) -> Iterator[str]:
        for found in _CLAIM.finditer(text):
            if not self._backs(found):
                yield found[0].strip()

    def _missing_words(self, text: str, in_words: bool) -> Iterator[str]:  # noqa: FBT001
        if not in_words:
            return
        for found in _NUMBER_WORD.finditer(text):
            word = found[0].lower()
            if _NUMBER_WORDS[word] not in self.by_sort[Sort.PLAIN] and not self._says(word):
                yield found[0]
        for found in _AMOUNT.finditer(text):
            if not self._says(found[0].lower()):
                yield found[0]

    def _says(self, word: str) -> bool:
        return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", self.text) is not None

    def _holds(self, digits: str) -> bool:
        """Whether it stands there as it is written, as a version may."""
        return re.search(rf"(?<![\d.,_]){re.escape(digits)}(?![\d_]|[.,]\d)", self.text) is not None

    def _backs(self, found: re.Match[str]) -> bool:
        values, sort = _values(found["digits"]), _sort(found)
        magnitude = (found["magnitude"] or "").lower()
        if magnitude:
            spelled = f"{found['digits']} ?{magnitude}"
            if re.search(rf"(?<!\d){spelled}(?![a-z])", self.text):
                return True
            values = {value * _MAGNITUDES[magnitude] for value in values}
        if values & self.by_sort[sort] or (sort is Sort.PLAIN and self._holds(found["digits"])):
            return True
        shares = {value / 100 for value in values}
        return sort is Sort.PERCENT and bool(shares & self.by_sort[Sort.PLAIN])


def _sort(found: re.Match[str]) -> Sort:
    unit = (found["unit"] or "").lower()
    if unit in {"%", "percent", "per cent"}:
        return Sort.PERCENT
    if found["money"] or found["currency"]:
        return Sort.MONEY
    return Sort.FACTOR if unit else Sort.PLAIN


def _all_values(token: str) -> set[Decimal]:
    """Read a row of digits as one number, and with commas as several: `30,40` may be a list."""
    parts = {value for part in token.split(",") for value in _values(part)}
    return parts | _values(token)


def _values(digits: str) -> set[Decimal]:
    """Read one number: `1,200` is a thousand and more, `1.200` may be that as well."""
    if not _fits(digits):
        return set()
    values: set[Decimal] = set()
    if re.fullmatch(r"\d+(?:_\d+)+", digits):
        values.add(Decimal(digits.replace("_", "")))
    elif _GROUPED.fullmatch(digits):
        values.add(_decimal(re.sub(r"[^\d](?=\d{3}(?:\D|$))", "", digits)))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", digits):
        values.add(_decimal(digits))
    return values


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "."))


def _fits(digits: str) -> bool:
    return 0 < len(digits) <= _LONGEST
