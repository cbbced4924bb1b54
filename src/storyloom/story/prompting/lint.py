"""Looks facts over before anything is spent on them, and mends what can be mended safely.

    facts, findings = lint(facts, beat, bible)

A finding that `is_fixed` is told all the same: a language model hears of it and may do better.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from storyloom.story.finding.things import single
from storyloom.story.prompting.composing import MAX_ACTION
from storyloom.story.prompting.contradictions import Contradiction, contradictions
from storyloom.story.prompting.deriving import shortened
from storyloom.story.prompting.lettering import asks_for_words, without_words
from storyloom.story.prompting.neutral import is_live, neutral
from storyloom.story.prompting.schemas import Facts, FindingCode, LintFinding, Severity
from storyloom.story.prompts import PromptSet
from storyloom.story.script.schemas import Bible, FoundBeat, Prop, place_in_story
from storyloom.story.script.vocabulary import WORD, words

MAX_GIVEN = 8000  #: characters: an image request takes no more
_FEWEST = 2  # words of an action
_MAX_MOOD = 60


@dataclass(slots=True)
class _Look:
    """What is looked over, and found."""

    facts: Facts
    beat: FoundBeat
    bible: Bible
    found: list[LintFinding] = field(default_factory=list[LintFinding])

    def add(
        self, code: FindingCode, message: str, *, is_fixed: bool = False, is_error: bool = True
    ) -> None:
        severity = Severity.ERROR if is_error else Severity.WARNING
        self.found.append(
            LintFinding(
                code=code,
                severity=severity,
                message=message,
                beat_id=self.beat.beat_id,
                is_fixed=is_fixed,
            )
        )

    def change(self, **fields: object) -> None:
        self.facts = self.facts.model_copy(update=fields)


def lint(facts: Facts, beat: FoundBeat, bible: Bible) -> tuple[Facts, tuple[LintFinding, ...]]:
    """The facts as they can be used, and what was wrong with them."""
    look = _Look(facts, beat, bible)
    for check in _CHECKS:
        check(look)
    return look.facts, tuple(look.found)


def lint_given(prompt: PromptSet, beat: str) -> tuple[LintFinding, ...]:
    """What is wrong with a prompt that others have written. Nothing in it is changed."""
    look = _Look(Facts(), FoundBeat(beat_id=beat), Bible())
    if not prompt.prompt.strip():
        look.add(FindingCode.EMPTY, "The prompt is empty.")
    if len(prompt.prompt) > MAX_GIVEN:
        look.add(FindingCode.TOO_LONG, f"The prompt has more than {MAX_GIVEN} characters.")
    if asks_for_words(prompt.prompt):
        look.add(
            FindingCode.LETTERING,
            "The prompt asks for words in the picture, which come out garbled.",
            is_error=False,
        )
    return tuple(look.found)


def _live(look: _Look) -> None:
    facts = look.facts
    if is_live(facts.action) or is_live(facts.mood):
        look.change(action=neutral(facts.action), mood=neutral(facts.mood))
        look.add(
            FindingCode.LIVE_SYNTAX,
            "Signs that an image backend takes for commands were taken out.",
            is_fixed=True,
            is_error=False,
        )


def _lettering(look: _Look) -> None:
    if asks_for_words(look.facts.action):
        look.change(action=without_words(look.facts.action))
        look.add(
            FindingCode.LETTERING,
            "The picture was to show words, which come out garbled: they were left out.",
            is_fixed=True,
        )


def _length(look: _Look) -> None:
    facts = look.facts
    if len(WORD.findall(facts.action)) < _FEWEST:
        look.add(FindingCode.EMPTY, "There is nothing to be seen in the beat.")
    if len(facts.action) > MAX_ACTION or len(facts.mood) > _MAX_MOOD:
        look.change(
            action=shortened(facts.action, MAX_ACTION), mood=shortened(facts.mood, _MAX_MOOD)
        )
        look.add(
            FindingCode.TOO_LONG,
            f"The action has more than {MAX_ACTION} characters, or the mood more than {_MAX_MOOD}: "
            "what was too long was cut off.",
            is_fixed=True,
            is_error=False,
        )


def _known(look: _Look) -> None:
    """Every id is one of the bible; what is none is left out."""
    facts, bible = look.facts, look.bible
    for kind, code, given, known in (
        ("character", FindingCode.UNKNOWN_CHARACTER, facts.characters, bible.character),
        ("prop", FindingCode.UNKNOWN_PROP, facts.props, bible.prop),
        ("place", FindingCode.UNKNOWN_PLACE, (facts.place,) if facts.place else (), bible.place),
    ):
        for one in dict.fromkeys(given):
            if known(one) is None:
                message = f"The bible has no {kind} {neutral(one)[:48]!r}: it was left out."
                look.add(code, message, is_fixed=True)
    place = facts.place if bible.place(facts.place) else look.beat.place
    look.change(
        characters=tuple(dict.fromkeys(one for one in facts.characters if bible.character(one))),
        props=tuple(dict.fromkeys(one for one in facts.props if bible.prop(one))),
        place=place if bible.place(place) else "",
    )


def _from_nowhere(look: _Look) -> None:
    """A prop is there from the beat on in which the script brings it."""
    told = _nouns(look.beat.text) | _nouns(look.beat.action)
    acted = _nouns(look.facts.action)
    for prop in _early(look):
        noun = single(prop.name.split(" ")[-1])
        if noun in told:
            continue
        is_named = noun in acted
        if prop.id in look.facts.props or is_named:
            look.change(props=tuple(one for one in look.facts.props if one != prop.id))
            message = f"The {prop.name} is not there before {prop.first_beat}."
            look.add(FindingCode.PROP_FROM_NOWHERE, message, is_fixed=not is_named)
    there = {single(one.name.split(" ")[-1]) for one in look.bible.props} | told
    for noun in sorted(acted & words("nouns", "props") - there - _looks(look)):
        message = f"The script tells of no {noun} here."
        look.add(FindingCode.PROP_FROM_NOWHERE, message)


def _early(look: _Look) -> Iterator[Prop]:
    here = place_in_story(look.beat.beat_id)
    for prop in look.bible.props:
        if here != (0, 0) and place_in_story(prop.first_beat) > here:
            yield prop


def _looks(look: _Look) -> frozenset[str]:
    """What people wear and places hold may be named."""
    told = " ".join(
        [*(one.look for one in look.bible.characters), *(one.look for one in look.bible.places)]
    )
    return _nouns(told)


def _nouns(text: str) -> frozenset[str]:
    return frozenset(single(word) for word in WORD.findall(text))


def _contradicts(look: _Look) -> None:
    for one in contradictions(look.facts, look.beat, look.bible):
        _settle(look, one)


def _settle(look: _Look, one: Contradiction) -> None:
    if one.instead:
        look.change(**one.instead)
    look.add(
        FindingCode.CONTRADICTION,
        one.message,
        is_fixed=bool(one.instead),
        is_error=not one.is_told,
    )


_CHECKS: tuple[Callable[[_Look], None], ...] = (
    _live,
    _lettering,
    _length,
    _known,
    _from_nowhere,
    _contradicts,
)
