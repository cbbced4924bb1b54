"""One sentence that says what a file does, from its actions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storyloom.storyboard.code.actions import (
    STATED,
    Action,
    Thing,
    said,
    thing_of,
    thing_of_type,
)
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.names import VAGUE, words
from storyloom.storyboard.code.nouns import is_sayable, own_nouns, phrase_of_words
from storyloom.storyboard.code.subjects import Subject
from storyloom.storyboard.code.telling import sentence_from
from storyloom.storyboard.english import conjugated, joined, plural, sentence, stem

_LONGEST = 200
_MAX_CLAUSES = 3
_MAX_PARTS = 3  # verbs for one thing, or things for one verb
_ON_SUBJECT = 1.8
_MOST = 2.5  # for one thing: ten ways to set it are no ten times the news
_DEFINES: Mapping[Kind, str] = {
    Kind.TABLE: "keeps tables of {}",
    Kind.VIEW: "lists {}",
    Kind.COMPONENT: "shows {}",
    Kind.TYPE: "describes {}",
    Kind.KEY: "holds {}",
}
_PROSE = frozenset({"Markdown", "text"})
_SETTINGS = frozenset({"settings", "YAML"})
_HOLDS = "holds the settings for {}"
_SETS: Mapping[Kind, str] = {Kind.TYPE: _HOLDS, Kind.KEY: _HOLDS}
_MAX_NAMES = 4
_MAX_LISTS = 2
_FEW = 2
_MANY = 4


@dataclass(frozen=True, slots=True)
class Summary:
    """The sentence, and the lines that it rests on."""

    text: str
    lines: tuple[tuple[int, int], ...] = ()
    is_stated: bool = False  #: in the file's own words


@dataclass(frozen=True, slots=True)
class _Clause:
    verbs: tuple[str, ...]
    things: tuple[str, ...]
    score: float
    lines: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        """The clause in the present tense."""
        return f"{joined([conjugated(verb) for verb in self.verbs])} {joined(list(self.things))}"


def summary_of(facts: CodeFacts, actions: list[Action], subject: Subject) -> Summary:
    """Say what the file does, else what it says of itself, else what it describes."""
    clauses = [one for one in _clauses(actions, subject) if one.verbs != ("[provide]",)]
    if clauses and not _is_by_chance(facts, actions):
        return _from_clauses(clauses)
    return _from_doc(facts) or _from_definitions(facts) or Summary("")


def _is_by_chance(facts: CodeFacts, actions: list[Action]) -> bool:
    """Whether one name out of many was understood: it tells little of the file."""
    work = [one for one in facts.public if one.kind in {Kind.FUNCTION, Kind.METHOD}]
    is_stated = any(one.weight >= STATED for one in actions)
    return len(actions) < _FEW and len(work) >= _MANY and not is_stated


def _from_doc(facts: CodeFacts) -> Summary | None:
    """Use the opening words of the file, or of its largest type."""
    is_prose = facts.language in _PROSE
    if facts.doc and (text := sentence_from(facts.doc.text, is_prose=is_prose)):
        return Summary(text, ((facts.doc.first_line, facts.doc.last_line),), is_stated=True)
    types = [one for one in facts.definitions if one.kind is Kind.TYPE and one.doc]
    # What opens a file stands above its first type, which need not be for others.
    types = [one for one in types if one.public] or types
    for one in sorted(types, key=lambda one: one.first_line - one.last_line)[:1]:
        if text := sentence_from(one.doc):
            return Summary(text, ((one.first_line, one.first_line),), is_stated=True)
    return None


def _clauses(actions: Iterable[Action], subject: Subject) -> list[_Clause]:
    """Group verbs by thing, then things by verbs; best first."""
    by_thing: dict[Thing, dict[str, Action]] = {}
    for action in actions:
        by_thing.setdefault(action.thing, {}).setdefault(action.verb, action)
    by_verbs: dict[tuple[str, ...], list[tuple[Thing, list[Action]]]] = {}
    for thing, verbs in by_thing.items():
        best = sorted(verbs.values(), key=lambda action: -action.weight)[:_MAX_PARTS]
        kept = [a for a in verbs.values() if a in best]
        by_verbs.setdefault(tuple(a.verb for a in kept), []).append((thing, kept))
    found = [_clause(verbs, rows, subject) for verbs, rows in by_verbs.items()]
    return sorted(found, key=lambda clause: -clause.score)


def _clause(
    verbs: tuple[str, ...], rows: list[tuple[Thing, list[Action]]], subject: Subject
) -> _Clause:
    scored = sorted(rows, key=lambda row: -_score(row[1], row[0], subject))[:_MAX_PARTS]
    things: dict[str, None] = {}
    for thing, _ in scored:
        if not any(said(thing).endswith(other) or other.endswith(said(thing)) for other in things):
            things.setdefault(said(thing))
    total = sum(min(_MOST, _score(actions, thing, subject)) for thing, actions in scored)
    return _Clause(verbs, tuple(things), total, tuple(a.lines for _, row in scored for a in row))


def _score(actions: list[Action], thing: Thing, subject: Subject) -> float:
    stems = {stem(word) for word in thing}
    on_subject = any(stems & {stem(word) for word in one} for one in subject.things)
    return sum(action.weight for action in actions) * (_ON_SUBJECT if on_subject else 1.0)


def _from_clauses(clauses: list[_Clause]) -> Summary:
    chosen: list[_Clause] = []
    used: set[str] = set()
    for clause in clauses:
        fresh = not used & set(clause.verbs) or len(clauses) < _MAX_CLAUSES
        length = sum(len(one.text) + 6 for one in (*chosen, clause))
        if len(chosen) < _MAX_CLAUSES and fresh and length <= _LONGEST:
            chosen.append(clause)
            used.update(clause.verbs)
    lines = tuple(dict.fromkeys(one for clause in chosen for one in clause.lines))
    return Summary(sentence(_listed([clause.text for clause in chosen])), lines)


def _listed(clauses: list[str]) -> str:
    """Join clauses; a comma before the last `and` when a clause has an `and` of its own."""
    if len(clauses) > 1 and any(" and " in clause for clause in clauses):
        return f"{', '.join(clauses[:-1])}, and {clauses[-1]}"
    return joined(clauses)


def _from_definitions(facts: CodeFacts) -> Summary | None:
    clauses: list[str] = []
    lines: list[tuple[int, int]] = []
    own = own_nouns(facts)
    is_settings = facts.language in _SETTINGS
    frames = _SETS if is_settings else _DEFINES
    works = any(one.kind in {Kind.FUNCTION, Kind.METHOD} for one in facts.public)
    for kind, frame in frames.items():
        named: dict[str, Definition] = {}
        for one in facts.public:
            if one.kind is kind and (phrase := _phrase(one, own, is_settings=is_settings)):
                named.setdefault(phrase, one)
        is_thin = len(named) < _FEW and (
            frame == _DEFINES[Kind.KEY] or (works and kind is Kind.TYPE)
        )
        most = 1 if is_settings else _MAX_LISTS
        if named and not is_thin and len(clauses) < most:
            shown = list(named)[:_MAX_NAMES]
            rest = [f"{len(named) - _MAX_NAMES} more"] if len(named) > _MAX_NAMES else []
            clauses.append(frame.format(joined([*shown, *rest])))
            lines.extend((named[one].first_line, named[one].last_line) for one in shown)
    while len(clauses) > 1 and sum(map(len, clauses)) > _LONGEST:
        clauses.pop()
    return Summary(sentence(_listed(clauses)[:_LONGEST]), tuple(lines)) if clauses else None


def _phrase(one: Definition, own: frozenset[str], *, is_settings: bool) -> str:
    parts = words(one.name)
    if one.kind is Kind.KEY:
        is_vague = is_settings and parts[-1:] and parts[-1].lower() in VAGUE
        return "" if is_vague else phrase_of_words(parts, own)
    is_type = one.kind in {Kind.TYPE, Kind.COMPONENT}
    thing = thing_of_type(one.name) if is_type else thing_of(parts)
    return plural(said(thing)) if thing and is_sayable(thing, own) else ""
