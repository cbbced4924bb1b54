"""An answer about a scene, held against the scene: what is quoted stands, what is invented falls."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from storyloom.story.asked.asking import Verdict
from storyloom.story.asked.material import BETWEEN, scene_text
from storyloom.story.asked.quoting import Quotable, Span
from storyloom.story.asked.schemas import SaidBeat, SaidEntry, SaidState, SceneAnswer
from storyloom.story.prompting.composing import with_names
from storyloom.story.prompting.neutral import neutral
from storyloom.story.script.schemas import (
    Bible,
    Character,
    DecisionType,
    FoundBeat,
    FoundScene,
    ImageDecision,
    Prop,
    Significance,
    State,
    beat_id,
)

E = TypeVar("E", Character, Prop)
MAX_ENTRIES = 600  #: of a kind: a bible has to fit into questions
_MOST_MISSING = 0.35
_ID = re.compile(r"[a-z][a-z0-9_]{0,47}")
_TO_READER = re.compile(
    r"\b(?:instructions?|system prompt|as an ai|language model|ignore (?:all|the|previous)|https?:)",
    re.IGNORECASE,
)
_PICTURES = {"new": DecisionType.NEW, "reuse": DecisionType.REUSE, "none": DecisionType.NONE}


@dataclass(frozen=True, slots=True)
class Judged:
    """A scene as it stands, and the bible with what is new in it."""

    scene: FoundScene
    bible: Bible


@dataclass(slots=True)
class _Judge:
    """One answer, while it is held against its scene."""

    scene: FoundScene
    bible: Bible
    text: Quotable
    complaints: list[str] = field(default_factory=list[str])
    made: dict[str, FoundBeat] = field(default_factory=dict[str, FoundBeat])
    numbers: dict[int, str] = field(default_factory=dict[int, str])  #: names by those of the answer
    places: list[tuple[Span, str]] = field(default_factory=list[tuple[Span, str]])

    def complain(self, text: str) -> None:
        self.complaints.append(text)

    def ruled(self) -> Iterator[tuple[int, FoundBeat]]:
        """The beats by rules, and where in the text each begins."""
        at = 0
        for beat in self.scene.beats:
            yield at, beat
            at += len(beat.text) + len(BETWEEN)

    def ruled_in(self, span: Span) -> list[FoundBeat]:
        """The beats by rules that overlap a part of the text; there is at least one."""
        inside = [
            beat for at, beat in self.ruled() if at < span.end and at + len(beat.text) > span.start
        ]
        return inside or [self.scene.beats[0]]


def judged_scene(answer: SceneAnswer, *, scene: FoundScene, bible: Bible) -> Verdict[Judged]:
    """Hold an answer against the scene that rules have read, and the bible so far."""
    judge = _Judge(scene, bible, Quotable(scene_text(scene)))
    _take_people(judge, answer.new_characters)
    _take_props(judge, answer.new_props)
    kept = _kept(judge, answer.beats)
    missing = 1 - judge.text.share(span for _, _, span in kept)
    if missing > _MOST_MISSING:
        judge.complain(f"the beats leave out {missing:.0%} of the scene")
        return Verdict(None, tuple(judge.complaints))
    for place, (number, said, span) in enumerate(kept, 1):
        name = beat_id(scene.scene_number, place)
        judge.made[name] = _beat(judge, name, said, span)
        judge.numbers[number] = name
        judge.places.append((span, name))
    known = _with_states(judge, answer.states)
    beats = tuple(judge.made.values())
    made = scene.model_copy(update={"beats": beats, "metadata": _metadata(scene, beats)})
    return Verdict(Judged(made, known), tuple(judge.complaints))


def _take_people(judge: _Judge, given: Iterable[SaidEntry]) -> None:
    """Take in who is new, where the scene names them. A look that is known stays."""
    known = {one.id: one for one in judge.bible.characters}
    for said in given:
        is_free = judge.bible.prop(said.id) is None and len(known) < MAX_ENTRIES
        if _is_new(judge, said, is_free=is_free):
            one = known.get(said.id, Character(id=said.id, name=neutral(said.name)))
            known[said.id] = one.model_copy(update={"look": one.look or _look(said)})
    judge.bible = judge.bible.model_copy(update={"characters": tuple(known.values())})


def _take_props(judge: _Judge, given: Iterable[SaidEntry]) -> None:
    known = {one.id: one for one in judge.bible.props}
    for said in given:
        is_free = judge.bible.character(said.id) is None and len(known) < MAX_ENTRIES
        if _is_new(judge, said, is_free=is_free):
            one = known.get(said.id, Prop(id=said.id, name=neutral(said.name)))
            known[said.id] = one.model_copy(update={"look": one.look or _look(said)})
    judge.bible = judge.bible.model_copy(update={"props": tuple(known.values())})


def _is_new(judge: _Judge, said: SaidEntry, *, is_free: bool) -> bool:
    if _ID.fullmatch(said.id) is None or not is_free:
        judge.complain(f"the new entry {neutral(said.id)!r} has no id of its own")
    elif judge.text.find(said.name) is None:
        judge.complain(f"the new entry {said.id} has a name that the scene does not have")
    elif _TO_READER.search(f"{said.name} {said.look}"):
        judge.complain(f"the new entry {said.id} is not described")
    else:
        return True
    return False


def _look(said: SaidEntry) -> str:
    return neutral(said.look).rstrip(".")


def _kept(judge: _Judge, given: Iterable[SaidBeat]) -> list[tuple[int, SaidBeat, Span]]:
    """The beats that quote the scene in its order, each with its number in the answer."""
    kept: list[tuple[int, SaidBeat, Span]] = []
    after = 0
    for number, said in enumerate(given, 1):
        span = judge.text.find(said.quote, after)
        if span is None:
            is_there = judge.text.find(said.quote) is not None
            what = "is out of order or overlaps" if is_there else "is not in the scene"
            judge.complain(f"the quotation of beat {number} {what}: copy it exactly")
            continue
        kept.append((number, said, span))
        after = span.end
    return kept


def _beat(judge: _Judge, name: str, said: SaidBeat, span: Span) -> FoundBeat:
    ruled = judge.ruled_in(span)
    action = neutral(with_names(said.action, judge.bible))
    if _TO_READER.search(action):
        judge.complain(f"the action of {name} is not about the scene")
        action = ruled[0].action
    decision = _decision(judge, name, said)
    words = judge.text.text[span.start : span.end]
    quoted = Quotable(words)
    said_there = [line for beat in ruled for line in beat.dialogue if quoted.find(line.words)]
    return ruled[0].model_copy(
        update={
            "beat_id": name,
            "text": words,
            "visual_significance": _significance(decision, ruled[0]),
            "image_decision": decision,
            "camera_angle_suggestion": str(said.shot),
            "characters": _ids(judge, name, said.characters, "character"),
            "props": _ids(judge, name, said.props, "prop"),
            "action": action,
            "dialogue": tuple(said_there),
        }
    )


def _ids(judge: _Judge, name: str, given: Iterable[str], kind: str) -> tuple[str, ...]:
    bible = judge.bible
    known = bible.character if kind == "character" else bible.prop
    wrong = [one for one in given if known(one) is None]
    if wrong:
        judge.complain(f"{name} has a {kind} that is not in the bible: {neutral(wrong[0])[:48]!r}")
    return tuple(dict.fromkeys(one for one in given if known(one) is not None))


def _decision(judge: _Judge, name: str, said: SaidBeat) -> ImageDecision:
    kind, reason = _PICTURES[said.picture], neutral(said.reason)
    if kind is not DecisionType.REUSE:
        return ImageDecision(type=kind, reason=reason)
    shown = judge.made.get(judge.numbers.get(said.reuse_of or 0, ""))
    if shown is not None and shown.image_decision.type is DecisionType.REUSE:
        shown = judge.made.get(shown.image_decision.reuse_of or "")
    if shown is None or shown.image_decision.type is not DecisionType.NEW:
        judge.complain(f"{name} reuses the picture of a beat that has none")
        return ImageDecision(reason=reason)
    return ImageDecision(type=kind, reason=reason, reuse_of=shown.beat_id)


def _significance(decision: ImageDecision, ruled: FoundBeat) -> Significance:
    if decision.type is not DecisionType.NEW:
        return Significance.LOW
    is_low = ruled.visual_significance is Significance.LOW
    return Significance.MEDIUM if is_low else ruled.visual_significance


def _with_states(judge: _Judge, given: Iterable[SaidState]) -> Bible:
    """The bible with the names of these beats, and the states that a model has found as well."""
    told: dict[str, list[State]] = {}
    for one in given:
        begun, ended = judge.numbers.get(one.first_beat), judge.numbers.get(one.last_beat or 0)
        is_known = judge.bible.character(one.id) or judge.bible.prop(one.id)
        if begun is None or is_known is None or _TO_READER.search(one.state):
            judge.complain(f"a state of {neutral(one.id)!r} has no beat, or nobody who has it")
            continue
        state = State(words=neutral(one.state), from_beat=begun, until_beat=ended)
        told.setdefault(one.id, []).append(state)
    names, first = _names(judge), _first_beats(judge.made.values())

    def grown(entry: E) -> E:
        states = tuple(_renamed(state, names) for state in entry.states)
        known = {state.words for state in states}
        new = [state for state in told.get(entry.id, ()) if state.words not in known]
        begun = names.get(entry.first_beat, entry.first_beat) or first.get(entry.id, "")
        return entry.model_copy(update={"first_beat": begun, "states": (*states, *new)})

    people, things = judge.bible.characters, judge.bible.props
    grown_all = {"characters": tuple(map(grown, people)), "props": tuple(map(grown, things))}
    return judge.bible.model_copy(update=grown_all)


def _names(judge: _Judge) -> dict[str, str]:
    """What the beats by rules are called now: by the beat in which they begin, or the one before."""
    names: dict[str, str] = {}
    for at, beat in judge.ruled():
        begun = [name for span, name in judge.places if span.start <= at]
        names[beat.beat_id] = begun[-1] if begun else judge.places[0][1]
    return names


def _renamed(state: State, names: Mapping[str, str]) -> State:
    until = state.until_beat
    return state.model_copy(
        update={
            "from_beat": names.get(state.from_beat, state.from_beat),
            "until_beat": names.get(until, until) if until else until,
        }
    )


def _first_beats(beats: Iterable[FoundBeat]) -> dict[str, str]:
    first: dict[str, str] = {}
    for beat in beats:
        for one in (*beat.characters, *beat.props):
            first.setdefault(one, beat.beat_id)
    return first


def _metadata(scene: FoundScene, beats: Iterable[FoundBeat]) -> dict[str, object]:
    people = dict.fromkeys(one for beat in beats for one in beat.characters)
    return {**scene.metadata, "characters": list(people)}
