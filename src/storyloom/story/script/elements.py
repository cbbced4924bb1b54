"""What a script is made of, before anything is made of it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """How a script is written."""

    FOUNTAIN = "fountain"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Action:
    """A paragraph of what is to be seen."""

    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Something that is said."""

    name: str  #: as the script writes it, without what stands behind it in brackets
    words: str
    manner: str = ""
    text: str = ""  #: all of it, as it is in the script
    is_unseen: bool = False  #: the speaker is only heard
    is_dual: bool = False  #: said at the same time as the one before


@dataclass(frozen=True, slots=True)
class Cut:
    """A transition."""

    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """Words that are to be read: centred text, titles."""

    text: str


Part = Action | Speech | Cut | Card


@dataclass(slots=True)
class RawScene:
    """A scene as it is written."""

    heading: str = ""  #: the slug line or the title; empty where there is none
    synopsis: str = ""
    parts: list[Part] = field(default_factory=list[Part])


@dataclass(slots=True)
class RawScript:
    """A script as it is written."""

    form: Form
    title: str = ""
    scenes: list[RawScene] = field(default_factory=list[RawScene])
