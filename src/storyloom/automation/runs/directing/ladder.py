"""What is tried when a picture cannot be made as it was asked for, step by step. Pure functions.

Every step is written down at the shot before it is tried: a crash goes on where it was, people see
what was done, and nothing is tried for ever.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.directing.obstacles import WaitedTooLong
from storyloom.automation.runs.schemas import Mending, Remedy, Shot
from storyloom.errors import (
    BudgetUsedUp,
    ContentBlocked,
    InvalidInput,
    KeyRefused,
    Misconfigured,
    OutOfMemory,
    QuotaUsedUp,
    Rejected,
    StoryloomError,
    Unreachable,
)

#: How often each remedy is tried for one picture at one backend.
MOST = {
    Remedy.AGAIN: 3,
    Remedy.RESEED: 1,
    Remedy.SOFTEN: 2,
    Remedy.FREE_MEMORY: 1,
    Remedy.RESTART_ENGINE: 3,
}
#: What says nothing about the picture: the next one meets with the same.
WHOLESALE = (KeyRefused, QuotaUsedUp, BudgetUsedUp, Misconfigured)


@dataclass(frozen=True, slots=True)
class Means:
    """What there is to be tried."""

    takes_seeds: bool  #: another seed gives another picture
    has_engine: bool  #: the backend is a program of this machine, which can be started anew
    can_soften: bool  #: there are milder words
    others: Sequence[str]  #: other backends that could make it, the best first


def remedies(fault: StoryloomError) -> Sequence[Remedy]:
    """What may help against this fault at the same backend, the mildest first."""
    match fault:
        case ContentBlocked():
            return (Remedy.RESEED, Remedy.SOFTEN)
        case Rejected() | InvalidInput() | BudgetUsedUp() | Misconfigured() | WaitedTooLong():
            return ()
        case OutOfMemory():
            return (Remedy.FREE_MEMORY,)
        case Unreachable():
            return (Remedy.RESTART_ENGINE, Remedy.AGAIN)
        case _:
            return (Remedy.AGAIN,)


def next_remedy(shot: Shot, fault: StoryloomError, means: Means) -> Remedy | None:
    """The next step down the ladder; None when only the last resort is left."""
    if has_frame(shot):
        return None
    tried = Counter(step.remedy for step in steps_here(shot))
    can = {
        Remedy.RESEED: means.takes_seeds,
        Remedy.SOFTEN: means.can_soften,
        Remedy.RESTART_ENGINE: means.has_engine,
    }
    for remedy in remedies(fault):
        if can.get(remedy, True) and tried[remedy] < MOST[remedy]:
            return remedy
    return Remedy.OTHER_BACKEND if untried(shot, means.others) else None


def steps_here(shot: Shot) -> Sequence[Mending]:
    """The steps that were tried at the present backend."""
    steps = shot.steps
    for place in range(len(steps) - 1, -1, -1):
        if steps[place].remedy is Remedy.OTHER_BACKEND:
            return steps[place + 1 :]
    return steps


def untried(shot: Shot, others: Sequence[str]) -> Sequence[str]:
    """Those of the backends that it was not given to yet."""
    given = [step for step in shot.steps if step.remedy is Remedy.OTHER_BACKEND]
    tried = {name for step in given for name in (step.before, step.after)}
    return [name for name in others if name not in tried]


def has_frame(shot: Shot) -> bool:
    """Whether a drawn frame is to stand in for it."""
    return any(step.remedy is Remedy.FRAME for step in shot.steps)


def backend_of(shot: Shot, usual: str) -> str:
    """What is to make the shot now: the run's backend, or the last one that it was given to."""
    if has_frame(shot):
        return Backend.FRAMES
    others = [step.after for step in shot.steps if step.remedy is Remedy.OTHER_BACKEND]
    return others[-1] if others else usual


def reseeds(shot: Shot) -> int:
    """How often it was given another seed."""
    return sum(step.remedy is Remedy.RESEED for step in shot.steps)


def is_as_asked(shot: Shot) -> bool:
    """Whether a picture that is made after these steps is what was asked for."""
    seeded = shot.prompt is not None and shot.prompt.seed is not None
    spoiling = {Remedy.SOFTEN, Remedy.OTHER_BACKEND, Remedy.OTHER_MODEL, Remedy.FRAME}
    if seeded:
        spoiling.add(Remedy.RESEED)
    return not any(step.remedy in spoiling for step in shot.steps)
