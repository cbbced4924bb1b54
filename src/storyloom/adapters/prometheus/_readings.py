"""The last known value of something that is slow to find out."""

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

from storyloom.errors import StoryloomError
from storyloom.kit.questions import Questions

T_co = TypeVar("T_co", covariant=True)
FRESH_S = 15.0
# Counting a million rows takes seconds: looking may take one part in so many of all the time.
_SELDOM = 20
PATIENCE_S = 1.0
log = logging.getLogger(__name__)


class Reading(Generic[T_co]):
    """A value that is looked up when somebody asks and the last one is not fresh any more."""

    def __init__(self, name: str, look: Callable[[], Awaitable[T_co]], first: T_co) -> None:
        """Take a name, how to find the value out, and what stands in until it is known."""
        self.name = name
        self._value = first
        self._look = look
        self._read_at: float | None = None
        self._took_s = 0.0
        self._is_broken = False

    @property
    def value(self) -> T_co:
        """The last known value."""
        return self._value

    @property
    def age_s(self) -> float | None:
        """How old the value is, or None as long as it was never known."""
        return None if self._read_at is None else monotonic() - self._read_at

    async def refresh(
        self, questions: Questions, fresh_s: float = FRESH_S, patience_s: float = PATIENCE_S
    ) -> None:
        """Look it up unless it is fresh. What is slow is not waited for, and a fault ages it."""
        if self.age_s is not None and self.age_s < max(fresh_s, self._took_s * _SELDOM):
            return
        try:
            await questions.ask(f"reading {self.name}", self._read, patience_s)
        except (StoryloomError, TimeoutError) as fault:
            log.debug("a figure could not be read", extra={"reading": self.name, "fault": fault})

    async def _read(self) -> None:
        started = monotonic()
        try:
            self._value = await self._look()
        except (StoryloomError, TimeoutError):
            raise
        # Whatever is wrong with one figure, a scrape has all the others to tell.
        except Exception as fault:  # noqa: BLE001 - logged
            self._tell_broken(fault)
            return
        self._is_broken = False
        self._read_at = monotonic()
        self._took_s = self._read_at - started

    def _tell_broken(self, fault: Exception) -> None:
        """Once, and not at every scrape; again only after it has been well."""
        if not self._is_broken:
            log.warning("a figure is broken", extra={"reading": self.name}, exc_info=fault)
        self._is_broken = True
