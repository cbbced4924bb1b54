"""Groups what happens in a scene into moments that can be filmed: one to three sentences each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from storyloom.story.finding.following import Followed
from storyloom.story.finding.wording import is_thin
from storyloom.story.script.units import UnitKind

_SENTENCES = 3
_CHARS = 300
_THIN = 28
_LONG = 40


@dataclass
class Moment:
    """What will be a beat. What it says is put together once, when all of its parts are there."""

    parts: list[Followed] = field(default_factory=list[Followed])

    @property
    def kind(self) -> UnitKind:
        """That of its first part."""
        return self.parts[0].unit.kind

    @cached_property
    def text(self) -> str:
        """As it is in the script."""
        whole = ""
        for part in self.parts:
            between = "\n\n" if part.unit.begins else " "
            whole += f"{between if whole else ''}{part.unit.text}"
        return whole

    @cached_property
    def action(self) -> str:
        """What is to be seen, with names for pronouns that nothing in it explains."""
        told: list[str] = []
        subject = ""
        for part in self.parts:
            is_same = bool(subject) and part.subject == subject
            if part.action and not is_thin(part.action):
                told.append(part.unit.action if is_same else part.action)
            subject = part.subject or subject
        return " ".join(told)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who is to be seen, in the order in which they come."""
        return tuple(dict.fromkeys(one for part in self.parts for one in part.people))

    @property
    def subject(self) -> str:
        """Who acted last; empty where nobody of the cast did."""
        return next((part.subject for part in reversed(self.parts) if part.subject), "")

    @property
    def length(self) -> int:
        """In characters."""
        return sum(len(part.unit.text) for part in self.parts)


def moments_of(followed: Iterable[Followed]) -> list[Moment]:
    """Group the units of a scene."""
    moments: list[Moment] = []
    for part in followed:
        if moments and _belongs(moments[-1], part):
            moments[-1].parts.append(part)
        else:
            moments.append(Moment([part]))
    return moments


def _belongs(moment: Moment, part: Followed) -> bool:
    """Whether a unit goes on with the moment before it."""
    is_full = len(moment.parts) >= _SENTENCES or moment.length + len(part.unit.text) > _CHARS
    if is_full or moment.kind is not part.unit.kind:
        return False
    if part.unit.kind is UnitKind.SPEECH:
        return not part.unit.begins and moment.parts[-1].speaker == part.speaker
    if part.unit.kind is not UnitKind.ACTION:
        return False
    if len(part.unit.text) < _THIN or (moment.length < _THIN and not part.unit.begins):
        return not (part.subject and part.subject != moment.subject and moment.subject)
    return not part.unit.begins and not _turns(moment, part)


def _turns(moment: Moment, part: Followed) -> bool:
    """Whether the camera turns to somebody or something else."""
    if part.subject != moment.subject:
        return moment.length >= _LONG or bool(part.subject and moment.subject)
    return False
