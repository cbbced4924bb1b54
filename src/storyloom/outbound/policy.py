"""The one policy for calls to providers: how long, how often, how many at once, for how much."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from storyloom.errors import (
    ContentBlocked,
    Misconfigured,
    Overloaded,
    RateLimited,
    Rejected,
    ServerFault,
    StoryloomError,
    TimedOut,
    Unavailable,
    Unreachable,
)
from storyloom.outbound.schemas import Budget

T = TypeVar("T")
ATTEMPTS = 2
# Many callers that were refused at the same moment do not come back at the same moment.
_PAUSE_S = (0.5, 1.5)
_PASSING = (RateLimited, Overloaded, ServerFault, Unreachable)
_AILING = (Overloaded, ServerFault, Unreachable, TimedOut)
# Without a key or an SDK nobody is asked.
_TURNED_AWAY = (RateLimited, Overloaded, ServerFault, Rejected, Misconfigured)


class Patience(Protocol):
    """How outages of our own stores are borne."""

    async def __call__(self, call: Callable[[], Awaitable[T]], /) -> T:
        """What the call gives, at once or when the store is back; it may be called many times."""
        ...


async def at_once(call: Callable[[], Awaitable[T]], /) -> T:
    """No patience: what a store that is away raises is raised."""
    return await call()


@dataclass(frozen=True, slots=True)
class Policy:
    """What can be chosen of it."""

    timeout_s: float = 90.0  #: for one call, with its retry and the pause before that
    concurrency: int = 8  #: calls to one provider at the same time
    budget: Budget = field(default_factory=Budget)
    patience: Patience = at_once


POLICY = Policy()


def is_passing(fault: BaseException) -> bool:
    """Whether the same call may succeed a moment later. A timeout has used up its time."""
    return isinstance(fault, _PASSING)


def is_ailing(fault: BaseException) -> bool:
    """Whether the fault says that the provider is not well, rather than that it said no."""
    return isinstance(fault, _AILING)


def is_unbilled(fault: BaseException) -> bool:
    """Whether the provider did no work that it charges for.

    Either it was not asked at all, or it answered with an error first.
    """
    if isinstance(fault, StoryloomError) and not fault.was_sent:
        return True
    return isinstance(fault, _TURNED_AWAY) and not isinstance(fault, ContentBlocked)


def pause_s(fault: Unavailable) -> float:
    """How long to wait before the retry, in seconds: as long as we were asked to, if we were."""
    if fault.retry_after_s is not None:
        return max(0.0, fault.retry_after_s)
    return random.uniform(*_PAUSE_S)  # noqa: S311 - no secret depends on it
