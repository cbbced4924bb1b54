"""Who is in a story: names and other names, and where a text mentions them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from storyloom.story.script.vocabulary import WORD

MAX_PEOPLE = 400
_ID = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 40
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_MARKS = str.maketrans("", "", ".'\u2019")


@dataclass(slots=True)
class Person:
    """One of the cast."""

    id: str
    name: str  #: as it is shown: `Maria Lopez`, `the keeper`
    aliases: set[str] = field(default_factory=set[str])
    looks: list[str] = field(default_factory=list[str])
    sex: str = ""  #: `she`, `he`, or empty

    @property
    def short(self) -> str:
        """What a sentence calls them: their first name, where nobody else has it."""
        first = self.name.split()[0]
        return first if first in self.aliases else self.name

    @property
    def is_generic(self) -> bool:
        """Whether the name is that of a kind of person."""
        return self.name[:1].islower()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where somebody is named."""

    id: str
    start: int
    end: int


def new_id(name: str, taken: Iterable[str], otherwise: str = "somebody") -> str:
    """An id made of a name that nobody has yet."""
    taken = set(taken)
    plain = _ID.sub("_", name.casefold().translate(_MARKS)).strip("_")[:_LONGEST_ID] or otherwise
    made, number = plain, 2
    while made in taken:
        made, number = f"{plain}_{number}", number + 1
    return made


class Cast:
    """The people of a story, found by their names in time that grows with the text alone."""

    def __init__(self) -> None:
        """It begins empty."""
        self.people: dict[str, Person] = {}
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._unspaced: dict[str, str] = {}
        self._small: set[str] = set()  # words for kinds of people who have a name

    def add(self, name: str) -> Person:
        """Take somebody in; once there are very many, nobody new is named."""
        known = self.named(name)
        if known is not None:
            return known
        made = Person(new_id(name.removeprefix("the "), self.people), name)
        if len(self.people) < MAX_PEOPLE:
            self.people[made.id] = made
            self.call(made, name)
        return made

    def call(self, person: Person, name: str) -> None:
        """Let somebody have one more name."""
        if _UNSPACED.search(name):
            self._unspaced.setdefault(name, person.id)
        found = _folded(name)
        if not found:
            return
        known = self._names.setdefault(found[0], [])
        if all(words != found for words, _ in known):
            known.append((found, person.id))
            known.sort(key=lambda one: -len(one[0]))
        if name != person.name:
            person.aliases.add(name)

    def join(self, other: Person, person: Person) -> None:
        """Make one of two: all names of the other one are names of this one."""
        for known in self._names.values():
            known[:] = [(found, person.id if one == other.id else one) for found, one in known]
        del self.people[other.id]
        self._small.add(other.name.removeprefix("the ").split()[-1].casefold())
        person.aliases.update({other.name, *other.aliases})

    def named(self, name: str) -> Person | None:
        """Who has exactly this name."""
        found = _folded(name)
        for words, person in self._names.get(found[0], ()) if found else ():
            if words == found:
                return self.people[person]
        return None

    def mentions(self, text: str) -> Iterator[Mention]:
        """Where people are named, in order. A name is written large, unless it is that of a kind."""
        if self._unspaced:
            yield from self._in_unspaced(text)
        tokens = list(WORD.finditer(text))
        place = 0
        while place < len(tokens):
            found = self._at(tokens, place)
            if found is None:
                place += 1
                continue
            person, length = found
            yield Mention(person, tokens[place].start(), tokens[place + length - 1].end())
            place += length

    def ids_in(self, text: str) -> tuple[str, ...]:
        """Who is named, each once, in order."""
        return tuple(dict.fromkeys(mention.id for mention in self.mentions(text)))

    def _at(self, tokens: list[re.Match[str]], place: int) -> tuple[str, int] | None:
        first = _plain(tokens[place][0])
        for words, person in self._names.get(first, ()):
            length = len(words)
            following = tokens[place : place + length]
            if len(following) < length:
                continue
            if tuple(_plain(token[0]) for token in following) != words:
                continue
            is_small = self.people[person].is_generic or words[-1] in self._small
            if tokens[place][0][0].isupper() or is_small:
                return person, length
        return None

    def _in_unspaced(self, text: str) -> Iterator[Mention]:
        found = [
            Mention(person, at, at + len(name))
            for name, person in self._unspaced.items()
            if (at := text.find(name)) >= 0
        ]
        yield from sorted(found, key=lambda one: one.start)


def _folded(name: str) -> tuple[str, ...]:
    bare = name.removeprefix("the ") if name[:1].islower() else name
    return tuple(_plain(word[0]) for word in WORD.finditer(bare))


@lru_cache(maxsize=16384)
def _plain(word: str) -> str:
    """A word without the ending of a possessive."""
    lower = word.casefold()
    return lower[:-2] if lower.endswith(("'s", "\u2019s")) else lower
