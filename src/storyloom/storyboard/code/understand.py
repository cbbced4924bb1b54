"""Understands a source file by rules alone: no model, no network, the same answer every time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from anyio import to_thread

from storyloom.storyboard.capabilities import (
    GENERAL,
    LONGEST,
    PROSE,
    STORAGE,
    UNKNOWN,
    Capabilities,
    Capability,
    Found,
    claims,
    does,
    framed,
    promise,
)
from storyloom.storyboard.code.actions import Action, actions_of, is_fault, thing_of
from storyloom.storyboard.code.distinction import (
    Told,
    best_for,
    clause_of,
    facts_told,
    is_of_tests,
    is_own,
    seed_of,
)
from storyloom.storyboard.code.facts import CodeFacts, Kind
from storyloom.storyboard.code.headline import Headline, headline_of
from storyloom.storyboard.code.known import KnownFile, known_file
from storyloom.storyboard.code.languages import split_name
from storyloom.storyboard.code.names import ROLES, VAGUE, words, words_of_file
from storyloom.storyboard.code.prose import is_worded, sentences
from storyloom.storyboard.code.signals import own_words
from storyloom.storyboard.code.speakable import speakable_facts
from storyloom.storyboard.code.subjects import Subject, stems_of, subject_of
from storyloom.storyboard.code.summary import Summary, summary_of
from storyloom.storyboard.english import sentence, stem
from storyloom.storyboard.ports import CodeReader
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Evidence, Understanding, UnderstandingSource

_FEW = 2
_CLEAR = 2.9  # the score from which on a capability is more than a coincidence
_PER_DEFINITION = 0.2  # a long file meets many terms by chance
_NEAR = 0.5  # how near the best score another one must come to be chosen for a clearer term
_EMPTY = 2  # lines that show next to nothing
_SHORT = 100  # characters; a paragraph may be one long line
_MAX_EVIDENCE = 6  # per field; a reader checks a few places, not fifty
_MAX_COUNTED = 40  # places of a count, each of which is shown
_MAX_WORDS_OF = 400  # definitions, texts or imports whose words are weighed
_BY_KIND: Mapping[Kind, float] = {
    Kind.TYPE: 2.0, Kind.COMPONENT: 2.0, Kind.FUNCTION: 1.0, Kind.METHOD: 1.0, Kind.CONSTANT: 0.5, Kind.TABLE: 2.0, Kind.VIEW: 1.0,
    Kind.HEADING: 1.5, Kind.KEY: 0.7,
}  # fmt: skip
_CONFIGURATION = "configuration config setting preference properties"
#: What the kind of file itself tells, in words that the lexicons know.
_BY_LANGUAGE = {
    "CSS": "css stylesheet",
    "HTML": "html page",
    "SQL": "sql database",
    "shell": "shell script",
    "Dockerfile": "dockerfile docker container",
    "Makefile": "makefile build",
    "Terraform": "terraform infrastructure provision",
    "CSV": "csv column row",
    "YAML": _CONFIGURATION,
    "settings": _CONFIGURATION,
    "Markdown": "plain prose",
    "text": "plain prose",
    "Protocol Buffers": "protobuf rpc",
    "GraphQL": "graphql schema",
}
_PROSE = frozenset({"Markdown", "text"})
_LANGUAGE_WEIGHT = 4.0
_SCREEN = "component"
_OWN = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything found in a file that holds for every brief."""

    facts: CodeFacts
    file_name: str
    found: Found | None
    actions: list[Action]
    subject: Subject
    summary: Summary
    told: tuple[Told, ...]
    known: KnownFile | None = None

    @property
    def capability(self) -> Capability:
        """What the file does for a business, or that it is a part of something larger."""
        if self.found:
            return self.found.capability
        return Capabilities.packaged().by_key[GENERAL if self.subject.phrase else UNKNOWN]

    @property
    def grounds(self) -> tuple[tuple[int, int], ...]:
        """The lines that show what the sentences of worth are about."""
        about = {stem(word) for thing in self.subject.things for word in thing[-1:]}
        about |= {
            part for term in (self.found.terms if self.found else ()) for part in term.split()
        }
        public = self.facts.public[:_MAX_WORDS_OF]
        named = [one for one in public if about & stems_of((one.name,))]
        # What a fault or a fixed value is called says least of the work.
        work = [one for one in named if one.kind is not Kind.CONSTANT and not is_fault(one.name)]
        told = [one for one in public if one.doc and about & stems_of(sentences(one.doc)[:1])]
        lines = tuple((one.first_line, one.first_line) for one in (work or told or named)[:_FEW])
        doc = self.facts.doc
        spoken = [(doc.first_line, doc.last_line)] if doc else []
        return lines or tuple(spoken) or ((1, self.facts.lines),)


