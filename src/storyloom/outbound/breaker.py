"""A provider that failed too often is left alone for a while."""

from collections.abc import Callable
from time import monotonic

from storyloom.errors import Resting

FAILURES = 5
REST_S = 30.0


class Breaker:
    """Counts the failures of one provider in a row.

    After so many it refuses calls until the rest is over; then one call is let through, and its end
    decides. Calls that were under way when the rest began may still report: a success ends the rest.
    """

    def __init__(
        self,
        system: str,
        *,
        failures: int = FAILURES,
        rest_s: float = REST_S,
        time: Callable[[], float] = monotonic,
    ) -> None:
        """Take the provider's name; `time` tells seconds that only grow."""
        self._system = system
        self._most = failures
        self._rest_s = rest_s
        self._time = time
        self._failures = 0
        self._until: float | None = None
        self._is_tried = False

    @property
    def is_open(self) -> bool:
        """Whether a call would be refused now."""
        left_s = self._left_s()
        return left_s is not None and (left_s > 0 or self._is_tried)

    def check(self) -> None:
        """Raise `Resting` when a call would be refused now."""
        if not self.is_open:
            return
        raise Resting(
            f"{self._system} failed {self._failures} times in a row, so it is left alone for a while.",
            system=self._system,
            retry_after_s=max(self._left_s() or 0.0, 1.0),
        )

    def admit(self) -> bool:
        """Let one call through, or raise `Resting`; whether it is the trial that ends a rest.

        Its end has to be reported.
        """
        self.check()
        self._is_tried = self._until is not None
        return self._is_tried

    def succeeded(self) -> None:
        """The provider answered, if only to say no."""
        self._failures = 0
        self._until = None
        self._is_tried = False

    def failed(self) -> None:
        """The provider is not well."""
        self._failures += 1
        if self._is_tried or (self._until is None and self._failures >= self._most):
            self._until = self._time() + self._rest_s
            self._is_tried = False

    def gave_up(self) -> None:
        """We ended the trial: it tells nothing about the provider."""
        self._is_tried = False

    def _left_s(self) -> float | None:
        return None if self._until is None else self._until - self._time()
