"""Follows a scene sentence by sentence, and says who each of them is about.

    Nora lifts the lantern. She hands him the match.

is about Nora, and then about Nora and whoever of the others is a man.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storyloom.story.finding.cast import Cast, Person
from storyloom.story.finding.screen_names import names_in_cue
from storyloom.story.script.spoken import PRONOUNS
from storyloom.story.script.units import Unit, UnitKind
from storyloom.story.script.vocabulary import WORD, words, words_in

_FIRST = re.compile(
    r"^(?P<lead>(?:(?:Then|And|But|Now|Slowly|Suddenly|Finally|Again),?\s+)?)(?P<word>[Ss]he|[Hh]e|[Hh]er|[Hh]is|[Tt]hey)\b"
)
_PAIR = re.compile(
    r"\b(?:the two of them|both of them|the pair of them|the pair|they both)\b", re.IGNORECASE
)
_PHRASE = words_in(
    "in at on by from with under over after before as while when for of behind to through"
)
_LEADING = 3
_SHE, _HE = frozenset({"she", "her", "herself", "hers"}), frozenset({"he", "him", "his", "himself"})


@dataclass(frozen=True, slots=True)
class Followed:
    """A unit, and who is in it."""

    unit: Unit
    people: tuple[str, ...]  #: who is to be seen
    subject: str = ""  #: who acts; empty where it is nobody of the cast
    speaker: str = ""
    action: str = ""  #: with names in place of the pronouns that it begins with


class Follower:
    """Goes through a script, scene by scene."""

    def __init__(self, cast: Cast) -> None:
        """Begin a script."""
        self._cast = cast
        self._recent: list[str] = []  # the latest last
        self._speakers: list[str] = []
        self._subject = ""

    def follow(self, units: Iterable[Unit]) -> Iterator[Followed]:
        """Say of each unit of a scene who is in it. Only a pair is known from the scene before."""
        self._speakers, self._subject = [], ""
        for unit in units:
            if unit.kind is UnitKind.SPEECH:
                yield self._of_speech(unit)
            elif unit.kind is UnitKind.ACTION:
                yield self._of_action(unit)
            else:
                yield Followed(unit, ())

    def _of_action(self, unit: Unit) -> Followed:
        people, subject, action = self._seen_in(unit.action)
        self._note(people, subject)
        return Followed(unit, people, subject, action=action)

    def _of_speech(self, unit: Unit) -> Followed:
        speakers = self._who_speaks(unit)
        people, subject, action = self._seen_in(unit.action) if unit.action else ((), "", "")
        seen = () if unit.is_unseen else speakers
        everybody = tuple(dict.fromkeys((*seen, *people)))
        speaker = speakers[0] if speakers else ""
        self._note(everybody, subject or ("" if unit.is_unseen else speaker))
        if speaker and speaker not in self._speakers[-1:]:
            self._speakers.append(speaker)
        return Followed(unit, everybody, subject or speaker, speaker, action)

    def _seen_in(self, action: str) -> tuple[tuple[str, ...], str, str]:
        """Who is in a sentence, who acts, and the sentence with the names of its first pronoun."""
        mentions = list(self._cast.mentions(action))
        named = list(dict.fromkeys(mention.id for mention in mentions))
        first = _FIRST.match(action)
        if _PAIR.search(action) or (first and first["word"].casefold() == "they"):
            both = self._recent[-2:]
            return tuple(dict.fromkeys((*both, *named))), both[-1] if both else "", action
        if first is None:
            subject = named[0] if mentions and _is_early(action[: mentions[0].start]) else ""
            return self._with_others(action, named), subject, action
        pronoun = first["word"].casefold()
        who = self._meant(pronoun, besides=())
        if who is None:
            return tuple(named), "", action
        people = self._with_others(action[first.end() :], [who.id, *named], besides=who.id)
        told = f"{first['lead']}{_in_place_of(pronoun, who)}{action[first.end() :]}"
        return people, who.id, f"{told[:1].upper()}{told[1:]}"

    def _with_others(self, rest: str, named: list[str], besides: str = "") -> tuple[str, ...]:
        """Those who are named, and whom an object such as `him` means."""
        for word in _objects(rest):
            who = self._meant(word, besides=(*named, besides))
            if who is not None:
                named = [*named, who.id]
        return tuple(dict.fromkeys(named))

    def _meant(self, pronoun: str, besides: tuple[str, ...]) -> Person | None:
        """Whom a pronoun means: the one who acted last, or else the one who was named last."""
        sex = "she" if pronoun in _SHE else "he" if pronoun in _HE else ""
        for one in (self._subject, *reversed(self._recent)):
            person = self._cast.people.get(one)
            if person and one not in besides and person.sex in {sex, ""}:
                return person
        return None

    def _who_speaks(self, unit: Unit) -> tuple[str, ...]:
        name = unit.speaker.casefold()
        if name in {"they", "we"}:
            return tuple(self._recent[-2:])
        if name in PRONOUNS:
            who = self._meant(name, besides=())
            return (who.id,) if who else ()
        if name:
            known = [self._cast.named(one) for one in (unit.speaker, *names_in_cue(unit.speaker))]
            by_mention = self._cast.ids_in(unit.speaker)
            return tuple(dict.fromkeys([one.id for one in known if one] or by_mention))
        if not unit.begins and self._subject:
            return (self._subject,)
        # Nobody is named: two who talk take turns.
        return tuple(self._speakers[-2:-1])

    def _note(self, people: tuple[str, ...], subject: str) -> None:
        for one in people:
            if one in self._recent:
                self._recent.remove(one)
            self._recent.append(one)
        if subject:
            self._subject = subject


def _objects(text: str) -> Iterator[str]:
    """`him`, and `her` where nothing belongs to her."""
    found = list(WORD.finditer(text))
    for place, word in enumerate(found):
        plain = word[0].casefold()
        if plain == "him":
            yield plain
        elif plain == "her":
            before = found[place - 1][0].casefold() if place else ""
            following = found[place + 1] if place + 1 < len(found) else None
            is_alone = (
                following is None
                or text[word.end() : following.start()].strip()
                or following[0].casefold() in _PHRASE | {"and", "a", "an", "the"}
            )
            if is_alone or before in words("verbs", "handle"):
                yield plain


def _is_early(before: str) -> bool:
    """Whether what stands before the first name leaves it the one who acts."""
    found = [word.casefold() for word in WORD.findall(before)]
    return len(found) <= _LEADING or (found[0] in _PHRASE and before.rstrip().endswith(","))


def _in_place_of(pronoun: str, person: Person) -> str:
    is_possessive = pronoun in {"her", "his"}
    return f"{person.short}'s" if is_possessive else person.short
