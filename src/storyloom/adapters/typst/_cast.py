"""Who is in a shot, and how they are drawn: by their described looks, the rest by their names.

Nothing else has a part in it, so that somebody looks the same in every picture of a story.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from storyloom.adapters.typst._brief import Brief
from storyloom.adapters.typst._words import Kinds, first, has, longest, said, tables
from storyloom.adapters.typst._words import told as told_in

MOST = 12  #: people of whom a crowd is made
_COUNTED = {"two": 2, "three": 3, "four": 4}
_TONES = 10  #: coats that the template has in the palette's own colours
_CHILD, _OLD = 13, 60
_NAMED = r"[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)?"
_DOER = re.compile(rf"\b({_NAMED})\s+(?:and\s+({_NAMED})\s+)?([a-z]+)\b")
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "sir", "lady", "miss", "st", "captain", "detective", "aunt"}
    | {"uncle", "father", "sister", "brother", "sergeant", "inspector", "king", "queen", "old"}
)
_NO_NAMES = frozenset(
    {"He", "She", "It", "They", "We", "You", "This", "That", "There", "Who", "The", "Then", "Now"}
    | {"Slowly", "Suddenly", "Meanwhile", "Finally", "But", "And", "When", "As", "While", "Here"}
    | {"Nobody", "Somebody", "Someone", "Everybody", "Everyone", "Nothing", "A", "An", "One"}
)
_PARTS = re.compile(r"[,;.]|\b(?:and|with|under|over|wearing|wears)\b|\bin (?=an?\b|his\b|her\b)")
_AGE = re.compile(r"\b(\d{1,2})\b")
_WORN_SHORT = ("short", "short", "curly", "short")
_WORN_LONG = ("long", "bob", "bun", "ponytail", "curly", "long")
_WORN = ("short", "bob", "curly")
_SKINS = ("#f3c9a5", "#8d5a3c", "#d99d73", "#5f3c2b", "#f0d0b4", "#b97b51")
_FAIR = ("#f3c9a5", "#f0d0b4", "#f6d6bd")
_HAIRS = ("#2a1d1a", "#3b2430", "#6b3f24", "#1c1a22", "#b98b4f", "#8a3a22")
_GREYS = ("#d9d5d0", "#9a9aa0", "#ece8e2")
_GARMENTS = ("coat", "jumper", "jacket", "jumper")


@dataclass(frozen=True, slots=True)
class Figure:
    """How somebody is drawn: colours, and shapes by the names that the templates have for them.

    Where `coat` is empty, the colour is that of the palette with the number `tone`.
    """

    name: str
    skin: str
    hair: str
    cut: str
    garment: str
    coat: str
    tone: int
    legs: str
    hat: str
    hat_colour: str
    beard: str
    apron: str
    glasses: bool
    freckles: bool
    child: bool


def cast_of(brief: Brief, seed: int) -> tuple[tuple[Figure, ...], int]:
    """Who is there and how many they are, the one of whom is told first in front.

    Strangers follow, `MOST` in all, who differ by the seed.
    """
    known = dict(_known(brief))
    counted, group = max(map(_counted, brief.told))
    somebody = _somebody(" ".join(brief.told)) if not known and not counted else ""
    if somebody:
        known[somebody] = somebody
    people = max(counted, len(known))
    figures = [figure_of(name, look) for name, look in known.items()]
    figures += [figure_of(f"{seed}-{place}", group) for place in range(len(figures), MOST)]
    return tuple(figures[:MOST]), people


@lru_cache(maxsize=1024)
def figure_of(name: str, look: str) -> Figure:
    """How somebody is drawn; the same for the same name and look."""
    chance = sha256(_first_name(name).encode()).digest()
    words = tables("look_words")
    whole, parts = said(f"{name}, {look}"), [said(part) for part in _PARTS.split(look.lower())]
    who, ages = words["who"], [int(age) for age in _AGE.findall(look)]
    is_old = has(whole, who["old"]) or (bool(ages) and ages[0] >= _OLD)
    sex = first(whole, {kind: who[kind] for kind in ("she", "he")})
    freckles = has(whole, words["marks"]["freckles"])
    worn = {"she": _WORN_LONG, "he": _WORN_SHORT}.get(sex, _WORN)
    hat, hat_colour = _worn(parts, words["hat"])
    garment, coat = _worn(parts, words["garment"])
    apron, apron_colour = _worn(parts, words["over"])
    _, legs = _worn(parts, words["legs"])
    return Figure(
        name=name,
        skin=_skin(parts) or _one_of(_FAIR if freckles else _SKINS, chance[0]),
        hair=_hair(parts) or _one_of(_GREYS if is_old else _HAIRS, chance[1]),
        cut=_cut(parts) or _one_of(worn, chance[2]),
        garment=garment
        or ("dress" if sex == "she" and chance[3] % 3 == 0 else "")
        or _one_of(_GARMENTS, chance[3]),
        coat=coat,
        tone=chance[4] % _TONES,
        legs=legs,
        hat=hat,
        hat_colour=hat_colour,
        beard=first(whole, words["beard"]),
        apron=(apron_colour or "#f1ede4") if apron else "",
        glasses=has(whole, words["marks"]["glasses"]),
        freckles=freckles,
        child=has(whole, who["child"]) or (bool(ages) and ages[0] < _CHILD),
    )


def _known(brief: Brief) -> Iterator[tuple[str, str]]:
    """Who is described or named, then those who are only called something, each with a look."""
    words = tables("shot_words")["people"]
    text = " ".join(brief.told)
    described = sorted(brief.looks.items(), key=lambda one: _place(one[0], text))
    yield from described
    names = {_first_name(name) for name, _ in described}
    told = said(" ".join(f"{name}, {look}" for name, look in described))
    for name in _names(text):
        if _first_name(name) not in names and f" {name.lower()} " not in told:
            names.add(_first_name(name))
            told += said(name)
            yield name, ""
    best = max(brief.told, key=lambda one: len(told_in(said(one), words["one"])))
    plain = said(best)
    places = told_in(plain, words["one"])
    ends = [*(place for place, _ in places[1:]), len(plain)]
    for (place, word), end in zip(places, ends if places else (), strict=True):
        if f" {word} " in told:
            continue
        if f" {word.removesuffix('s')} " in words["one"] and word.endswith("s"):
            yield word.removesuffix("s"), plain[place:end]
        yield word, plain[place:end]


def _counted(text: str) -> tuple[int, str]:
    """How many people a number or a plural tells of, and the word."""
    plain, words = said(text), tables("shot_words")["people"]
    kinds = {kind: words[kind] for kind in _COUNTED}
    kind = longest(plain, kinds)
    found = [form for _, form in told_in(plain, kinds.get(kind, ()))]
    return _COUNTED.get(kind, 0), max(found, key=len, default="")


def _somebody(text: str) -> str:
    found = told_in(said(text), tables("shot_words")["people"]["somebody"])
    return found[0][1] if found else ""


def _names(text: str) -> Iterator[str]:
    """Who does something in the text: `Mara` of `Mara runs`."""
    does = tables("shot_words")["people"]["does"]
    for one, other, verb in _DOER.findall(text):
        if f" {verb} " in does or (other and f" {verb}s " in does):
            for name in filter(None, (one, other)):
                left = [
                    word for word in name.split() if word not in _NO_NAMES and not word.isupper()
                ]
                if left:
                    yield " ".join(left)


def _first_name(name: str) -> str:
    words = [word.strip(".") for word in name.casefold().split()]
    return next((word for word in words if word not in _TITLES), name.casefold())


def _place(name: str, text: str) -> int:
    place = text.casefold().find(_first_name(name))
    return place if place >= 0 else len(text)


def _worn(parts: Sequence[str], kinds: Kinds) -> tuple[str, str]:
    """What somebody wears of these, and its colour; empty where nobody says."""
    found = [(kind, part) for part in parts if (kind := first(part, kinds))]
    coloured = [(kind, first(part, tables("look_words")["colours"])) for kind, part in found]
    return next((one for one in coloured if one[1]), coloured[0] if coloured else ("", ""))


def _hair(parts: Sequence[str]) -> str:
    words = tables("look_words")
    nouns = (*words["hair_nouns"]["hair"], *words["beard"]["beard"], *words["beard"]["moustache"])
    for part in parts:
        kinds = words["hair"] if has(part, nouns) else words["haired"]
        if colour := first(part, kinds):
            return colour
    return ""


def _skin(parts: Sequence[str]) -> str:
    words = tables("look_words")
    found = (first(part, words["skin"]) for part in parts if has(part, words["hair_nouns"]["skin"]))
    return next(filter(None, found), "")


def _cut(parts: Sequence[str]) -> str:
    """How the hair is worn. `short` alone says how tall somebody is."""
    words = tables("look_words")
    named = {kind: forms for kind, forms in words["cut"].items() if kind not in ("long", "short")}
    for part in parts:
        if cut := first(part, named):
            return cut
        if has(part, words["hair_nouns"]["hair"]) and (cut := first(part, words["cut"])):
            return cut
    return ""


def _one_of(choices: Sequence[str], chance: int) -> str:
    return choices[chance % len(choices)]