class StaticCodeUnderstanding:
    """A `CodeUnderstanding` that reads the code by rules."""

    def __init__(self, reader: CodeReader) -> None:
        """Take the reader that finds the facts."""
        self._reader = reader

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Fill the seven fields for the brief's audience and stage."""
        return await to_thread.run_sync(self.understood, file_name, text, brief)

    def understood(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Do the work of `understand`; it keeps one processor busy for a moment."""
        facts = speakable_facts(self._reader, file_name, text)
        return worded(reading_of(facts, file_name), brief)


def reading_of(facts: CodeFacts, file_name: str) -> Reading:
    """Weigh the facts."""
    catalogue = Capabilities.packaged()
    ranked = catalogue.found_in(_weighted(facts, file_name))
    named = catalogue.named_in(_naming(facts, file_name))
    clear = (one for one in ranked if _is_clear(one, ranked[0], len(facts.definitions)))
    imported = _imported_alone(facts, file_name)
    own = own_words(facts, file_name, _kind_of(facts))
    founded = (
        one for one in clear if _is_founded(one, named, imported) and own.bear_out(one.capability)
    )
    known = known_file(facts, file_name)
    is_test = is_of_tests(facts, file_name)
    conventional = "testing" if is_test else known.capability if known else ""
    actions = [] if is_test else actions_of(facts)
    about = ((one, subject_of(facts, actions, file_name, one)) for one in founded)
    chosen = next(
        ((one, what) for one, what in about if known or own.are_about(what, one.capability)), None
    )
    found, subject = chosen or (None, subject_of(facts, actions, file_name, None))
    if known and known.empty and not facts.doc:
        found = None
    if _is_scant(facts) and _is_prose(facts):
        # A file name and a line or two are no ground for a claim.
        found, subject = Found(catalogue.by_key[PROSE], _CLEAR, ()), Subject()
    if conventional:
        found = Found(catalogue.by_key[conventional], _CLEAR, ())
        subject = subject_of(facts, actions, file_name, found)
    subject = Subject() if known else subject
    summary = summary_of(facts, actions, subject)
    if (is_test or known) and not summary.is_stated:
        summary = Summary(sentence(known.does) if known else "", ((1, facts.lines),))
    told = facts_told(facts, file_name)
    return Reading(facts, file_name, found, actions, subject, summary, told, known)


def _is_scant(facts: CodeFacts) -> bool:
    """Whether next to nothing is in the file, and all of that without a name."""
    said = len(facts.doc.text) if facts.doc else 0
    return not facts.definitions and facts.size <= _EMPTY and said < _SHORT


def _is_prose(facts: CodeFacts) -> bool:
    """Whether the file is there to be read; of an unknown kind is also what a machine reads."""
    is_known = facts.language in _PROSE
    return is_known or bool(not facts.language and facts.doc and is_worded(facts.doc.text))


def _is_clear(one: Found, best: Found, definitions: int) -> bool:
    """Whether a capability is named outright, and is not far behind the one named most."""
    least = _CLEAR + min(_CLEAR, max(0, definitions - _FEW) * _PER_DEFINITION)
    return one.is_clear and one.score >= max(least, _NEAR * best.score)


def _is_founded(one: Found, named: frozenset[str], imported: frozenset[str]) -> bool:
    """Whether two terms speak for a capability, or one that the file is named by."""
    spoken = {term for term in one.terms if not imported.issuperset(term.split())}
    return one.capability.key in named or len(spoken) >= _FEW


def _imported_alone(facts: CodeFacts, file_name: str) -> frozenset[str]:
    """Find the stems that only imports have: how a thing is done, or what its neighbours do."""
    imported = stems_of(facts.imports[:_MAX_WORDS_OF])
    names = (one.name for one in facts.definitions[:_MAX_WORDS_OF])
    docs = [facts.doc.text] if facts.doc else []
    return frozenset(imported - stems_of((*names, *docs, split_name(file_name))))


def worded(reading: Reading, brief: Brief) -> Understanding:
    """Put a reading into words for a brief."""
    capability, subject = reading.capability, _fitting(reading)
    promised = "" if capability.key == UNKNOWN else promise(capability, brief, subject)
    headline = headline_of(reading.facts, reading.file_name, promised, reading.known)
    said = claims(capability, brief, subject)
    told = best_for(brief.audience.key, reading.told, seed_of(reading.facts))
    return Understanding(
        headline=headline.text,
        what_it_does=reading.summary.text or does(capability, subject),
        business_value=said.business_value,
        who_benefits=said.who_benefits,
        differentiator=_difference(reading, told, brief) if told else said.differentiator,
        pain_point_addressed=said.pain_point_addressed,
        suggested_icon=capability.icon,
        source=UnderstandingSource.STATIC,
        evidence=tuple(_evidence(reading, headline, told)),
        degraded=tuple(_degraded(reading)),
    ).headed(brief.headline)


def _fitting(reading: Reading) -> str:
    """Give the subject if a capability's phrases make sense about it, else nothing."""
    capability, subject = reading.capability, reading.subject
    tables = (one for one in reading.facts.definitions if one.kind is Kind.TABLE)
    kept = {thing_of(words(one.name))[-1:] for one in tables if capability.key == STORAGE}
    fits = Capabilities.packaged().fits
    is_fit = all(thing[-1:] in kept or fits(thing[-1], capability) for thing in subject.things)
    return subject.phrase if is_fit else ""


def _difference(reading: Reading, told: Told, brief: Brief) -> str:
    tried = [
        framed("difference", clause_of(told, brief.audience.key, subject), brief, {})
        for subject in (reading.subject.phrase, "")
    ]
    return next((text for text in tried if len(text) <= LONGEST), tried[-1])


def _naming(facts: CodeFacts, file_name: str) -> Iterator[str]:
    """Give the texts that say outright what a file is: its name, its doc, its names."""
    yield " ".join(words_of_file(split_name(file_name)))
    yield from sentences(facts.doc.text)[:1] if facts.doc else []
    yield from (_spoken(one.name) for one in facts.public[:_MAX_WORDS_OF])
    yield _BY_LANGUAGE.get(facts.language, "")


def _kind_of(facts: CodeFacts) -> str:
    draws = any(one.kind is Kind.COMPONENT for one in facts.public)
    return f"{_BY_LANGUAGE.get(facts.language, '')} {_SCREEN if draws else ''}"


def _spoken(name: str) -> str:
    """Write a name as words; an opening `get` or `set` says nothing of settings."""
    parts = words(name)
    return " ".join(parts[1:] if parts[:1] in {("get",), ("set",)} else parts)


def _weighted(facts: CodeFacts, file_name: str) -> dict[str, float]:
    """Give every text that tells what the file is for, and how much it tells."""
    weights: dict[str, float] = {}

    def weigh(texts: Iterable[str], weight: float) -> None:
        for text in texts:
            if text:
                weights[text] = weights.get(text, 0.0) + weight

    named = words_of_file(split_name(file_name))
    weigh([" ".join(word for word in named if word.lower() not in VAGUE | ROLES)], 4.0)
    weigh(sentences(facts.doc.text)[:4] if facts.doc else [], 2.0)
    for one in facts.definitions[:_MAX_WORDS_OF]:
        weigh([_spoken(one.name)], _BY_KIND[one.kind] * (1.0 if one.public else 0.5))
    docs = (sentences(one.doc)[:1] for one in facts.public[:_MAX_WORDS_OF] if one.doc)
    weigh((first for opening in docs for first in opening), 0.5)
    weigh((" ".join(words(one.takes)) for one in facts.public[:_MAX_WORDS_OF]), 0.3)
    for one in facts.imports[:_MAX_WORDS_OF]:
        # What belongs to the language tells how it is done, not what is done.
        weigh([" ".join(words(one.strip("_")))], _OWN if is_own(one, facts, file_name) else 1.0)
    draws = any(one.kind is Kind.COMPONENT for one in facts.public)
    weigh([_SCREEN] if draws else [], 2.0)
    weigh((" ".join(words(one.path)) for one in facts.routes), 1.5)
    weigh(["web route http"] if facts.routes else [], float(len(facts.routes)))
    weigh((one for one in facts.texts[:_MAX_WORDS_OF] if " " in one), 0.2)
    weigh([_BY_LANGUAGE.get(facts.language, "")], _LANGUAGE_WEIGHT)
    return weights


def _evidence(reading: Reading, headline: Headline, told: Told | None) -> Iterator[Evidence]:
    last = reading.facts.lines

    def at(field: str, first_line: int, last_line: int) -> Evidence:
        first = min(max(1, first_line), last)
        return Evidence(field=field, first_line=first, last_line=min(max(first, last_line), last))

    grounds = reading.grounds
    headed = (headline.lines,) if headline.lines else grounds
    differs = tuple(_counted(told)) if told else ()
    places = {
        "headline": headed,
        "what_it_does": reading.summary.lines or grounds,
        "business_value": grounds,
        "who_benefits": grounds,
        "differentiator": differs or grounds,
        "pain_point_addressed": grounds,
    }
    for field, lines in places.items():
        shown = lines if field == "differentiator" else lines[:_MAX_EVIDENCE]
        yield from (at(field, *one) for one in shown)


def _counted(told: Told) -> list[tuple[int, int]]:
    """Give every line of what was counted; of very many, the part of the file that holds them."""
    lines = list(dict.fromkeys(told.lines))
    if len(lines) > _MAX_COUNTED:
        return [(min(lines), max(lines))]
    return [(line, line) for line in lines]


def _degraded(reading: Reading) -> Iterator[str]:
    facts = reading.facts
    if facts.packed:
        yield "The file looks machine-made, so only its name and kind were read."
        return
    if not facts.language:
        yield "The language is not known, so the file was read as plain text."
    elif facts.faults and facts.parsed:
        yield f"Parts of the {facts.language} code could not be read and were left out."
    elif facts.faults:
        yield f"The {facts.language} code could not be parsed, so it was read line by line."
    if reading.known:
        return
    if facts.definitions and facts.lines <= _EMPTY and not facts.doc:
        yield "The file is nearly empty, so the words rest on a few names."
    elif _is_scant(facts):
        yield "The file is nearly empty, so the words are those of any such file."
    if not facts.definitions:
        yield "The file defines nothing by name, so its words say little about what it does."
    elif reading.found is None or reading.capability.key == PROSE:
        yield "Nothing in the file tells what it does for a business, so the words are general."
