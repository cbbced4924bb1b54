"""How people look, from what a script says when it introduces them.

MARIA LOPEZ (38, foreman, red cap), scar over the left eyebrow, climbs out.
She wears a yellow oilskin.
"""

import re
from collections import Counter
from collections.abc import Iterable

from storyloom.story.finding.cast import Cast, Person
from storyloom.story.script.units import Unit, UnitKind
from storyloom.story.script.vocabulary import WORD, words, words_in

MAX_LOOK = 300
_BRACKET = re.compile(r"^\s?\(([^()\n]{1,160})\)")
_NO_LOOK = re.compile(
    r"v\.?o|o\.?s|cont|reading|beat|laugh|to \w|pre-?lap|on (?:phone|screen)", re.IGNORECASE
)
#: , a foreman in a red cap, / , 38, / , scar over the left eyebrow,
_APPOSITION = re.compile(r"^,\s+([^,.;:()\n]{2,90})(?=[,.;])")
_AGED = re.compile(
    r"^(?:about |barely |nearly |only |almost )?(?:\d{1,2}|nine|ten|eleven|twelve|\w{3,6}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:s|-\w+)?(?: years old)?$",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"^(?:(?:still |always |already )?(?:a|an|in (?:a|an|his|her|their)|with (?:a|an|his|her|their)|wearing|dressed in|wrapped in) |his |her |(?:tall|short|thin|lean|heavy|stocky|bald|bearded|broad|slim|gaunt|wiry|grey|gray|white|red|black|dark|blond|blonde|old|young|elderly|scar|freckled)\b)",
    re.IGNORECASE,
)
_WEARS = re.compile(
    r"\b(?:wears|wore|is wearing|was wearing|is dressed in|was dressed in|dressed in|has|had)\s+((?:a|an|his|her|their|short|long|grey|gray|white|red|black|dark|blond|curly)\b[^.;:!?()\n]{2,100})",
    re.IGNORECASE,
)
#: She was nine, barefoot
_WAS = re.compile(r"\b(?:was|is)\s+([^,.;:()\n]{2,30})(?=[,.;])")
#: , a broad man with a grey moustache
_SORT = re.compile(
    r",\s+(an?\s+(?:[\w-]{1,20},?\s+){0,4}(?:man|woman|girl|boy|child|fellow|lady|gentleman|youth|teenager)\b[^.;:!?()\n]{0,100})"
)
_CUT = re.compile(
    r"(?:,?\s+(?:and|but|who|that|which|as|while|when|where)\s+|\s+[\u2014\u2013-]+\s+).*$"
)
_SHE = frozenset({"she", "her", "hers", "herself"})
_HE = frozenset({"he", "his", "himself"})
_SEXED = words_in("woman man girl boy lady gentleman grandmother grandfather mother father")
_CHILD, _YOUNG = 13, 18
_NUMBERS = "five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_CHILDREN = {word: age for age, word in enumerate(_NUMBERS.split(), 5)}
_SURE = 2


def describe(cast: Cast, units: Iterable[Unit]) -> None:
    """Give everybody what the script tells of their looks."""
    sexes: dict[str, Counter[str]] = {}
    alone: str | None = None
    for unit in units:
        if unit.begins:
            alone = None
        told = unit.text if unit.kind is UnitKind.ACTION else unit.action
        mentions = list(cast.mentions(told))
        for mention in mentions:
            _take_introduction(cast.people[mention.id], told[mention.end :])
        people = list(dict.fromkeys(mention.id for mention in mentions))
        alone = people[0] if len(people) == 1 else None if people else alone
        if alone is not None:
            _count_sex(told, sexes.setdefault(alone, Counter()))
            _take_clothes(cast.people[alone], told)
    for person in cast.people.values():
        counted = sexes.get(person.id, Counter())
        person.sex = _sex(counted)
        person.looks = _looks(person)


def look_of(person: Person) -> str:
    """All that is known of somebody's looks, for prompts."""
    return ", ".join(person.looks)[:MAX_LOOK].rstrip(" ,")


def _take_introduction(person: Person, following: str) -> None:
    bracket = _BRACKET.match(following)
    if bracket:
        following = following[bracket.end() :]
        if not _NO_LOOK.match(bracket[1]) and not person.looks:
            person.looks = [part.strip() for part in bracket[1].split(",") if part.strip()]
    elif person.looks:
        return
    while found := _APPOSITION.match(following):
        told = found[1].strip()
        if not (_AGED.match(told) or _DESCRIBES.match(told)) or _is_action(told):
            return
        _add(person, told)
        following = following[found.end() :]


def _is_action(told: str) -> bool:
    """Whether it tells what somebody does: `a hand on the door`, `her eyes on the sea`."""
    found = [word.casefold() for word in WORD.findall(told)]
    return bool({"hand", "hands", "eyes", "gaze", "arms"} & set(found[:3])) and " on " in told


def _take_clothes(person: Person, told: str) -> None:
    for found in _WAS.finditer(told):
        if _AGED.match(found[1]):
            _add(person, found[1])
    for found in _SORT.finditer(told):
        _add(person, found[1].strip(" ,"))
    for found in _WEARS.finditer(told):
        part = _CUT.sub("", found[1]).strip(" ,")
        nouns = {word.casefold() for word in WORD.findall(part)}
        if nouns & (words("nouns", "clothes") | words("nouns", "body")):
            _add(person, part)


def _add(person: Person, told: str) -> None:
    known = " ".join(person.looks).casefold()
    if told.casefold() not in known and len(known) + len(told) < MAX_LOOK:
        person.looks.append(told)


def _count_sex(told: str, counted: Counter[str]) -> None:
    """Count pronouns that are likely to be those of the only one who is named."""
    before = ""
    for word in WORD.findall(told):
        plain = word.casefold()
        # Gives her one: that is somebody else.
        is_object = plain == "her" and before in words("verbs", "handle")
        if (plain in _SHE or plain in _HE) and not is_object:
            counted["she" if plain in _SHE else "he"] += 1
        before = plain


def _sex(counted: Counter[str]) -> str:
    for one, other in (("she", "he"), ("he", "she")):
        if counted[one] > _SURE * counted[other]:
            return one
    return ""


def _looks(person: Person) -> list[str]:
    """Looks with a word for what a painter has to know first: woman, boy."""
    said = {word.casefold() for look in (*person.looks, person.name) for word in WORD.findall(look)}
    if not person.sex or said & _SEXED:
        return person.looks
    return [_kind(person), *person.looks]


def _kind(person: Person) -> str:
    ages = [age for look in person.looks if (age := _age(look))]
    is_she = person.sex == "she"
    if ages and ages[0] < _CHILD:
        return "girl" if is_she else "boy"
    if ages and ages[0] < _YOUNG:
        return "teenage girl" if is_she else "teenage boy"
    return "woman" if is_she else "man"


def _age(look: str) -> int:
    """The age that a look begins with; 0 where it tells none."""
    first = re.match(r"(\d{1,2})\b|(\w+)", look)
    if first is None:
        return 0
    return int(first[1]) if first[1] else _CHILDREN.get(first[2].casefold(), 0)
