"""Things that matter: handled, named again and again, or written in capitals."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from storyloom.story.finding.cast import Cast, new_id
from storyloom.story.script.vocabulary import WORD, states, words, words_in

MAX_THINGS = 300
_DETERMINERS = words_in("a an the his her their its my our your one another two three")
_PARTICLES = words_in("up out down off back open away over in on")
_STOPS = words_in(
    "of in on at to from with without into onto over under above below behind beside through across"
    " against along around near like as and or but then that which who while when where is was are"
    " were be been has had have for by so not too very high low up down away out off back again tight"
    " tightly still there here it she he they him her them his its their this these those"
)
_IN_HAND = re.compile(r"\s+in (?:his|her|their|one|each|both) (?:\w+ )?(?:hands?|arms?|fist|lap)\b")
_LONGEST = 4
_OFTEN = 2
_PLURAL = re.compile(r"(?<=[^su])s$")


@dataclass(slots=True)
class Thing:
    """One prop, as it is being found."""

    noun: str
    id: str = ""
    phrases: Counter[str] = field(default_factory=Counter[str])
    handled: int = 0
    capitals: int = 0
    named: int = 0

    @property
    def name(self) -> str:
        """The fullest way in which it is named."""
        if not self.phrases:
            return self.noun
        return max(self.phrases, key=lambda one: (len(one.split()), self.phrases[one]))

    @property
    def shown(self) -> str:
        """Its noun as the script writes it."""
        return self.name.split()[-1]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun with what stands before it: `the old brass lantern`."""

    determiner: str
    words: tuple[str, ...]  #: without the determiner; the last is the noun
    is_handled: bool
    is_capital: bool

    @property
    def noun(self) -> str:
        """In lower case, one of them."""
        return single(self.words[-1])


class Things:
    """The props of a story, by their nouns."""

    def __init__(self, found: Iterable[Thing]) -> None:
        """Give each an id."""
        self.all: dict[str, Thing] = {}
        self._by_noun: dict[str, str] = {}
        for thing in found:
            thing.id = new_id(thing.noun, self.all, "thing")
            self.all[thing.id] = thing
            self._by_noun[thing.noun] = thing.id

    def ids_in(self, text: str) -> tuple[str, ...]:
        """Which are named, each once, in order."""
        found = (self._by_noun.get(single(word)) for word in WORD.findall(text))
        return tuple(dict.fromkeys(one for one in found if one))


@lru_cache(maxsize=16384)
def single(word: str) -> str:
    """A noun in lower case and, as far as an ending tells, of one thing."""
    plain = word.casefold()
    plain = plain[:-2] if plain.endswith(("'s", "\u2019s")) else plain
    known = words("nouns", "props")
    if plain in known and _PLURAL.sub("", plain) not in known:
        return plain
    if plain.endswith("ches"):
        return plain[:-2]
    return _PLURAL.sub("", plain) if len(plain) > _LONGEST - 1 else plain


def find_things(actions: Iterable[str], cast: Cast) -> Things:
    """Find them in all that is to be seen."""
    found: dict[str, Thing] = {}
    for action in actions:
        people = {
            word.casefold()
            for one in cast.mentions(action)
            for word in WORD.findall(action[one.start : one.end])
        }
        for phrase in phrases_in(action):
            noun = phrase.noun
            others = words("nouns", "never") | words("nouns", "people") | people
            # What is its own is a part of something.
            if phrase.determiner == "its" or noun in others:
                continue
            thing = found.setdefault(noun, Thing(noun))
            thing.named += 1
            thing.handled += phrase.is_handled
            thing.capitals += phrase.is_capital
            if phrase.determiner != "another":
                thing.phrases[_told(phrase)] += 1
    kept = [thing for thing in found.values() if _matters(thing)]
    kept.sort(key=lambda thing: -thing.named)
    return Things(kept[:MAX_THINGS])


def phrases_in(action: str) -> Iterator[Phrase]:
    """Nouns with a determiner before them, up to what cannot belong to them."""
    tokens = list(WORD.finditer(action))
    place = 0
    while place < len(tokens):
        plain = tokens[place][0].casefold()
        if plain not in _DETERMINERS:
            place += 1
            continue
        taken: list[str] = []
        at = place + 1
        end = tokens[place].end()
        while at < len(tokens) and len(taken) < _LONGEST:
            word = tokens[at][0]
            if action[end : tokens[at].start()].strip() or _ends_phrase(word):
                break
            taken.append(word)
            end = tokens[at].end()
            at += 1
        if taken:
            taken = _cut_to_known(taken)
            before = [token[0].casefold() for token in tokens[max(0, place - 2) : place]]
            in_hand = _IN_HAND.match(action, end) is not None
            yield Phrase(
                plain, tuple(taken), in_hand or _is_handled(before), _is_capital(taken[-1], action)
            )
        place = max(at, place + 1)


def _is_capital(word: str, action: str) -> bool:
    return word.isupper() and len(word) > _OFTEN and not action.isupper()


def _ends_phrase(word: str) -> bool:
    plain = word.casefold()
    return plain in _STOPS or plain in _DETERMINERS or plain.endswith("ly")


def _cut_to_known(taken: list[str]) -> list[str]:
    """Up to the first word that is a thing: in `the lantern burns` the verb is none."""
    for place, word in enumerate(taken, 1):
        if single(word) in words("nouns", "props") and not _goes_on(taken[place:]):
            return taken[:place]
    return taken


def _goes_on(following: list[str]) -> bool:
    """Whether the next word is the thing itself: `a paper boat`."""
    return (
        bool(following)
        and single(following[0]) in words("nouns", "props")
        and following[0].casefold() not in _signs()
    )


@cache
def _signs() -> frozenset[str]:
    return frozenset(sign for state in states("props") for sign in state.signs)


def _is_handled(before: list[str]) -> bool:
    handling = words("verbs", "handle") | words("verbs", "handled")
    if before and before[-1] in handling:
        return True
    return len(before) > 1 and before[-1] in _PARTICLES and before[0] in handling


def _told(phrase: Phrase) -> str:
    """A phrase as a name: without states, which change, and without a plural."""
    kept = [
        word.casefold() if word.isupper() else word
        for word in phrase.words[:-1]
        if word.casefold() not in _signs()
    ]
    return " ".join(
        [*kept, phrase.words[-1].casefold() if phrase.words[-1].isupper() else phrase.words[-1]]
    )


def _matters(thing: Thing) -> bool:
    if not thing.noun.isalpha() or len(thing.noun) <= _OFTEN:
        return False
    if thing.noun in words("nouns", "props"):
        return thing.named >= _OFTEN or thing.handled > 0 or thing.capitals > 0
    if thing.noun in words("nouns", "clothes") | words("nouns", "places") | words("nouns", "body"):
        return False
    return thing.handled >= _OFTEN or (thing.capitals > 0 and thing.handled > 0)
