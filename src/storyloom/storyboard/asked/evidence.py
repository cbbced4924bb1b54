"""An answer held against the source: what stands, what is left out, and what is complained of.

A sentence with something wrong in it is left out, and the result says so. A field of which nothing
is left is a complaint, as is one that is too long: then the model is asked again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storyloom.boards.text import guess_language
from storyloom.storyboard.asked.faults import Bounds, Fault, first_fault
from storyloom.storyboard.asked.grounds import Grounds, stems_of
from storyloom.storyboard.asked.schemas import (
    FIELDS,
    LIMITS,
    WHOLE,
    BoxCitation,
    LineCitation,
    SevenFields,
)
from storyloom.storyboard.asked.tidying import fitting_icon, headline_tidied, sentences_tidied
from storyloom.storyboard.schemas import Evidence

_HEADLINE = "headline"
_WHAT = "what_it_does"
_MOST = 6  # citations per field; a reader checks a few places
_FEWEST_WORDS = {_HEADLINE: 2}
_FEW_WORDS = 4
_FEWEST_LETTERS = 4  # where words are not set apart
_COMMON = 4  # letters of a word that may tell something
_UNSPACED = frozenset({"zh", "ja", "th"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault, and the field that it is in."""

    field: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer after it was held against the source. With complaints, it is of no use."""

    fields: Mapping[str, str]  #: the texts that stand, and the icon
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()  #: what was left out, one sentence each
    complaints: tuple[Complaint, ...] = ()
    found_headline: str = ""  #: the answer's own, where another one was wished and it can stand
    stand_in: str = ""  #: says which model answered in place of the wanted one, where one did


def judged(answer: SevenFields, bounds: Bounds, *, language: str, headline: str | None) -> Judged:
    """Hold the fields against the source. A wished `headline` is the caller's own word."""
    fields: dict[str, str] = {}
    notes: list[str] = []
    complaints: list[Complaint] = []
    for name in FIELDS:
        if name == _HEADLINE and headline is not None:
            fields[name] = headline
            continue
        kept, faults = _kept(name, getattr(answer, name), bounds)
        fields[name] = kept
        fault = _of_whole(name, kept, language) if kept else (*faults, _EMPTY)[0]
        if fault:
            complaints.append(Complaint(name, fault))
        else:
            notes += [f"A sentence of {name} was left out: it held {f.noted}." for f in faults]
    complaints += _together(fields, bounds, language, headline)
    fields["suggested_icon"] = fitting_icon(
        answer.suggested_icon,
        fields[_HEADLINE],
        fields[_WHAT],
        is_steered=bool(bounds.grounds.addressed),
    )
    return Judged(
        fields,
        notes=tuple(dict.fromkeys(notes)),
        complaints=tuple(complaints),
        found_headline="" if headline is None else _found_headline(answer, bounds, language),
    )


_EMPTY = Fault("is empty", "nothing at all")


def _kept(name: str, text: str, bounds: Bounds) -> tuple[str, list[Fault]]:
    sentences = [headline_tidied(text)] if name == _HEADLINE else sentences_tidied(text)
    kept: list[str] = []
    faults: list[Fault] = []
    for one in filter(None, sentences):
        fault = first_fault(one, bounds)
        if fault:
            faults.append(fault)
        else:
            kept.append(one)
    return " ".join(kept), faults


def _found_headline(answer: SevenFields, bounds: Bounds, language: str) -> str:
    """The answer's headline, for the day that the wished one is taken back; empty if it cannot stand."""
    kept, faults = _kept(_HEADLINE, answer.headline, bounds)
    stands = kept and not faults and _of_whole(_HEADLINE, kept, language) is None
    return kept if stands else ""


def _of_whole(name: str, text: str, language: str) -> Fault | None:
    if len(text) > LIMITS[name]:
        return Fault(
            f"has {len(text)} characters; at most {LIMITS[name]} are allowed", "too many characters"
        )
    if language in _UNSPACED:
        is_short = len(text) < _FEWEST_LETTERS
    else:
        is_short = len(text.split()) < _FEWEST_WORDS.get(name, _FEW_WORDS)
    return Fault("is no whole phrase", "next to nothing") if is_short else None


def _together(
    fields: Mapping[str, str], bounds: Bounds, language: str, headline: str | None
) -> Iterator[Complaint]:
    """What is wrong with the fields as one text."""
    own = [text for name, text in fields.items() if text and not (headline and name == _HEADLINE)]
    if (guessed := guess_language(" ".join(own), default=language)) != language:
        told = f"is written in the language {guessed!r} instead of {language!r}"
        yield Complaint(_WHAT, Fault(told, "another language than the one that was asked for"))
    if len({re.sub(r"\W", "", text.casefold()) for text in own}) < len(own):
        yield Complaint(_WHAT, Fault("is the same as another field", "the same as another field"))
    if bounds.is_english and not _is_about(fields, bounds.grounds):
        told = "shares no word with the source; describe what the source is about"
        yield Complaint(_WHAT, Fault(told, "nothing of what the source is about"))


def _is_about(fields: Mapping[str, str], grounds: Grounds) -> bool:
    """Whether an answer speaks of the source, where something in it tries to steer the reader."""
    if not grounds.addressed:
        return True
    words = re.findall(rf"[^\W\d_]{{{_COMMON},}}", f"{fields[_HEADLINE]} {fields[_WHAT]}")
    return bool(stems_of(" ".join(words)) & grounds.stems)


def cited_lines(citations: Iterable[LineCitation], grounds: Grounds) -> Judged:
    """Keep the citations whose lines exist; complain of fields that cite none of them."""
    rows = [
        (one.field, Evidence(field=one.field, first_line=one.first_line, last_line=one.last_line))
        if grounds.holds(one.first_line, one.last_line)
        else (one.field, None)
        for one in citations
    ]
    return _cited(rows, "lines")


def cited_boxes(citations: Iterable[BoxCitation], size: tuple[int, int]) -> Judged:
    """Keep the citations that lie in the picture, in pixels; `size` is width and height."""
    return _cited([(one.field, _box(one, size)) for one in citations], "places")


def _box(one: BoxCitation, size: tuple[int, int]) -> Evidence | None:
    if not (0 <= one.left < one.right <= WHOLE and 0 <= one.top < one.bottom <= WHOLE):
        return None
    width, height = size
    left, top = one.left * width // WHOLE, one.top * height // WHOLE
    right = max(left + 1, -(-one.right * width // WHOLE))
    bottom = max(top + 1, -(-one.bottom * height // WHOLE))
    return Evidence(field=one.field, box=(left, top, right, bottom))


def _cited(rows: Sequence[tuple[str, Evidence | None]], what: str) -> Judged:
    by_field: dict[str, list[Evidence]] = {name: [] for name in FIELDS}
    astray: dict[str, None] = {}
    for name, evidence in rows:
        if name not in by_field:
            continue
        if evidence is None:
            astray[name] = None
        elif evidence not in by_field[name] and len(by_field[name]) < _MOST:
            by_field[name].append(evidence)
    complaints = [
        Complaint(name, Fault(f"cites {what} that do not exist", f"{what} that do not exist"))
        for name in astray
        if not by_field[name]
    ]
    if not by_field[_WHAT] and _WHAT not in astray:
        told = f"cites no {what}; give the {what} behind it"
        complaints.append(Complaint(_WHAT, Fault(told, "no evidence")))
    notes = [
        f"Some {what} cited for {name} do not exist, and were left out."
        for name in astray
        if by_field[name]
    ]
    evidence = tuple(one for found in by_field.values() for one in found)
    return Judged({}, evidence, tuple(notes), tuple(complaints))
