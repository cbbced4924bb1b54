"""What software does for a business: a closed catalogue, found in words and put into words.

    found = capabilities_in(["Automated invoice reminders", "Overdue payments by customer"])
    found[0].capability.name    # "billing and payments"
    found[0].capability.icon    # "invoice", a Phosphor icon
    found[0].score              # best first; () when no word is known

    claims(found[0].capability, brief, subject="invoice reminders").business_value
    # "It will shorten the way from finished work to cash, with invoice reminders handled by ..."

Each capability is one TOML file in `data/capabilities`; the file's name is its key. A phrase is
text with two kinds of mark: `{subject}` and the profile's words (`{crew}`, `{clients}`, ...) are
filled in, and `[verbs]` follow the stage's tense. A subject is always made plural, so that the verbs
around it are right.
"""

import itertools
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storyloom.errors import Misconfigured
from storyloom.storyboard.english import an, conjugated, plain, plural, sentence, stem
from storyloom.storyboard.presets import PACKAGED, Brief, IcpPreset

NEUTRAL = "neutral"
GENERAL = "general"  #: the capability of a source that names things, and no capability
PROSE = "prose"  #: that of a text which is about no capability
STORAGE = "storage"  #: that of tables, whatever is kept in them
UNKNOWN = "unknown"  #: that of a source which names nothing
LONGEST = 160  #: characters that a panel shows in large type
WEIGHTS: Mapping[str, float] = MappingProxyType({"strong": 3.0, "usual": 1.5, "weak": 0.5})
#: What the slots say when an operator's profile leaves them out.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "company": "company",
        "companies": "companies",
        "trade": "business",
        "crew": "teams",
        "clients": "customers",
        "client": "customer",
        "jobs": "jobs",
        "systems": "the systems your teams use",
    }
)
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]{2,}|[A-Za-z]")
_SLOT = re.compile(r"(\ba )?\{(\w+)\}")
_NO_NOUNS = frozenset({"not", "them"})  # their stems are those of `note` and `theme`
_LONGEST_TEXT = 20_000  # words; a screenshot or a file's names have far fewer
_FRAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "gain": {
            "future": "It will {base}",
            "demonstrated": "See in the demo how it {third}",
            "present": "It now {third}",
        },
        "pain": {
            "future": "Today, {base}",
            "demonstrated": "The demo starts where it hurts: {base}",
            "present": "Now a thing of the past: {base}",
        },
        "who": {
            "future": "First in line: {people} in {trade} who {base}",
            "demonstrated": "Worth a look for {people} in {trade} who {base}",
            "present": "Ready today for {people} in {trade} who {base}",
        },
        "difference": {
            "future": "Built in from the start: {base}",
            "demonstrated": "Behind the demo: {base}",
            "present": "In place today: {base}",
        },
    }
)


class Capability(BaseModel):
    """One thing that software does for a business, and how to say so.

    `headline`, `gain`, `pain`, `who` and `difference` hold a phrase per audience key, and one for
    `neutral`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9_]{1,64}$")
    name: str = Field(description="A plain noun phrase: `billing and payments`")
    icon: str = Field(description="A Phosphor icon's name")
    subject: str = Field(description="What the phrases speak of when the source names nothing")
    does: str = Field(description="What it does with `{subject}`, when no name tells more")
    business: bool = Field(
        default=False, description="Its words name things that any business deals with"
    )
    narrow: bool = Field(
        default=False, description="Its phrases make sense about its own things only"
    )
    broad: bool = Field(default=False, description="Its phrases make sense about anything")
    things: tuple[str, ...] = Field(
        default=(), description="What its phrases may speak of, when not all of its lexicon"
    )
    lexicon: Mapping[str, tuple[str, ...]]
    headline: Mapping[str, str]
    gain: Mapping[str, str]
    pain: Mapping[str, str]
    who: Mapping[str, str]
    difference: Mapping[str, str]

    def phrase(self, kind: str, audience: str) -> str:
        """Give the marked phrase of a kind for an audience, or the neutral one."""
        phrases: Mapping[str, str] = getattr(self, kind)
        return phrases.get(audience) or phrases[NEUTRAL]


@dataclass(frozen=True, slots=True)
class Found:
    """A capability found in some words, how clearly, and the words that tell."""

    capability: Capability
    score: float
    terms: tuple[str, ...]
    is_clear: bool = True  #: a term that says it outright was among them


@dataclass(frozen=True, slots=True)
class Claims:
    """The four sentences about worth."""

    business_value: str
    who_benefits: str
    differentiator: str
    pain_point_addressed: str


class Capabilities:
    """The catalogue, ready to search."""

    def __init__(self, all_of_them: Sequence[Capability]) -> None:
        """Index the lexicons by stemmed term."""
        self.by_key = {one.key: one for one in all_of_them}
        self._index: dict[str, list[tuple[Capability, float]]] = {}
        self._business: set[str] = set()
        self._things = {one.key: {stem(thing) for thing in one.things} for one in all_of_them}
        for one in all_of_them:
            for strength, terms in one.lexicon.items():
                if one.business and strength != "weak":
                    self._business.update(map(_stemmed, terms))
                if not (one.things or one.narrow):
                    self._things[one.key].update(map(_stemmed, terms))
                for term in terms:
                    self._index.setdefault(_stemmed(term), []).append((one, WEIGHTS[strength]))

    @classmethod
    @cache
    def packaged(cls) -> "Capabilities":
        """Read the package's catalogue, once."""
        return cls.load(PACKAGED / "capabilities")

    @classmethod
    def load(cls, folder: Path) -> "Capabilities":
        """Read a folder of TOML files; raises `Misconfigured`."""
        found: list[Capability] = []
        for file in sorted(folder.glob("*.toml")):
            try:
                data = tomllib.loads(file.read_text("utf-8"))
                found.append(Capability.model_validate({**data, "key": file.stem}))
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as fault:
                raise Misconfigured(
                    f"The capability file {file} cannot be read: {fault}"
                ) from fault
        return cls(found)

    def found_in(self, weighted: Mapping[str, float]) -> tuple[Found, ...]:
        """Rank the capabilities that the texts speak of, best first; each text has a weight."""
        counted: dict[str, float] = {}
        for text, weight in weighted.items():
            for term in _terms(text):
                counted[term] = counted.get(term, 0.0) + weight
        scores: dict[str, float] = {}
        told: dict[str, list[str]] = {}
        clear: set[str] = set()
        for term, weight in counted.items():
            for capability, strength in self._index.get(term, ()):
                key = capability.key
                scores[key] = scores.get(key, 0.0) + strength * math.log2(1 + weight)
                told.setdefault(key, []).append(term)
                if strength == WEIGHTS["strong"]:
                    clear.add(key)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            Found(self.by_key[key], score, tuple(told[key]), key in clear) for key, score in ranked
        )

    def named_in(self, texts: Iterable[str]) -> frozenset[str]:
        """Give the keys of the capabilities that a strong term in some texts names outright."""
        return frozenset(
            capability.key
            for text in texts
            for term in _terms(text)
            for capability, strength in self._index.get(term, ())
            if strength == WEIGHTS["strong"]
        )

    def telling_in(self, text: str, capability: Capability) -> Iterator[str]:
        """Give the terms of a text that tell of a capability, and not only weakly."""
        for term in _terms(text):
            for one, strength in self._index.get(term, ()):
                if one.key == capability.key and strength > WEIGHTS["weak"]:
                    yield term

    def fits(self, thing: str, capability: Capability) -> bool:
        """Whether a capability's phrases make sense about a thing, named by one word."""
        term = stem(thing)
        if capability.broad or term in self._things[capability.key]:
            return True
        return not capability.narrow and term in self._business

    def knows(self, word: str) -> bool:
        """Whether a word is in any lexicon."""
        return stem(word) in self._index


