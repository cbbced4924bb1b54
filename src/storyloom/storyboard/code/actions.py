"""What a file does, as verbs and the things that they are done to, taken from its names."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storyloom.storyboard.capabilities import Capabilities
from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind, Remark
from storyloom.storyboard.code.names import (
    ALSO_NOUNS,
    DETERMINERS,
    NOT_NOUNS,
    QUIET,
    ROLES,
    SILENT,
    STOPS,
    VAGUE,
    VERBS,
    base_verb,
    is_acronym,
    is_agent,
    is_counted,
    spoken,
    words,
)
from storyloom.storyboard.code.nouns import (
    COINS,
    is_callback,
    is_figure,
    is_question,
    is_sayable,
    own_nouns,
)
from storyloom.storyboard.code.prose import sentences
from storyloom.storyboard.english import is_mass, is_plural, plural, singular, stem

_WORK = frozenset({Kind.FUNCTION, Kind.METHOD})
_QUIET_WEIGHT = 0.35
_NOUN_WEIGHT = 0.5
_GUESS = 0.7
_WORK_OUT = "[work] out"
_LONGEST_THING = 3  # words; longer names read as code
_SHORTEST_WORD = 3
_FEW = 2
_OPENERS = frozenset({"handle", "do", "perform", "try", "maybe"})
#: Verbs that a name may close with: `order_cancel` cancels orders.
_DEEDS = frozenset(
    [
        "add",
        "approve",
        "archive",
        "cancel",
        "close",
        "create",
        "delete",
        "download",
        "edit",
        "export",
        "import",
        "list",
        "publish",
        "reject",
        "remove",
        "renew",
        "restore",
        "save",
        "search",
        "send",
        "submit",
        "update",
        "upload",
    ]
)
_OF_PEOPLE = frozenset({"login", "logout", "auth"})
_PEOPLE = frozenset(
    [
        "account",
        "admin",
        "client",
        "customer",
        "employee",
        "guest",
        "member",
        "people",
        "person",
        "user",
    ]
)
_FAULTS = frozenset({"error", "exception", "warning", "exceptions", "errors", "fault"})
_ADJECTIVE = re.compile(
    r"(?:able|ible|less|ful|ically|edly|ously|.{3}ized|.{3}ised|(?<!fe|se|ne|be)(?<!spe)(?<!emb)ed)$"
)
_STATED = re.compile(
    r"((?:[A-Za-z]+)(?:(?:/|, (?:and )?| and )[A-Za-z]+){0,3}?)\s+([A-Za-z][^.;:()]{2,80})"
)
_WORD = re.compile(r"(?!and\b)[A-Za-z]+")
STATED = 3.0  #: the weight of what a file says of itself
_BARE = re.compile(r"[^\w\s'-]")
_LINKS = STOPS | frozenset(
    {"and", "or", "which", "whether", "whose", "who", "is", "are", "was", "has", "can"}
)
_EMPTY_DOC_VERBS = frozenset({"return", "give", "make", "set", "create", "test", "note", "get"})
_DROPPED = VAGUE | NOT_NOUNS | COINS  # from the end of a thing
_DROPPED_OF_TYPES = _DROPPED | ROLES
_NEWS = VAGUE | {"event"}  # what a screen gives to all that it calls

Thing = tuple[str, ...]  #: the words of a noun, in the singular: ("webhook", "signature")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done: the marked verb, the thing, how much it counts, and where it is."""

    verb: str
    thing: Thing
    weight: float
    lines: tuple[int, int]


