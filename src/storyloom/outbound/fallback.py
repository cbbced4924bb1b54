"""A list of candidates, of which the first that works is taken; and what is said if it is not the first."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from storyloom.errors import (
    KeyRefused,
    ModelNotFound,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    Resting,
    ServerFault,
    StoryloomError,
    Unreachable,
)
from storyloom.outbound.schemas import StandIn

T = TypeVar("T")
# The fault lies with this one provider or model, and it showed soon. A timeout has used up the time;
# what one model blocks, or what breaks the budget, is the matter of the job.
_GO_ON = (
    Overloaded,
    Resting,
    RateLimited,
    ServerFault,
    Unreachable,
    QuotaUsedUp,
    ModelNotFound,
    KeyRefused,
)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """Something that may work, and its name, such as `google:gemini-3.8-flash`."""

    name: str
    work: Callable[[], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Given(Generic[T]):
    """What a candidate gave, and in whose place."""

    value: T
    stand_in: StandIn | None = None  #: None where it is of the wanted candidate


async def first_that_works(candidates: Sequence[Candidate[T]]) -> Given[T]:
    """What the first candidate gives that does not fail for a reason of its own.

    Raises what the only candidate raised; or, when several failed, the fault that tells most, with
    the others named in its sentence.
    """
    failed: list[tuple[str, StoryloomError]] = []
    for candidate in candidates:
        try:
            value = await candidate.work()
        except _GO_ON as fault:
            failed.append((candidate.name, fault))
        else:
            return Given(value, _stand_in(candidate.name, failed) if failed else None)
    raise _telling(failed)


def _stand_in(name: str, failed: Sequence[tuple[str, StoryloomError]]) -> StandIn:
    """Say who answered in whose place, and why; the code is that of the wanted candidate."""
    tried = " and ".join(
        f"{one} ({fault.code}: {fault.message.rstrip('.')})" for one, fault in failed
    )
    place = "its place" if len(failed) == 1 else "their place"
    wanted, fault = failed[0]
    return StandIn(
        wanted, name, fault.code, f"{tried} did not answer, so {name} answered in {place}."
    )


def _telling(failed: Sequence[tuple[str, StoryloomError]]) -> StoryloomError:
    """The first fault, since the first candidate is the wanted one.

    That somebody rests tells only of earlier faults, so any other goes before it.
    """
    telling = next((fault for _, fault in failed if not isinstance(fault, Resting)), failed[0][1])
    if len(failed) > 1:
        tried = ", ".join(f"{name} ({fault.code})" for name, fault in failed)
        telling.args = (f"{telling.message.rstrip('.')}. Tried: {tried}.",)
    return telling
