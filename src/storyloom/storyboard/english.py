"""Plain English for sentences built from parts: articles, plurals, verbs, one full stop."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

# Letters that are spelled out (`an SQL table`) and letters that are sounded (`a user`).
_VOWEL_SOUND = re.compile(
    r"(?:hour|honest|heir)|[AEFHILMNORSX](?=[A-Z]{1,4}(?![a-z])|s?\b)"
    r"|(?![Uu](?:ni(?![nm])|s[aeu]|til|bi|r[il])|[Ee]u|[Oo]n(?:e|ce)\b|ROI|UI|U[A-Z])[aeiouAEIOU]",
)
_DATA: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "data" / "english.toml").read_text("utf-8")
)
_MASS = _DATA["mass"]
_PLURALS = _DATA["plurals"]
_SINGULARS = {many: one for one, many in _PLURALS.items()}
_THIRD = _DATA["third_person"]
_COUNTED = frozenset(_DATA["counted"]["words"].split())
_DOUBLED = frozenset(_DATA["doubled"]["words"].split())
_SHORTEST_STEM = 3
_LONGEST_WORD = 60
_MANY_ACRONYMS = re.compile(r"[A-Z]{2,}s$")
_MARKED_VERB = re.compile(r"\[([a-z]+)\]")
_SPACE = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([,.;:!?])")


def an(phrase: str) -> str:
    """Put `a` or `an` before a phrase: `an ROI report`, `a user`."""
    return f"{'an' if _VOWEL_SOUND.match(phrase) else 'a'} {phrase}"


def is_mass(noun: str) -> bool:
    """Whether a noun is not counted: `payback`, `data`."""
    word = noun.lower()
    return word in _MASS or (word.endswith("ing") and word not in _COUNTED)


def is_plural(noun: str) -> bool:
    """Whether a single word looks like a plural: `invoices`, not `status`."""
    word = noun.lower()
    if word in _SINGULARS or _MANY_ACRONYMS.match(noun):
        return True
    looks_so = word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "news"))
    return looks_so and len(word) > _SHORTEST_STEM and word not in _PLURALS and word not in _MASS


def plural(phrase: str) -> str:
    """Make a noun phrase plural by its last word; `payback` becomes `payback figures`."""
    head, _, last = phrase.rpartition(" ")
    return phrase if is_plural(last) else f"{head} {_plural_word(last)}".strip()


def _plural_word(word: str) -> str:
    known = _MASS.get(word.lower()) or _PLURALS.get(word.lower())
    if known:
        return known
    if is_mass(word):
        return f"{word} steps"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    if not word.isupper() and word.endswith(("s", "x", "z", "ch", "sh")):
        return word if word.endswith("ics") else f"{word}es"
    return f"{word}s" if word else ""


def singular(word: str) -> str:
    """Undo `plural` for one counted word."""
    lower = word.lower()
    if lower in _SINGULARS:
        return _SINGULARS[lower]
    if not is_plural(word):
        return word
    if lower.endswith("ies") and len(lower) > len("ties"):
        return f"{word[:-3]}y"
    return word[:-2] if lower.endswith(("sses", "xes", "zes", "ches", "shes")) else word[:-1]


def third_person(verb: str) -> str:
    """Conjugate a base verb: `export` gives `exports`, `carry` gives `carries`."""
    if verb in _THIRD:
        return _THIRD[verb]
    if re.search(r"[^aeiou]y$", verb):
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"


def gerund(verb: str) -> str:
    """Give the -ing form: `keep` gives `keeping`, `take` taking, `plan` planning."""
    if re.search(r"(?:[^aeiou]|^)[aeiou][^aeiouwxy]$", verb) and (
        len(re.findall(r"[aeiou]+", verb)) == 1 or verb in _DOUBLED
    ):
        return f"{verb}{verb[-1]}ing"
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    return f"{verb[:-1]}ing" if re.search(r"[^eoy]e$", verb) else f"{verb}ing"


def conjugated(phrase: str) -> str:
    """Conjugate the verbs marked with brackets: `[keep] it` gives `keeps it`."""
    return _MARKED_VERB.sub(lambda found: third_person(found[1]), phrase)


def plain(phrase: str) -> str:
    """Leave the marked verbs as they are: `[keep] it` gives `keep it`."""
    return _MARKED_VERB.sub(r"\1", phrase)


def joined(parts: list[str]) -> str:
    """Join with commas and a last `and`."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def capitalised(text: str) -> str:
    """Make the first letter a capital, and leave the others alone."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Tidy the spaces, start with a capital, end with one full stop."""
    tidy = _BEFORE_MARK.sub(r"\1", _SPACE.sub(" ", text)).strip().rstrip(".,;:!? ")
    return f"{capitalised(tidy)}." if tidy else ""


def stem(word: str) -> str:
    """Cut common endings, so that `scheduling`, `scheduler` and `schedules` meet.

    It only has to be the same for related words, not a word itself. What is too long for a word stays
    whole, and is not remembered: a source may be one such row of letters.
    """
    return _stem(word) if len(word) <= _LONGEST_WORD else word.lower()


#: They mean something else than what is left of them: a `booking` is no book, an `offer` not off.
_NAMES_OF_THEIR_OWN = frozenset({"booking", "offer"})


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    text = word.lower()
    if text.removesuffix("s") in _NAMES_OF_THEIR_OWN:
        return text.removesuffix("s")
    for ending in ("ings", "ing", "ions", "ion", "iers", "ier", "ers", "er", "ors", "or", "ied",
                   "ed", "ies", "es", "s", "e", "y"):  # fmt: skip
        if text.endswith(ending) and len(text) - len(ending) >= _SHORTEST_STEM:
            text = text[: -len(ending)]
            break
    doubled = len(text) > _SHORTEST_STEM and text[-1] == text[-2] and text[-1] not in "sl"
    return text[:-1] if doubled else text