def thing_of(parts: Iterable[str], *, roles: bool = False) -> Thing:
    """Keep the words that name something; empty when none does.

    With `roles`, words such as `service` fall off the end of a type's name.
    """
    kept: list[str] = []
    for word in parts:
        if word.lower() in STOPS or word.lower() == "and":
            break
        kept.append(word)
    dropped = _DROPPED_OF_TYPES if roles else _DROPPED
    while kept and (_is_in(kept[-1], dropped, roles=roles) or not is_word(kept[-1])):
        kept.pop()
    while kept and (kept[0].lower() in NOT_NOUNS or not is_word(kept[0])):
        kept.pop(0)
    if not kept or not (is_acronym(kept[-1]) or _can_be_noun(kept[-1].lower())):
        return ()
    if is_acronym(kept[-1]) and not (is_counted(kept[-1]) or is_mass(kept[-1])):
        return ()
    last = kept[-1] if is_acronym(kept[-1]) or is_mass(kept[-1]) else singular(kept[-1])
    return (*kept[-_LONGEST_THING:-1], last)


def _is_in(word: str, dropped: frozenset[str], *, roles: bool) -> bool:
    """Whether a word falls away; of the names of files and types also in the plural: `views`."""
    lower = word.lower()
    return lower in dropped or (roles and singular(lower) in dropped)


def _can_be_noun(word: str) -> bool:
    if word in VERBS or singular(word) in VERBS:
        return singular(word) in ALSO_NOUNS
    return not _ADJECTIVE.search(word)


def is_word(word: str) -> bool:
    """Whether a part of a name looks like a word that a reader knows."""
    if is_acronym(word) or not word.isascii():
        return True
    return len(word) >= _SHORTEST_WORD and any(letter in "aeiouy" for letter in word)


def said(thing: Thing) -> str:
    """Write a thing as a plural noun phrase: `webhook signatures`, but `payback`."""
    phrase = " ".join(thing)
    return phrase if is_mass(thing[-1]) and not is_acronym(thing[-1]) else plural(phrase)


def actions_of(facts: CodeFacts) -> list[Action]:
    """Find the actions of the public operations, in the file's order."""
    known = own_nouns(facts)
    work = [one for one in facts.public if _is_work(one)]
    # Of a program that offers nothing to others, such as a server, the work is its own.
    work = work or [one for one in facts.definitions if _is_work(one)]
    types = _things_of_types(facts)
    told = [(one, _action(one, types)) for one in work]
    found = [*_shown(facts), *(action for _, action in told if action)]
    by_noun = _figure if found else _noun
    found += [noun for one, action in told if action is None and (noun := by_noun(one))]
    # A name that was never split, such as `extractall`, is a word of this file alone.
    unsplit = (one for one in facts.definitions if one.kind in _WORK)
    own = {stem(one.name) for one in unsplit if not _is_in_lexicon(one.name)}
    found = [one for one in found if stem(one.thing[-1]) not in own]
    return [one for one in _stated(facts.doc) + found if is_sayable(one.thing, known)]


def _shown(facts: CodeFacts) -> list[Action]:
    """Find what the components of a screen show."""
    components = [one for one in facts.public if one.kind is Kind.COMPONENT]
    return [
        Action("[show]", thing, 1.0, (one.first_line, one.first_line))
        for one in components
        if (thing := thing_of_type(one.name))
    ]


def _is_work(one: Definition) -> bool:
    return one.kind in _WORK and not (is_callback(one.name) or is_question(one.name))


def _stated(doc: Remark | None) -> list[Action]:
    """Take what a file says of itself: `Calculate payback and yearly savings for contractors`."""
    first = next(iter(sentences(doc.text)), "") if doc else ""
    found = _STATED.match(first)
    if doc is None or found is None:
        return []
    verbs = [_known_verb(word) for word in _WORD.findall(found[1])]
    if not verbs[0] or _is_noun_phrase(found[1], found[2]):
        return []
    things = [thing_of(_named(part)) for part in re.split(r",| and ", found[2])[:3]]
    lines = (doc.first_line, doc.last_line)
    return [
        Action(verb, thing, STATED, lines) for verb in verbs for thing in things if verb and thing
    ]


def _is_noun_phrase(verb: str, rest: str) -> bool:
    """Tell `Dispatch board for crews` from `Dispatch the crews`."""
    following = rest.split(" ", 1)[0].strip(",").lower()
    may_be_noun = verb.lower() in ALSO_NOUNS
    return may_be_noun and following not in DETERMINERS and not is_plural(following)


