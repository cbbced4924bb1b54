"""What facts say against the bible or the beat: day at night, the dead at work, the absent at hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from storyloom.story.finding.conditions import told_of
from storyloom.story.finding.things import single
from storyloom.story.prompting.composing import short_name
from storyloom.story.prompting.schemas import Facts
from storyloom.story.script.schemas import Bible, Character, FoundBeat, State
from storyloom.story.script.vocabulary import WORD, states, words_in

_DARK = words_in("night midnight moonlight moonlit moon starlight starlit stars")
_BRIGHT = words_in("sunlight sunlit sunny sunshine daylight midday noon noonday")
_NIGHTS = frozenset({"night", "midnight", "before dawn"})
_DAYS = frozenset({"day", "morning", "noon", "afternoon", "late afternoon", "early morning"})
_AT_REST = words_in("dead body corpse lifeless lies lying grave coffin ghost remains still buried")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One of them."""

    message: str
    is_told: bool = False  #: the script itself says so: a dream of sunlight at night
    instead: Mapping[str, object] = field(
        default_factory=dict[str, object]
    )  #: what is sure instead


def contradictions(facts: Facts, beat: FoundBeat, bible: Bible) -> Iterator[Contradiction]:
    """All that are found, those that can be mended with what is right."""
    yield from _of_setting(facts, beat)
    yield from _of_time(facts, beat)
    yield from _of_people(facts, beat, bible)
    yield from _of_things(facts, beat, bible)


def _of_setting(facts: Facts, beat: FoundBeat) -> Iterator[Contradiction]:
    if beat.place and facts.place != beat.place:
        instead = {"place": beat.place}
        yield Contradiction(f"The beat happens in another place: {beat.place}.", instead=instead)
    if beat.time_of_day and facts.time_of_day not in {"", beat.time_of_day}:
        instead = {"time_of_day": beat.time_of_day}
        message = f"The time of day is {beat.time_of_day}, not {facts.time_of_day[:40]}."
        yield Contradiction(message, instead=instead)


def _of_time(facts: Facts, beat: FoundBeat) -> Iterator[Contradiction]:
    found = _words(f"{facts.action} {facts.mood}")
    wrong = frozenset[str]()
    if beat.time_of_day in _NIGHTS:
        wrong = found & _BRIGHT
    elif beat.time_of_day in _DAYS:
        wrong = found & _DARK
    for word in sorted(wrong):
        is_told = word in _words(beat.text)
        yield Contradiction(f"There is {word} although it is {beat.time_of_day}.", is_told)


def _of_people(facts: Facts, beat: FoundBeat, bible: Bible) -> Iterator[Contradiction]:
    for one in facts.characters:
        person = bible.character(one)
        if person is None:
            continue
        is_told = one in beat.characters or _is_named(person, beat.text)
        if not is_told:
            yield _absent(person, facts, beat)
        dead = _state(person.states, "dead", beat)
        if dead and dead.from_beat != beat.beat_id and not _words(facts.action) & _AT_REST:
            message = f"{person.name} is dead since {dead.from_beat}."
            yield Contradiction(message, is_told)


def _absent(person: Character, facts: Facts, beat: FoundBeat) -> Contradiction:
    """Left out where the action does not need them."""
    message = f"{person.name} is not in the beat."
    if not beat.characters:
        return Contradiction(message, is_told=True)
    if _is_named(person, facts.action) or person.id in facts.action:
        return Contradiction(message)
    rest = tuple(one for one in facts.characters if one != person.id)
    return Contradiction(message, instead={"characters": rest})


def _of_things(facts: Facts, beat: FoundBeat, bible: Bible) -> Iterator[Contradiction]:
    groups = {state.words: state.group for state in states("props")}
    for one in facts.props:
        prop = bible.prop(one)
        if prop is None:
            continue
        noun = single(prop.name.split(" ")[-1])
        now = {groups.get(state, ""): state for state in prop.states_in(beat.beat_id)}
        told = told_of(beat.text, noun)
        for state in sorted(told_of(facts.action, noun)):
            other = now.get(groups[state], state)
            if other != state:
                message = f"The {prop.name} is {other}, not {state}."
                yield Contradiction(message, state in told)


def _state(spells: tuple[State, ...], words: str, beat: FoundBeat) -> State | None:
    return next((s for s in spells if s.words == words and s.holds_in(beat.beat_id)), None)


def _is_named(person: Character, text: str) -> bool:
    found = _words(text)
    names = (short_name(person), person.name, *person.aliases)
    return any(_words(name) <= found for name in names if name)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold().removesuffix("'s") for word in WORD.findall(text))
