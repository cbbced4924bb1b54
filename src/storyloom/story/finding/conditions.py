"""How people and things are for a while: wet, wounded, lit, broken.

A state begins with the sentence that says so. It ends before one that says the contrary, before another
state of its group (a lantern that is unlit is not lit), or, where it passes, when time does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyloom.story.finding.things import Things, single
from storyloom.story.script.schemas import State
from storyloom.story.script.vocabulary import WORD, StateSigns, states, words_in

_BEFORE, _AFTER = 4, 7  # words around a thing within which a sign tells of it
_NEGATION = 2
_NOT = words_in("not never no isn't wasn't without almost nearly if neither")
_FUNCTION = words_in(
    "to in on at from with without and or but by as of under over for the a an his her their"
    " beside behind against near through into when while again now here there"
)


@dataclass(slots=True)
class _Spell:
    signs: StateSigns
    begun: str
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence by its words, and which of them have a mark behind them."""

    found: tuple[str, ...]
    stops: frozenset[int]

    @classmethod
    def of(cls, text: str) -> "_Sentence":
        tokens = list(WORD.finditer(text))
        ends = [*(token.start() for token in tokens[1:]), len(text) + 1][: len(tokens)]
        stops = {
            place
            for place, (token, end) in enumerate(zip(tokens, ends, strict=True))
            if end > len(text) or text[token.end() : end].strip()
        }
        return cls(
            tuple(token[0].casefold().replace("\u2019", "'") for token in tokens), frozenset(stops)
        )

    def places_of(self, phrase: str) -> Iterator[int]:
        wanted = tuple(phrase.split())
        if wanted[0] not in self.found:
            return
        for place in range(len(self.found) - len(wanted) + 1):
            if self.found[place : place + len(wanted)] == wanted:
                yield place

    def is_denied(self, place: int) -> bool:
        return not _NOT.isdisjoint(self.found[max(0, place - _NEGATION) : place])

    def is_said_of_subject(self, place: int) -> bool:
        """Whether a sign is no mere adjective of something else: `the dead man`."""
        word = self.found[place]
        following = self.found[place + 1] if place + 1 < len(self.found) else ""
        return word.endswith(("s", "ing")) or place in self.stops or following in _FUNCTION


class Conditions:
    """The states of everybody and everything, gathered beat by beat."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._of: dict[str, list[_Spell]] = {}
        # Those that go on, which are few however long the story is.
        self._open: dict[str, list[_Spell]] = {}
        self._before = self._now = ""

    def enter(self, beat: str, *, is_later: bool = False) -> None:
        """Go on to the next beat; what passes is over when it is later."""
        self._before, self._now = self._now, beat
        if not is_later:
            return
        for one, spells in self._open.items():
            for spell in spells:
                spell.ended = self._before if spell.signs.passes else None
            self._open[one] = [spell for spell in spells if spell.ended is None]

    def somebody(self, who: str, sentence: str) -> None:
        """Take what a sentence says of somebody who acts in it."""
        read = _Sentence.of(sentence)
        for signs in states("people"):
            is_over = any(True for end in signs.ends for _ in read.places_of(end))
            if is_over:
                self._end(who, signs)
            elif any(True for _ in self._signs_in(read, signs)):
                self._begin(who, signs)

    def things(self, sentence: str, things: Things, *, meant: str = "") -> None:
        """Take what a sentence says of the things in it, or of the one that `it` means there."""
        read = _Sentence.of(sentence)
        for thing in things.ids_in(sentence) or ((meant,) if meant else ()):
            noun = things.all[thing].noun
            at = [place for place, word in enumerate(read.found) if single(word) == noun]
            told = [
                (place, signs.words, signs)
                for signs in states("props")
                if not signs.kinds or noun in signs.kinds
                for place in _signs_near(read, signs, at)
            ]
            for _, _, signs in sorted(told, key=lambda one: one[:2]):
                self._begin(thing, signs)

    def of(self, one: str) -> tuple[State, ...]:
        """All states of somebody or something, in order."""
        return tuple(
            State(words=spell.signs.words, from_beat=spell.begun, until_beat=spell.ended)
            for spell in self._of.get(one, ())
        )

    def now(self, one: str) -> frozenset[str]:
        """The states that go on."""
        return frozenset(spell.signs.words for spell in self._open.get(one, ()))

    @staticmethod
    def _signs_in(read: _Sentence, signs: StateSigns) -> Iterator[int]:
        for place, word in enumerate(read.found):
            if word in signs.signs and not read.is_denied(place) and read.is_said_of_subject(place):
                yield place
        for phrase in signs.also:
            yield from read.places_of(phrase)

    def _begin(self, one: str, signs: StateSigns) -> None:
        for spell in list(self._open.get(one, ())):
            if spell.signs.words == signs.words:
                return
            if signs.group and spell.signs.group == signs.group:
                self._end(one, spell.signs)
        begun = _Spell(signs, self._now)
        self._of.setdefault(one, []).append(begun)
        self._open.setdefault(one, []).append(begun)

    def _end(self, one: str, signs: StateSigns) -> None:
        """End it with the beat before this one; what has only begun in this one never was."""
        for spell in list(self._open.get(one, ())):
            if spell.signs.words != signs.words:
                continue
            self._open[one].remove(spell)
            if spell.begun == self._now:
                self._of[one].remove(spell)
            else:
                spell.ended = self._before


def _signs_near(read: _Sentence, signs: StateSigns, at: Sequence[int]) -> Iterator[int]:
    """Where a sign stands near the thing; anywhere, when the thing is not named."""
    found = [place for place, word in enumerate(read.found) if word in signs.signs]
    found += [place for phrase in signs.also for place in read.places_of(phrase)]
    for place in found:
        is_near = not at or any(-_BEFORE <= place - one <= _AFTER for one in at)
        if is_near and not read.is_denied(place):
            yield place


def told_of(text: str, noun: str) -> frozenset[str]:
    """The states in which a text leaves a thing, one of a group."""
    read = _Sentence.of(text)
    at = [place for place, word in enumerate(read.found) if single(word) == noun]
    told = [
        (place, signs.group, signs.words)
        for signs in states("props")
        if at and (not signs.kinds or noun in signs.kinds)
        for place in _signs_near(read, signs, at)
    ]
    return frozenset({group: words for _, group, words in sorted(told)}.values())
