"""What sets a file apart: facts that anyone can count in it, and what each is worth."""

import re
import sys
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from storyloom.storyboard.capabilities import NEUTRAL, filled
from storyloom.storyboard.code.facts import CodeFacts, Kind
from storyloom.storyboard.code.languages import base_name, language_of
from storyloom.storyboard.code.names import SILENT, words
from storyloom.storyboard.code.nouns import is_question

_DATA = Path(__file__).parents[1] / "data" / "distinctions.toml"
_SAFE = re.compile(
    r"(?<!not )\b(?:thread-?safe|safe for concurrent|concurrency-?safe|goroutine-?safe)\b",
    re.IGNORECASE,
)
_UNSAFE = re.compile(r"\bnot (?:\w+ ){0,2}(?:thread|goroutine|concurrency)-?\s?safe|NotThreadSafe")
_STREAM = re.compile(
    r"stream|chunk|incremental|piecewise|iter_|next_(?:row|record|chunk)", re.IGNORECASE
)
_TEST = re.compile(r"^(?:test_|Test[A-Z]|should_)")
_TEST_FILE = re.compile(r"(?:^|[._-])(?:tests?|spec)(?:[._-]|$)", re.IGNORECASE)
_NEAR = 2.0  # facts of almost the same worth take turns, so that a set of boards does not recite


class Distinction(BaseModel):
    """One kind of fact: how it is said, and what follows from it for each audience."""

    model_config = ConfigDict(frozen=True, extra="allow")

    at_least: int
    at_most: int = 1_000_000
    fact: str
    bare: str  #: the fact about a file whose subject is not known
    rank: Mapping[str, float]

    def worth(self, audience: str) -> str:
        """What the fact means for an audience."""
        texts: Mapping[str, object] = self.model_extra or {}
        return str(texts.get(audience) or texts[NEUTRAL])


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that holds for a file: its count, and the lines that show it."""

    key: str
    count: int
    lines: tuple[int, ...] = ()


@cache
def distinctions() -> Mapping[str, Distinction]:
    """Read the catalogue, once."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return {key: Distinction.model_validate(value) for key, value in data.items()}


def facts_told(facts: CodeFacts, file_name: str) -> tuple[Told, ...]:
    """Find the facts that hold for a file, in the catalogue's order."""
    found = {one.key: one for one in _counted(facts, file_name)}
    return tuple(
        found[key]
        for key, kind in distinctions().items()
        if key in found and kind.at_least <= found[key].count <= kind.at_most
    )


def is_of_tests(facts: CodeFacts, file_name: str) -> bool:
    """Whether a file tests others: in a file of something else, `test_client` is no test."""
    work = [one for one in facts.public if one.kind in {Kind.FUNCTION, Kind.METHOD}]
    tests = [one for one in work if _TEST.match(one.name)]
    return len(tests) * 2 > len(work) or _TEST_FILE.search(base_name(file_name)) is not None


def best_for(audience: str, told: tuple[Told, ...], seed: int = 0) -> Told | None:
    """Choose a fact that matters to an audience; the seed decides among those that matter most."""
    known = distinctions()

    def rank(one: Told) -> float:
        ranks = known[one.key].rank
        return ranks.get(audience, ranks[NEUTRAL])

    most = max(map(rank, told), default=0.0)
    near = [one for one in told if rank(one) >= most - _NEAR]
    return near[seed % len(near)] if near else None


def seed_of(facts: CodeFacts) -> int:
    """Give a number that differs between files, and stays when something of one is moved."""
    names = sorted(f"{one.owner}.{one.name}" for one in facts.definitions)
    return zlib.crc32("|".join(names).encode("utf-8", "replace"))


def clause_of(one: Told, audience: str, subject: str) -> str:
    """Say a fact and its worth as one clause."""
    kind = distinctions()[one.key]
    slots = {"n": f"{one.count:,}", "subject": subject}
    return f"{filled(kind.fact if subject else kind.bare, slots)}, {kind.worth(audience)}"


def _counted(facts: CodeFacts, file_name: str) -> Iterator[Told]:
    public = facts.public
    work = tuple(one for one in public if one.kind in {Kind.FUNCTION, Kind.METHOD})
    if is_of_tests(facts, file_name):
        tests = tuple(one for one in work if _TEST.match(one.name))
        yield Told("tests", len(tests), tuple(one.first_line for one in tests))
        return
    yield Told("checks", len(facts.checks), facts.checks)
    yield Told("routes", len(facts.routes), tuple(one.line for one in facts.routes))
    tables = tuple(one.first_line for one in public if one.kind is Kind.TABLE)
    yield Told("tables", len(tables), tables)
    yield Told("concurrent", len(facts.concurrent), facts.concurrent)
    rates = tuple(one.first_line for one in facts.definitions if one.kind is Kind.CONSTANT)
    yield Told("rates", len(rates), rates)
    every = tuple(one for one in facts.definitions if one.kind in {Kind.FUNCTION, Kind.METHOD})
    explained = tuple(one.first_line for one in every if one.doc)
    yield Told("explained", len(every) if len(explained) == len(every) else 0, explained)
    # Neither a question nor how a thing is set up is a step of the work.
    steps = tuple(
        one.first_line
        for one in work
        if not is_question(one.name) and not SILENT.issuperset(words(one.name))
    )
    yield Told("operations", len(steps), steps)
    yield from _read_off(facts, file_name)


def _read_off(facts: CodeFacts, file_name: str) -> Iterator[Told]:
    remarks = [*([facts.doc.text] if facts.doc else []), *(one.doc for one in facts.public)]
    docs = "\n".join(remarks)[:100_000]
    if _SAFE.search(docs) and not _UNSAFE.search(docs):
        yield Told("safe", 1)
    streams = tuple(one.first_line for one in facts.public if _STREAM.search(one.name))
    yield Told("streaming", len(streams), streams)
    if (
        facts.parsed
        and facts.definitions
        and facts.imports
        and all(is_own(one, facts, file_name) for one in facts.imports)
    ):
        yield Told("own", 1)


@lru_cache(maxsize=16)
def _own_packages(file_name: str) -> re.Pattern[str] | None:
    return language_of(file_name, "").own_packages


def is_own(package: str, facts: CodeFacts, file_name: str) -> bool:
    """Whether something imported belongs to the language itself."""
    if facts.language == "Python":
        return package.split(".", maxsplit=1)[0] in sys.stdlib_module_names
    own = _own_packages(file_name)
    return own is not None and own.match(package) is not None
