"""Milder words for a prompt that was refused. What is changed is shown to people."""

import re
from typing import Protocol

# What image models most often stumble over in ordinary stories, and what can be painted instead.
_MILDER = {
    "blood-soaked": "mud-stained",
    "bloodied": "dishevelled",
    "bloodstained": "stained",
    "bloody": "battered",
    "bleeding": "hurt",
    "blood": "dark stains",
    "gore": "wreckage",
    "corpses": "still figures",
    "corpse": "still figure",
    "dead bodies": "still figures",
    "dead body": "still figure",
    "murdered": "defeated",
    "murderer": "villain",
    "murder": "crime",
    "kills": "overcomes",
    "killed": "defeated",
    "killing": "overcoming",
    "kill": "overcome",
    "stabbing": "threatening",
    "stabs": "threatens",
    "strangles": "seizes",
    "shoots": "confronts",
    "shooting": "confronting",
    "shotgun": "long prop",
    "handgun": "prop",
    "pistol": "prop",
    "rifle": "long prop",
    "guns": "props",
    "gun": "prop",
    "naked": "clothed",
    "nude": "clothed",
    "topless": "clothed",
    "lingerie": "a dressing gown",
    "sexy": "elegant",
    "seductive": "confident",
    "suicide": "despair",
    "torture": "interrogation",
    "tortured": "weary",
    "drugs": "contraband",
    "cocaine": "white powder",
    "heroin": "contraband",
    "terrorist": "antagonist",
    "bomb": "device",
    "explosion": "bright flash",
}
_WORDS = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _MILDER), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
_MANNER = "tasteful, non-graphic, suitable for a general audience"


class Softener(Protocol):
    """Finds milder words."""

    async def soften(self, prompt: str, why: str) -> str:
        """The prompt in milder words; the same where it has none."""
        ...


class RuleSoftener:
    """Knows a few words and what can be painted instead."""

    async def soften(self, prompt: str, why: str) -> str:  # noqa: ARG002 - rules do not listen
        """The prompt with its hardest words exchanged, and a word on the manner."""
        return softened(prompt)


def softened(prompt: str) -> str:
    """The prompt in milder words; softened once more it is the same."""
    milder = _WORDS.sub(lambda found: _like(found[0], _MILDER[found[0].lower()]), prompt)
    return milder if _MANNER in milder else f"{milder.rstrip(' .,')}, {_MANNER}"


def _like(before: str, after: str) -> str:
    return after[:1].upper() + after[1:] if before[:1].isupper() else after