def _known_verb(word: str) -> str:
    lower = word.lower()
    verb = lower if lower in VERBS else base_verb(lower)
    return VERBS[verb] if verb and verb not in _EMPTY_DOC_VERBS else ""


def _goes_on(word: str) -> bool:
    return word.lower() not in _LINKS and base_verb(word) in ALSO_NOUNS | {""}


def _named(part: str) -> list[str]:
    """Give the words of a noun phrase, without the articles before it."""
    parts = part.split()
    while parts and parts[0].lower() in DETERMINERS:
        parts.pop(0)
    kept = list(itertools.takewhile(_goes_on, parts))
    # `random numbers` would lose its noun, but `CSV files` is just as well a kind of data.
    is_vague = kept[-1:] and kept[-1].lower() in VAGUE and not is_mass(kept[0])
    is_short = 0 < len(kept) <= _LONGEST_THING and not is_vague
    return [w if is_acronym(w) else w.lower() for w in kept] if is_short else []


def _lines(one: Definition) -> tuple[int, int]:
    return one.first_line, one.last_line


def _is_in_lexicon(word: str) -> bool:
    return Capabilities.packaged().knows(word)


def _action(one: Definition, types: Mapping[str, Thing]) -> Action | None:
    parts = _deed_first(words(one.name))
    if not parts or parts[0].lower() in SILENT - QUIET:
        return None
    verb = parts[0].lower()
    is_of_people = verb in _OF_PEOPLE and singular(parts[-1].lower()) not in _PEOPLE
    known = None if is_of_people or _is_sum(parts) else VERBS.get(verb)
    weight = _QUIET_WEIGHT if verb in QUIET else 1.0 + (0.3 if one.doc else 0.0)
    thing = thing_of(parts[1:])
    if known is None:
        known, weight = _verb_of_doc(one), _NOUN_WEIGHT
        told = _thing_of_doc(one) if len(parts) == 1 else ()
        thing = told or thing_of(parts)
    if not thing and (thing := _thing_of_doc(one)):
        known = _verb_of_doc(one)
    elif not thing:
        thing, weight = _thing_left_open(one, parts, types), weight * _GUESS
    is_said = known and thing and stem(known.partition("]")[0].lstrip("[")) != stem(thing[-1])
    return Action(known, thing, weight, _lines(one)) if known and is_said else None


def _is_sum(parts: tuple[str, ...]) -> bool:
    """Whether a name is that of a sum of money: `balance_cents` balances nothing."""
    first, last = parts[0].lower(), parts[-1].lower()
    return last in COINS and first not in COINS and (first not in VERBS or first in ALSO_NOUNS)


