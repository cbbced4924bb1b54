"""How long a client goes on trying."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds of what is tried again: only what may safely be sent twice, and may help."""

    attempts: int = 4
    #: All waits of one call together; a server that asks for more is not waited for.
    waits_s: float = 60.0
    #: The first wait, where the server names none; each further one is twice as long.
    first_s: float = 0.5

    def wait_s(self, attempt: int, asked_s: float | None, spent_s: float) -> float | None:
        """How long to wait after this attempt, counted from 1; None: give up."""
        wait_s = self.first_s * 2 ** (attempt - 1) if asked_s is None else asked_s
        enough = attempt < self.attempts and spent_s + wait_s <= self.waits_s
        return wait_s if enough else None


ONCE = Patience(attempts=1)
