"""What is said in a paragraph of prose, who says it, and what they do meanwhile.

    “Hold this,” said Nora, lifting the lantern.

gives the words `Hold this,`, the speaker `Nora`, and the action `Nora speaks, lifting the lantern.`
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from storyloom.story.script.quotations import Piece, pieces_of
from storyloom.story.script.sentences import sentences
from storyloom.story.script.vocabulary import WORD, words, words_in

PRONOUNS = frozenset({"he", "she", "they", "i", "we"})
_ARTICLES = frozenset({"the", "a", "an", "her", "his", "their", "my"})
_REACH = 5  # words within which a tag has its verb
_NAME = 3  # words of a name
_SHORT = 8  # words of a sentence that is only a tag
_MARKS = '"\u201c\u2018\u201e\u00ab\u00bb'
_LEADS = re.compile(r"[,:]$")
_ENDS_OPEN = re.compile(r"[,!?\u2026\u2014\uff0c\uff01\uff1f-]$")
_MANNER = re.compile(r"^(?:\w+ly|(?:with|in|through|under|without|at) .{1,60})$")
_MEANWHILE = re.compile(r"^(?:as|while|and|then|but) ", re.IGNORECASE)
# A name of a kind of person ends before these: `the old keeper to Teo`.
_STOPS = words_in("to at as and with in from into through while when then but over on for who")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that is said."""

    text: str  #: all of it, as it is in the script
    words: str  #: without quotation marks
    speaker: str = ""  #: a name, a pronoun, or `the keeper`; empty where nothing tells
    manner: str = ""
    action: str = ""


def said_in(paragraph: str) -> Iterator[Said | str]:
    """What is said in a paragraph, and its other sentences as they are, in their order."""
    pieces = deque(pieces_of(paragraph))
    while pieces:
        lead = ""
        if not pieces[0].is_quoted:
            told = sentences(pieces.popleft().text)
            if told and pieces and _LEADS.search(told[-1]):
                lead = told.pop()
            yield from told
        if pieces:
            yield _next_said(pieces, lead)


def _next_said(pieces: deque[Piece], lead: str) -> Said:
    """Take a quotation from the front, with the tag around it, and what the tag only interrupts."""
    texts, said, tag = ([lead] if lead else []), list[str](), ""
    while pieces and pieces[0].is_quoted:
        quoted = pieces.popleft()
        texts.append(quoted.text)
        said.append(quoted.bare)
        told = sentences(pieces[0].text) if pieces and not pieces[0].is_quoted else []
        if not told or tag or not _is_tag(told[0], quoted.bare):
            break
        tag = told.pop(0)
        texts.append(tag)
        if told:
            pieces[0] = Piece(" ".join(told), is_quoted=False)
            break
        pieces.popleft()
        if not _LEADS.search(tag):
            break
    read = _Tag.leading(lead) if lead else _Tag.trailing(tag)
    return Said(_joined(texts), " ".join(said), read.speaker, read.manner, read.action)


def _is_tag(sentence: str, quoted: str) -> bool:
    """Whether a sentence after a quotation belongs to it."""
    if not sentence[0].isalnum() or sentence[0].islower() or quoted.endswith((",", "\uff0c")):
        return True
    found = WORD.findall(sentence)
    is_open = _ENDS_OPEN.search(quoted) is not None
    return is_open and len(found) <= _SHORT and _verb_in(found[:_REACH]) is not None


@dataclass(frozen=True, slots=True)
class _Tag:
    """What stands around a quotation."""

    speaker: str = ""
    manner: str = ""
    action: str = ""

    @classmethod
    def trailing(cls, text: str) -> "_Tag":
        """Read a tag such as `said Nora quietly, lifting the lantern`."""
        tag = text.strip(" ,;:.\u2014-")
        found = list(WORD.finditer(tag))
        verb = _verb_in([word[0] for word in found[:_REACH]])
        if verb is None:
            return cls(action=_sentence(tag)) if len(found) > 1 else cls()
        before, rest = tag[: found[verb].start()].strip(" ,"), tag[found[verb].end() :]
        if before:
            speaker = _name_at_start(before)[0]
        else:
            speaker, rest = _name_at_start(rest.strip())
        return cls(speaker, *_meanwhile(speaker, rest))

    @classmethod
    def leading(cls, text: str) -> "_Tag":
        """Read a tag such as `Nora lifted the lantern and said,`."""
        tag = text.strip(" ,;:.\u2014-")
        found = list(WORD.finditer(tag))
        last = [word[0] for word in found[-_REACH:]]
        verb = _verb_in(last)
        speaker = _name_at_start(tag)[0]
        if verb is None:
            return cls(speaker, action=_sentence(tag))
        before = tag[: found[len(found) - len(last) + verb].start()]
        before = re.sub(r"[\s,]+(?:and|then|and then)?\s*$", "", before)
        is_more = len(WORD.findall(before)) > len(WORD.findall(speaker))
        return cls(speaker, action=_sentence(before) if is_more else "")


def _verb_in(found: list[str]) -> int | None:
    """The place of the first word that tells that something is said."""
    speaking = words("verbs", "say") | words("verbs", "said")
    return next((place for place, one in enumerate(found) if one.casefold() in speaking), None)


def _name_at_start(text: str) -> tuple[str, str]:
    """Who is named at the start: a pronoun, a name, `the old keeper`; and what follows."""
    taken: list[str] = []
    end = 0
    for word in WORD.finditer(text):
        plain = word[0].casefold()
        is_titled = bool(taken) and taken[-1].casefold() in words("sentences", "titles")
        between = text[end : word.start()].strip()
        if len(taken) > _NAME or (taken and between and not (is_titled and between == ".")):
            break
        if plain in PRONOUNS and not taken:
            return word[0], text[word.end() :]
        is_generic = bool(taken) and taken[0].casefold() in _ARTICLES
        is_name = word[0][0].isupper() or (plain in _ARTICLES and not taken)
        is_noun = is_generic and plain not in _STOPS and not plain.endswith("ly")
        if not (is_name or is_noun):
            break
        taken.append(word[0])
        end = word.end()
    return text[:end] if taken else "", text[end:]


def _meanwhile(speaker: str, rest: str) -> tuple[str, str]:
    """How it is said, and what is done meanwhile."""
    manner = ""
    parts = [part.strip() for part in rest.strip(" ,;:.\u2014-").split(", ")]
    if parts and _MANNER.match(parts[0]):
        manner = parts.pop(0)
    doing = ", ".join(part for part in parts if part)
    who = _sentence(speaker).rstrip(".")
    first = doing.partition(" ")[0]
    if not who or not doing or first == "to":
        return manner, ""
    if first.endswith("ing"):
        return manner, f"{who} speaks, {doing}."
    if first in {"as", "while"}:
        return manner, _sentence(_MEANWHILE.sub("", doing))
    if first in {"and", "then"}:
        done = _MEANWHILE.sub("", _MEANWHILE.sub("", doing))
        has_subject = done.partition(" ")[0].casefold() in PRONOUNS
        return manner, _sentence(done) if has_subject else f"{who} {done}."
    return manner, ""


def _sentence(text: str) -> str:
    plain = _MEANWHILE.sub("", text.strip(" ,;:.\u2014-"))
    return f"{plain[:1].upper()}{plain[1:]}." if plain else ""


def _joined(texts: list[str]) -> str:
    whole = ""
    for text in texts:
        is_apart = text[:1].isalnum() or text[:1] in _MARKS
        whole += f" {text.strip()}" if whole and is_apart else text.strip()
    return whole