def _deed_first(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Put the verb of `handle_cancel_order` and of `order_cancel` first."""
    lower = [part.lower() for part in parts]
    if len(lower) > 1 and lower[0] in _OPENERS and _is_deed(lower[1]):
        parts, lower = parts[1:], lower[1:]
    is_noun = lower[:1] and (lower[0] not in VERBS or lower[0] in ALSO_NOUNS - _DEEDS)
    if len(lower) > 1 and is_noun and lower[-1] in _DEEDS and lower[0] not in SILENT:
        return (parts[-1], *parts[:-1])
    return parts


def _is_deed(word: str) -> bool:
    return word in _DEEDS or (word in VERBS and word not in ALSO_NOUNS)


def matter_of(thing: Thing) -> Thing:
    """Leave what is worked on: of an `event scheduler` the event, of a `byte record` the record."""
    while thing and is_agent(thing[-1]):
        thing = thing[:-1]
    while thing and thing[0].lower() in VAGUE:
        thing = thing[1:]
    while thing and thing[-1].lower() in VAGUE:
        thing = thing[:-1]
    return thing


def _thing_left_open(one: Definition, parts: tuple[str, ...], types: Mapping[str, Thing]) -> Thing:
    """Take what a method is given, or its owner, where the name tells none.

    `Desk.lend(book)` lends books if the file says what a book is; if not, it is not known what is
    lent. `Signature.verifyHeader` verifies signatures.
    """
    is_open = {part.lower() for part in parts[1:]} <= VAGUE - STOPS and len(parts) <= _FEW
    if not is_open:
        return ()
    given = [word.lower() for word in words(_first_given(one.takes))]
    if len(parts) == 1 and one.owner and given:
        if known := next((types[word] for word in given if word in types), ()):
            return known
        if any(is_sayable((word,)) for word in given if word not in _NEWS):
            return ()
    return matter_of(thing_of_type(one.owner))


def _first_given(takes: str) -> str:
    """Give the first parameter that a caller has to fill; `self` is none."""
    first = next((one for one in takes.split(",") if "self" not in words(one)), "")
    return "" if "=" in first else first


def _things_of_types(facts: CodeFacts) -> Mapping[str, Thing]:
    """Give the things that the types of a file are about, each by its name."""
    types = (one for one in facts.definitions if one.kind is Kind.TYPE)
    return {one.name.lower(): thing for one in types if (thing := thing_of_type(one.name))}


def _opening(one: Definition) -> list[str]:
    """Give the words that a doc opens with; Go repeats the name first, and that falls away."""
    first = next(iter(sentences(one.doc[:400])), "").split()
    name = spoken(one.name).lower().split()
    repeats = [word.lower() for word in first[: len(name)]] == name and len(first) > len(name)
    is_quoted = one.doc.split(" ", 1)[0] == one.name and one.name[:1].isupper()
    if repeats and (is_quoted or _known_verb(first[len(name)])):
        return first[len(name) : len(name) + 9]
    return first[:9]


def _verb_of_doc(one: Definition) -> str:
    """Find the verb that a doc opens with: `Calculates the yearly savings`."""
    return _known_verb(next(iter(_opening(one)), ""))


def _thing_of_doc(one: Definition) -> Thing:
    """Find what a doc's opening verb is done to: `Cancel an event before it runs`."""
    kept: list[str] = []
    for token in _opening(one)[1:] if _verb_of_doc(one) else []:
        word = _BARE.sub("", token).removesuffix("'s")
        if word.lower() in DETERMINERS and not kept:
            continue
        if not word or word.lower() in _LINKS:
            break
        kept.append(word if is_acronym(word) else word.lower())
        if word != token:
            break
    return thing_of(kept) if len(kept) <= _LONGEST_THING else ()


def _noun(one: Definition) -> Action | None:
    """Take a function that is named after what it gives."""
    parts = words(one.name)
    if parts and (parts[0].lower() in SILENT or parts[0].lower() in VERBS):
        parts = parts[1:]
    thing = thing_of(parts)
    verb = _WORK_OUT if thing and is_figure(thing[-1]) else "[provide]"
    return Action(verb, thing, _NOUN_WEIGHT, _lines(one)) if thing else None


def _figure(one: Definition) -> Action | None:
    """Take what works out a figure from what it is given: `fine_cents(loan)`, but no `cost`."""
    first, *rest = words(one.name) or ("",)
    is_named = rest and (_is_sum((first, *rest)) or is_figure(rest[-1]))
    is_worked_out = is_named and first.lower() not in SILENT and _first_given(one.takes)
    thing = thing_of((first, *rest)) if is_worked_out else ()
    return Action(_WORK_OUT, thing, _NOUN_WEIGHT, _lines(one)) if thing else None


def is_fault(name: str) -> bool:
    """Whether a type is one of something that went wrong: `LoanError`."""
    return any(word.lower() in _FAULTS for word in words(name)[-1:])


def thing_of_type(name: str) -> Thing:
    """Name what a type is about: `InvoiceRepository` is about an invoice, a fault about nothing."""
    parts = words(name)
    if is_fault(name):
        return ()
    if parts[:1] in {("abstract",), ("base",), ("default",), ("i",)}:
        parts = parts[1:]
    return thing_of(parts, roles=True)