def capabilities_in(texts: Iterable[str]) -> tuple[Found, ...]:
    """Rank the packaged capabilities that the texts speak of, best first."""
    return Capabilities.packaged().found_in(Counter(texts))


def claims(capability: Capability, brief: Brief, subject: str = "") -> Claims:
    """Say the four sentences about worth for a brief; the subject is a noun phrase in mid-sentence."""
    audiences = (brief.audience.key, NEUTRAL)

    def said(kind: str) -> str:
        tried = [
            (framed(kind, capability.phrase(kind, audience), brief, {"subject": one}), one)
            for audience in audiences
            for one in _subjects(capability, subject)
        ]
        fitting = [text for text, one in tried if len(text) <= LONGEST and not _stutters(text, one)]
        return next(iter(fitting), min((text for text, _ in tried), key=len))

    return Claims(
        business_value=said("gain"),
        who_benefits=said("who"),
        differentiator=said("difference"),
        pain_point_addressed=said("pain"),
    )


def promise(capability: Capability, brief: Brief, subject: str = "") -> str:
    """Say in a headline's few words what the capability is worth to the brief's audience."""
    phrase, words = capability.phrase("headline", brief.audience.key), words_of(brief.icp)
    return filled(phrase, {**words, "subject": _subjects(capability, subject)[0]})


def does(capability: Capability, subject: str = "") -> str:
    """Say no more of what is done than that the capability was found."""
    return sentence(filled(capability.does, {"subject": _subjects(capability, subject)[0]}))


def _subjects(capability: Capability, subject: str) -> list[str]:
    return [plural(subject), capability.subject] if subject else [capability.subject]


def _stutters(text: str, subject: str) -> bool:
    """Whether a phrase has the subject's noun of its own: `customers leave when customers wait`."""
    return len(re.findall(rf"\b{re.escape(subject)}\b", text, re.IGNORECASE)) > 1


def framed(kind: str, phrase: str, brief: Brief, slots: Mapping[str, str]) -> str:
    """Put a marked phrase into its stage's frame, and fill every slot."""
    frame = _FRAMES[kind][brief.stage.tense]
    whole = frame.replace("{base}", plain(phrase)).replace("{third}", conjugated(phrase))
    return sentence(
        filled(whole, {**words_of(brief.icp), "people": brief.audience.people, **slots})
    )


def filled(text: str, slots: Mapping[str, str]) -> str:
    """Fill the slots in one pass, so that a slot's own braces stay text; `a {slot}` may be `an`."""

    def fill(found: re.Match[str]) -> str:
        value = slots.get(found[2], "")
        return an(value) if found[1] else value

    return _SLOT.sub(fill, text)


def words_of(icp: IcpPreset) -> dict[str, str]:
    """Give the profile's words for every slot."""
    return {**WORDS, **icp.words}


def _stemmed(term: str) -> str:
    return " ".join(stem(word) for word in term.split())


def _terms(text: str) -> Iterable[str]:
    found = _WORD.findall(text)[:_LONGEST_TEXT]
    stems = [stem(word) for word in found if word.lower() not in _NO_NOUNS]
    yield from stems
    for first, second in itertools.pairwise(stems):
        yield f"{first} {second}"
