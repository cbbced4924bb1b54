"""What a file does, as verbs and the things that they are done to, taken from its names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.names import (
    ALSO_NOUNS,
    NOT_NOUNS,
    ROLES,
    SILENT,
    STOPS,
    VAGUE,
    VERBS,
    is_acronym,
    words,
)
from storyloom.storyboard.code.prose import sentences
from storyloom.storyboard.english import is_mass, is_plural, plural, singular

_QUIET = {"get": "[look] up", "set": "[set]", "handle": "[handle]"}
_QUIET_WEIGHT = 0.35
_NOUN_WEIGHT = 0.5
_GUESS = 0.7
_LONGEST_THING = 3  # words; longer names read as code
_SHORTEST_WORD = 3
_ADJECTIVE = re.compile(r"(?:able|ible|less|ful|ically|edly|ously|.{3}ized|.{3}ised)$")
_BARE = re.compile(r"[^\w\s'-]")
_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "its",
        "his",
        "her",
        "their",
        "our",
        "your",
        "my",
        "all",
        "any",
        "each",
        "every",
        "some",
        "one",
        "both",
        "new",
        "given",
        "specified",
        "current",
        "following",
        "appropriate",
        "certain",
        "various",
    ]
)
_LINKS = STOPS | frozenset(
    {"and", "or", "which", "whether", "whose", "who", "is", "are", "was", "has", "can"}
)
_DOC_VERBS = {f"{verb}s": verb for verb in VERBS} | {f"{verb}es": verb for verb in VERBS}
_EMPTY_DOC_VERBS = frozenset({"return", "give", "make", "set", "create", "test", "note", "get"})

Thing = tuple[str, ...]  #: the words of a noun, in the singular: ("webhook", "signature")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done: the marked verb, the thing, how much it counts, and where it is."""

    verb: str
    thing: Thing
    weight: float
    definition: Definition


def thing_of(parts: Iterable[str], *, roles: bool = False) -> Thing:
    """Keep the words that name something; empty when none does.

    With `roles`, words such as `service` fall off the end of a type's name.
    """
    kept: list[str] = []
    for word in parts:
        if word.lower() in STOPS or word.lower() == "and":
            break
        kept.append(word)
    dropped = VAGUE | NOT_NOUNS | (ROLES if roles else frozenset[str]())
    while kept and (kept[-1].lower() in dropped or not is_word(kept[-1])):
        kept.pop()
    while kept and (kept[0].lower() in NOT_NOUNS or not is_word(kept[0])):
        kept.pop(0)
    if not kept or not _can_be_noun(kept[-1].lower()):
        return ()
    last = kept[-1] if is_acronym(kept[-1]) or is_mass(kept[-1]) else singular(kept[-1])
    return (*kept[-_LONGEST_THING:-1], last)


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
    return phrase if is_mass(thing[-1]) or is_plural(thing[-1]) else plural(phrase)


def actions_of(facts: CodeFacts) -> list[Action]:
    """Find the actions of the public operations, in the file's order."""
    found = [
        action
        for one in facts.public
        if one.kind in {Kind.FUNCTION, Kind.METHOD} and (action := _action(one))
    ]
    return found or [noun for one in facts.public if (noun := _noun(one))]


def _action(one: Definition) -> Action | None:
    parts = words(one.name)
    if not parts or (parts[0].lower() in SILENT and parts[0].lower() not in _QUIET):
        return None
    verb = parts[0].lower()
    known = VERBS.get(verb) or _QUIET.get(verb)
    weight = (1.0 if verb in VERBS else _QUIET_WEIGHT) + (0.3 if one.doc else 0.0)
    if known is None:
        known, parts, weight = _verb_of_doc(one), ("", *parts), _NOUN_WEIGHT
    thing = thing_of(parts[1:])
    if not thing:
        thing = _thing_of_doc(one) or (thing_of_type(one.owner) if len(parts) == 1 else ())
        weight *= _GUESS
    return Action(known, thing, weight, one) if known and thing else None


def _opening(one: Definition) -> list[str]:
    """Give the words that a doc opens with; Go repeats the name first, and that falls away."""
    first = next(iter(sentences(one.doc[:400])), "").split()
    repeats = len(first) > 1 and first[0].lower() == " ".join(words(one.name)).lower()
    return first[1:10] if repeats else first[:9]


def _verb_of_doc(one: Definition) -> str:
    """Find the verb that a doc opens with: `Calculates the yearly savings`."""
    word = next(iter(_opening(one)), "").lower()
    verb = word if word in VERBS else _DOC_VERBS.get(word, "")
    return VERBS[verb] if verb and verb not in _EMPTY_DOC_VERBS else ""


def _thing_of_doc(one: Definition) -> Thing:
    """Find what a doc's opening verb is done to: `Cancel an event before it runs`."""
    kept: list[str] = []
    for token in _opening(one)[1:] if _verb_of_doc(one) else []:
        word = _BARE.sub("", token).removesuffix("'s")
        if word.lower() in _DETERMINERS and not kept:
            continue
        if not word or word.lower() in _LINKS:
            break
        kept.append(word if is_acronym(word) else word.lower())
        if word != token:
            break
    return thing_of(kept) if len(kept) <= _LONGEST_THING else ()


def _noun(one: Definition) -> Action | None:
    """Take a function that is named after what it gives."""
    if one.kind not in {Kind.FUNCTION, Kind.METHOD}:
        return None
    parts = words(one.name)
    if parts and (parts[0].lower() in SILENT or parts[0].lower() in VERBS):
        parts = parts[1:]
    thing = thing_of(parts)
    return Action("[provide]", thing, _NOUN_WEIGHT, one) if thing else None


def thing_of_type(name: str) -> Thing:
    """Name what a type is about: `InvoiceRepository` is about an invoice."""
    parts = words(name)
    if parts[:1] in {("abstract",), ("base",), ("default",), ("i",)}:
        parts = parts[1:]
    return thing_of(parts, roles=True)
