"""Where and when scenes happen, and in which weather."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from storyloom.story.finding.cast import Cast, new_id
from storyloom.story.script.schemas import Inside, Place
from storyloom.story.script.vocabulary import WORD, signs, words, words_in

MAX_PLACES = 500
MAX_LOOK = 160
_PREPOSITIONS = (
    "in|at|inside|on|into|onto|to|through|across|outside|behind|under|over|along|of|from"
)
#: in the top of the old chestnut tree / to the roof of the bakery
_WHERE = re.compile(
    rf"\b(?P<verb>[\w'\u2019-]+)\s+(?P<prep>{_PREPOSITIONS})\s+(?:the|a|an|her|his|their|its|this|that)\s+(?=(?P<rest>[^.,;:!?()\"\u201c\u201d]{{2,60}}))",
    re.IGNORECASE,
)
_INWARD = words_in("in at inside on into onto to through across outside along")
_OF_THE = re.compile(r"^\s+of (?:the|a|an|his|her|their)\s+")
_DESCRIBES = re.compile(r"^(?:an?|no|the)\s", re.IGNORECASE)
_DESCRIBING = words_in(
    "room space hall walls wall ceiling floor windows shelves all full lined narrow wide small tiny"
    " huge empty dim dark bright old cramped bare white black grey cluttered abandoned vast low high"
)
_TIME_BEFORE = words_in("by at in the that this next one every late early since until before after")
_BEGINS = frozenset('.!?:\u2026"\u201c\u00ab')
_REACH = 3  # words between "the" and a place's noun
_ALONE = words_in("moonlight moonlit starlight nightfall daybreak")  # tell the time by themselves
_TIME_LEAD = 2


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a beat happens, and when."""

    place: str = ""
    inside: Inside | None = None
    time: str = ""
    weather: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """In words, for people and other clients."""
        inside = "interior and exterior" if self.inside == "both" else self.inside
        return tuple(one for one in (inside, self.time, *self.weather) if one)


class Places:
    """The places of a story, by their names."""

    def __init__(self, cast: Cast, texts: Iterable[str]) -> None:
        """Take who is in it and all its text, which tell names in a place's name from other words."""
        self.all: dict[str, Place] = {}
        self._known: dict[tuple[str, Inside | None], str] = {}
        people = {part for one in cast.people.values() for part in one.name.split()}
        self._large = {part.casefold(): part for part in people} | _large(texts)

    def named(self, name: str, inside: Inside | None = None) -> str:
        """The id of a place; a new one where nobody has named it."""
        plain = name.casefold()
        known = self._known.get((plain, inside))
        if known is None and inside is None:
            known = next((one for (other, _), one in self._known.items() if other == plain), None)
        if known is not None or not plain or len(self.all) >= MAX_PLACES:
            return known or ""
        made = new_id(name, self.all, "place")
        self._known[plain, inside] = made
        self.all[made] = Place(id=made, name=self._shown(name), inside=inside)
        return made

    def describe(self, place: str, sentence: str, beat: str) -> None:
        """Note the first beat of a place, and how it looks where the sentence only tells that."""
        known = self.all.get(place)
        if known is None or known.first_beat:
            return
        look = sentence.rstrip(". ") if is_description(sentence) else ""
        shown = f"{look[:1].lower()}{look[1:]}"
        self.all[place] = known.model_copy(update={"first_beat": beat, "look": shown})

    def _shown(self, name: str) -> str:
        """Small, but for names; as it is where the script has written it so."""
        if not name.isupper():
            return name
        return WORD.sub(lambda word: _cased(word[0], self._large), name)


def is_description(sentence: str) -> bool:
    """Whether a sentence tells how a place looks, and nothing that happens there."""
    found = [word.casefold() for word in WORD.findall(sentence)]
    if len(sentence) > MAX_LOOK or not _DESCRIBES.match(sentence):
        return False
    kinds = ("move", "handle", "strong", "happen")
    verbs = frozenset[str]().union(*(words("verbs", kind) for kind in kinds))
    happens = any(word in verbs and word.endswith(("s", "ing", "ed")) for word in found)
    return not happens and bool(
        set(found) & (_DESCRIBING | words("nouns", "places") | words("pictures", "vast"))
    )


def where(sentence: str) -> str:
    """The place that a sentence of prose goes on in; empty where it tells none."""
    for found in _WHERE.finditer(sentence):
        verb, prep = found["verb"].casefold(), found["prep"].casefold()
        if prep not in _INWARD or verb in words("verbs", "perceive"):
            continue
        name = _place_in(found["rest"])
        if name:
            return name
    return ""


def time_in(sentence: str) -> str:
    """The time of day that a sentence tells; empty where it tells none."""
    found = [word.casefold() for word in WORD.findall(sentence)]
    for place, word in enumerate(found):
        time = _times_told().get(word)
        lead = found[max(0, place - _TIME_LEAD) : place]
        if time and (word in _ALONE or not _TIME_BEFORE.isdisjoint(lead)):
            return time
    return ""


def weather_in(sentence: str) -> tuple[str, ...]:
    """The weather that a sentence tells."""
    found = {word.casefold() for word in WORD.findall(sentence)}
    return tuple(name for name, telling in signs("weather").items() if telling & found)


def _place_in(rest: str) -> str:
    tokens = list(WORD.finditer(rest))
    nouns = words("nouns", "places")
    for place, token in enumerate(tokens[: _REACH + 1]):
        if token[0].casefold() not in nouns:
            continue
        following = tokens[place + 1][0].casefold() if place + 1 < len(tokens) else ""
        if following in nouns:
            continue
        name = rest[: token.end()]
        whole = _OF_THE.match(rest[token.end() :])
        inner = _place_in(rest[token.end() + whole.end() :]) if whole else ""
        return f"{name} of the {inner}" if inner else name
    return ""


@cache
def _times_told() -> Mapping[str, str]:
    return {word: time for time, telling in signs("time_signs").items() for word in telling}


def _large(texts: Iterable[str]) -> dict[str, str]:
    """Words that are written large inside of sentences, and never small."""
    large, small = set[str](), set[str]()
    for text in texts:
        at = 0
        for word in WORD.finditer(text):
            begins = at == 0 or not _BEGINS.isdisjoint(text[at : word.start()])
            at = word.end()
            if word[0][0].islower():
                small.add(word[0])
            elif not word[0].isupper() and not begins:
                large.add(word[0])
    return {word.casefold(): word for word in large if word.casefold() not in small}


def _cased(word: str, large: dict[str, str]) -> str:
    bare = word.casefold()
    owner = bare[:-2] if bare.endswith(("'s", "\u2019s")) else bare
    return f"{large[owner]}{word[len(owner) :].lower()}" if owner in large else bare
