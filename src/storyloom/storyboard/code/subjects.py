"""What a file is about: the things that its names, its docs and its capability agree on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storyloom.storyboard.capabilities import Capabilities, Found
from storyloom.storyboard.code.actions import (
    Action,
    Thing,
    matter_of,
    said,
    thing_of,
    thing_of_type,
)
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.languages import split_name
from storyloom.storyboard.code.names import ALSO_NOUNS, STOPS, VERBS, words, words_of_file
from storyloom.storyboard.code.nouns import is_sayable, own_nouns
from storyloom.storyboard.code.prose import sentences
from storyloom.storyboard.english import is_plural, plural, stem

_LONGEST = 34  # characters; the subject has to fit into every phrase
_CLOSE = 0.75  # how near the second thing must come to be named too
_FILE_NAME = 2.5
_TYPE = 1.2
_WEIGHTS: Mapping[Kind, float] = {Kind.TABLE: 3.0, Kind.HEADING: 0.8, Kind.KEY: 0.6}
_IN_DOC = 1.6
_IN_LEXICON = 1.5
_UNKNOWN = 0.4
_MAX_DOCS = 300


@dataclass(slots=True)
class Candidates:
    """Things, and how much speaks for each."""

    scores: dict[Thing, float] = field(default_factory=dict[Thing, float])

    def add(self, thing: Thing, weight: float) -> None:
        """Count a thing, and its last word alone for half as much."""
        thing = matter_of(thing)
        if not thing:
            return
        self.scores[thing] = self.scores.get(thing, 0.0) + weight
        if len(thing) > 1:
            self.scores[thing[-1:]] = self.scores.get(thing[-1:], 0.0) + weight / 2


@dataclass(frozen=True, slots=True)
class Subject:
    """What the sentences speak of; the phrase is empty when nothing stands out."""

    phrase: str = ""
    things: tuple[Thing, ...] = ()
    share: float = 1.0  #: how much speaks for the first thing, next to the most for any


def subject_of(
    facts: CodeFacts, actions: Iterable[Action], file_name: str, capability: Found | None
) -> Subject:
    """Choose the one or two things that the file is about."""
    candidates = _gathered(facts, actions, file_name)
    catalogue = Capabilities.packaged()
    doc_stems = stems_of(sentences(facts.doc.text) if facts.doc else ())
    known = doc_stems | stems_of(one.doc for one in facts.definitions[:_MAX_DOCS] if one.doc)
    known -= {stem(one.name) for one in facts.definitions if not catalogue.knows(one.name)}
    told = {part for term in (capability.terms if capability else ()) for part in term.split()}
    own = own_nouns(facts)
    scores = {
        thing: score * _boost(thing, doc_stems, known, told)
        for thing, score in candidates.scores.items()
        if is_sayable(thing, own)
    }
    ranked = sorted(scores, key=lambda thing: (-scores[thing], thing))
    if capability is not None:
        ranked = [t for t in ranked if catalogue.fits(t[-1], capability.capability)] or ranked
    chosen = _chosen(ranked, scores)
    return Subject(
        phrase=" and ".join(_plural(thing) for thing in chosen),
        things=chosen,
        share=scores[chosen[0]] / max(scores.values()) if chosen else 1.0,
    )


def _gathered(facts: CodeFacts, actions: Iterable[Action], file_name: str) -> Candidates:
    found = Candidates()
    for action in actions:
        found.add(action.thing, action.weight)
    for one in facts.public:
        if one.kind in {Kind.TYPE, Kind.COMPONENT}:
            found.add(thing_of_type(one.name), _TYPE)
        elif one.kind in _WEIGHTS and _is_whole(one):
            found.add(thing_of(words(one.name)), _WEIGHTS[one.kind])
    for route in facts.routes:
        for part in route.path.split("/"):
            if part and part[0] not in "{:<$":
                found.add(thing_of(words(part)), 1.5)
    found.add(_thing_of_file(file_name), _FILE_NAME)
    return found


def _is_whole(one: Definition) -> bool:
    """Tell `Late fees` from `Draw your own`, which is about no draw."""
    return one.kind is not Kind.HEADING or STOPS.isdisjoint(map(str.lower, words(one.name)))


def _thing_of_file(file_name: str) -> Thing:
    parts = words_of_file(split_name(file_name))
    first, following = (*parts, "", "")[:2]
    # `route_planner` is a planner of routes, `schedule_visits` an order.
    may_be_noun = first.lower() in ALSO_NOUNS and not is_plural(following)
    is_order = following and first.lower() in VERBS and not may_be_noun
    return thing_of(parts[1:] if is_order else parts, roles=True)


def stems_of(texts: Iterable[str]) -> set[str]:
    """Give the stems of all words in some texts."""
    return {stem(word) for text in texts for word in words(text[:2000])}


def _boost(thing: Thing, doc: set[str], known: set[str], told: set[str]) -> float:
    stems = {stem(word) for word in thing}
    boost = _IN_DOC if stems <= doc else 1.0
    boost *= _IN_LEXICON if stems & told else 1.0
    return boost * (1.0 if stems <= known | told or not known else _UNKNOWN)


def _chosen(ranked: list[Thing], scores: Mapping[Thing, float]) -> tuple[Thing, ...]:
    fitting = [thing for thing in ranked if len(_plural(thing)) <= _LONGEST]
    if not fitting:
        return ()
    first = fitting[0]
    # `webhook signatures` says more than `signatures`, if it carries most of its weight.
    longer = [t for t in fitting if len(t) > len(first) and t[-len(first) :] == first]
    if longer and scores[longer[0]] * 2 >= scores[first]:
        first = longer[0]
    for other in fitting[1:4]:
        is_apart = not set(other) & set(first) and scores[other] >= _CLOSE * scores[first]
        if is_apart and len(_plural(first)) + len(_plural(other)) + 5 <= _LONGEST:
            return (first, other)
    return (first,)


def _plural(thing: Thing) -> str:
    return plural(said(thing))
