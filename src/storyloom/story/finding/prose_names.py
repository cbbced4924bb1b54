"""The cast of a prose text: who is written large, and acts or is spoken of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyloom.story.finding.cast import Cast
from storyloom.story.script.sentences import sentences
from storyloom.story.script.spoken import PRONOUNS
from storyloom.story.script.units import Unit
from storyloom.story.script.vocabulary import WORD, words

_BEFORE_PLACES = frozenset(
    {"in", "at", "from", "into", "near", "across", "through", "to", "of", "around"}
)
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "captain",
        "sergeant",
        "professor",
        "aunt",
        "uncle",
        "sister",
        "brother",
        "father",
        "mother",
    }
)
_SHORTENED = frozenset({"mr", "mrs", "ms", "dr"})
_VERB_ENDS = ("ed", "s", "ew", "ood", "an")
_OFTEN = 2
_AS_PLACE = 0.5
_LONGEST = 3


@dataclass(slots=True)
class _Seen:
    """How a word is used in a text."""

    large: Counter[str] = field(default_factory=Counter[str])
    inner: Counter[str] = field(default_factory=Counter[str])  #: large, and not at the start
    acting: Counter[str] = field(default_factory=Counter[str])  #: at the start, a verb behind it
    small: Counter[str] = field(default_factory=Counter[str])
    as_place: Counter[str] = field(default_factory=Counter[str])
    together: Counter[tuple[str, ...]] = field(default_factory=Counter[tuple[str, ...]])
    kinds: Counter[str] = field(default_factory=Counter[str])  #: `the old keeper`
    speakers: Counter[str] = field(default_factory=Counter[str])
    spoken: set[str] = field(default_factory=set[str])  #: words of their names


def cast_of_prose(units: Sequence[Unit]) -> Cast:
    """Find the people of a text, those that are mentioned most first."""
    seen = _Seen()
    for unit in units:
        _look(unit.text, seen)
        if unit.speaker and unit.speaker.casefold() not in PRONOUNS:
            seen.speakers[unit.speaker] += 1
            seen.spoken.update(unit.speaker.split())
    cast = Cast()
    for name in _full_names(seen):
        person = cast.add(name)
        for part in name.split():
            if part.casefold().strip(".") not in _TITLES and _is_name(part, seen):
                cast.call(person, part)
    speaking = _kinds_among(seen.speakers)
    for kind, count in (seen.kinds + speaking).most_common():
        if count >= _OFTEN or kind in speaking:
            cast.add(kind)
    _join_kinds(cast, units)
    return cast


def _join_kinds(cast: Cast, units: Sequence[Unit]) -> None:
    """Find out that the baker is Mr. Ott.

    A kind of person that is first named right after somebody, in the same paragraph, and never
    beside them in a sentence, is they.
    """
    before: dict[str, str] = {}
    beside: dict[str, set[str]] = {}
    last = ""
    for unit in units:
        last = "" if unit.begins else last
        named = cast.ids_in(f"{unit.speaker} {unit.text}" if unit.speaker else unit.text)
        for one in named:
            beside.setdefault(one, set()).update(named)
            before.setdefault(one, last)
        last = named[0] if len(named) == 1 else ""
    for kind, other in before.items():
        person = cast.people[kind]
        known = cast.people.get(other)
        if person.is_generic and known and not known.is_generic and other not in beside[kind]:
            cast.join(person, known)


def _look(text: str, seen: _Seen) -> None:
    for sentence in sentences(text):
        tokens = [(word[0], word.start()) for word in WORD.finditer(sentence)]
        run: list[str] = []
        for place, (word, _) in enumerate(tokens):
            is_large = word[0].isupper()
            bare = word.removesuffix("'s").removesuffix("\u2019s")
            if is_large:
                _count(bare, place, tokens, seen)
            else:
                seen.small[word.casefold()] += 1
                _count_kind(place, tokens, seen)
            run = [*run[-_LONGEST:], bare] if is_large and _may_be_name(bare) else []
            if 1 < len(run) <= _LONGEST:
                seen.together[tuple(run)] += 1


def _may_be_name(word: str) -> bool:
    plain = word.casefold().strip(".")
    return plain in _TITLES or plain not in words("nouns", "no_names")


def _count(word: str, place: int, tokens: list[tuple[str, int]], seen: _Seen) -> None:
    seen.large[word] += 1
    if place:
        seen.inner[word] += 1
        seen.as_place[word] += tokens[place - 1][0].casefold() in _BEFORE_PLACES
    elif len(tokens) > 1:
        following = tokens[1][0]
        seen.acting[word] += following.islower() and following.endswith(_VERB_ENDS)


def _count_kind(place: int, tokens: list[tuple[str, int]], seen: _Seen) -> None:
    """Count `the old keeper`, where the noun is one for people."""
    if tokens[place][0] not in words("nouns", "people"):
        return
    for back in (1, 2):
        if place >= back and tokens[place - back][0].casefold() == "the":
            seen.kinds[
                "the " + " ".join(word for word, _ in tokens[place - back + 1 : place + 1])
            ] += 1
            return


def _is_name(word: str, seen: _Seen) -> bool:
    plain = word.casefold().strip(".")
    if plain in words("nouns", "no_names") or len(plain) < _OFTEN or not word[0].isupper():
        return False
    if word in seen.spoken:
        return True
    if seen.small[plain] * 2 > seen.large[word]:
        return False
    if seen.as_place[word] > seen.inner[word] * _AS_PLACE:
        return False
    return seen.inner[word] >= _OFTEN or (seen.acting[word] >= 1 and seen.large[word] >= _OFTEN)


def _full_names(seen: _Seen) -> list[str]:
    """Names, the longest form of each, in the order in which they are mentioned most."""
    names = [word for word, _ in seen.large.most_common() if _is_name(word, seen)]
    known, full = frozenset(names), dict[str, str]()
    for run, _ in seen.together.most_common():
        if all(part in known or part.casefold().strip(".") in _TITLES for part in run):
            for part in run:
                if len(run) > len(full.get(part, "").split()):
                    full[part] = " ".join(map(_stopped, run))
    return list(
        dict.fromkeys(full.get(name, name) for name in names if name.casefold() not in _TITLES)
    )


def _stopped(word: str) -> str:
    """A title with its full stop."""
    return f"{word}." if word.casefold() in _SHORTENED else word


def _kinds_among(speakers: Counter[str]) -> Counter[str]:
    return Counter(
        {
            name.casefold(): count
            for name, count in speakers.items()
            if name.casefold().startswith("the ")
        }
    )
