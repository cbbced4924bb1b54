"""The cast of a screenplay: who speaks, and who is introduced in capitals."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from storyloom.story.finding.cast import Cast, Person
from storyloom.story.script.elements import Action, RawScript, Speech
from storyloom.story.script.vocabulary import WORD, words

_TOGETHER = re.compile(r"\s+(?:AND|&)\s+|\s*[/&+,]\s*")
_JOINT = re.compile(r"[^'\u2019-]+")
_NUMBER = re.compile(r"\s*#?\d{1,3}$")
_EVERYBODY = frozenset(
    {"both", "all", "everyone", "everybody", "together", "crowd", "voices", "voice"}
)
_CAPITALS = r"[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de'\u2019.\-]{0,30}"
#: MARIA LOPEZ (38, foreman, red cap)
INTRODUCED = re.compile(
    rf"\b({_CAPITALS}(?:[ ]{_CAPITALS}){{0,3}})[ ]?(\([^()\n]{{1,160}}\))?(?!\w)"
)
#: Maria Lopez (38, foreman)
AGED = re.compile(
    r"\b((?:[A-Z\u00c0-\u00de][\w'\u2019-]{1,30}[ ]){1,3})\((\s?(?:\d{1,2}s?|early|mid|late|teens?|twenties|thirties|forties|fifties|sixties)\b[^()\n]{0,160})\)"
)
_ARTICLES = frozenset({"a", "an", "the"})


def cast_of_screenplay(script: RawScript) -> Cast:
    """Find everybody who speaks or is introduced."""
    actions = [
        part.text for scene in script.scenes for part in scene.parts if isinstance(part, Action)
    ]
    spoken = [part for scene in script.scenes for part in scene.parts if isinstance(part, Speech)]
    written = _written(actions)
    cast = Cast()
    for name in _introduced(actions):
        cast.add(shown(name, written))
    for speech in spoken:
        for name in names_in_cue(speech.name):
            _add_speaker(cast, shown(name, written))
    _call_by_parts(cast)
    return cast


def names_in_cue(cue: str) -> list[str]:
    """Who speaks under a name such as `MARIA AND TEO`; nobody in particular under `ALL`."""
    parts = [part.strip() for part in _TOGETHER.split(cue) if part.strip()]
    return [part for part in parts if part.casefold() not in _EVERYBODY]


def shown(name: str, written: dict[str, str]) -> str:
    """A name as people write it: `MARIA O'BRIEN` is `Maria O'Brien`, `MCKAY` what the text calls it."""
    if not name.isupper():
        return name
    return " ".join(written.get(word.casefold(), _titled(word)) for word in name.split())


def _titled(word: str) -> str:
    return _JOINT.sub(lambda part: part[0][:1] + part[0][1:].lower(), word)


def _written(actions: Iterable[str]) -> dict[str, str]:
    """How words with a capital are written where not all of them is capitals."""
    counted = Counter(
        word[0]
        for text in actions
        for word in WORD.finditer(text)
        if word[0][0].isupper() and not word[0].isupper() and len(word[0]) > 1
    )
    forms: dict[str, str] = {}
    for word, _ in counted.most_common():
        bare = re.sub(r"['\u2019]s$", "", word)
        forms.setdefault(bare.casefold(), bare)
    return forms


def _introduced(actions: Iterable[str]) -> Iterator[str]:
    """Names in capitals that a bracket, or a word for people, tells from a noise."""
    people = words("nouns", "people")
    for text in actions:
        for found in INTRODUCED.finditer(text):
            name = found[1].strip(" .-")
            plain = [word.casefold() for word in name.split()]
            if plain and plain[0] in _ARTICLES:
                name, plain = name.split(" ", 1)[-1], plain[1:]
            is_told = found[2] is not None and looks_like_somebody(found[2])
            if (
                len(name) > 1
                and not text.isupper()
                and (is_told or (plain[-1:] and plain[-1] in people))
            ):
                yield name
        for found in AGED.finditer(text):
            yield found[1].strip()


def looks_like_somebody(bracket: str) -> bool:
    """Whether what stands in brackets can describe somebody: an age, or a few of their marks."""
    inner = bracket.strip("() ")
    return bool(re.match(r"\d{1,2}s?\b|early|mid|late|teens?\b", inner)) or (
        any(char.islower() for char in inner)
        and not inner.casefold().startswith(("v.o", "o.s", "cont"))
    )


def _add_speaker(cast: Cast, name: str) -> Person:
    """A speaker is one who was introduced, where the name is a part of theirs and of nobody else's."""
    known = cast.named(name)
    if known is not None:
        return known
    parts = {part.casefold() for part in name.split()}
    fitting = [
        one for one in cast.people.values() if parts <= {p.casefold() for p in one.name.split()}
    ]
    if len(fitting) == 1:
        cast.call(fitting[0], name)
        return fitting[0]
    return cast.add(name)


def _call_by_parts(cast: Cast) -> None:
    """Let everybody be called by each part of their name that is nobody else's."""
    people = words("nouns", "people") | words("nouns", "no_names")
    counted = Counter(
        part.casefold() for one in cast.people.values() for part in set(one.name.split())
    )
    for person in list(cast.people.values()):
        parts = [_NUMBER.sub("", part) for part in person.name.split()]
        for part in parts if len(parts) > 1 else ():
            plain = part.casefold().strip(".")
            is_own = counted[part.casefold()] == 1 and plain not in people and len(plain) > 1
            if is_own and plain not in words("sentences", "titles"):
                cast.call(person, part)
