"""What the status of an answer says, as an error of ours."""

from dataclasses import dataclass
from http import HTTPStatus

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.errors import (
    KeyRefused,
    ModelNotFound,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    Rejected,
    ServerFault,
    StoryloomError,
)

TOO_MANY, QUOTA = HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.PAYMENT_REQUIRED
NO_KEY, NO_MODEL = HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND
OVERLOADED, BROKEN = HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INTERNAL_SERVER_ERROR
_OVERLOADED = (OVERLOADED, 529)
_NO_KEY = (NO_KEY, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that is no success."""

    status: int
    code: str = ""  #: the provider's word for it, where that is one
    wait_s: float | None = None  #: how long it asks us to wait

    def fault(self, connection: Connection, model: str) -> StoryloomError:
        """The error that it stands for."""
        who, system = connection.who, connection.provider
        if self.status in (TOO_MANY, *_OVERLOADED) or self.status >= BROKEN:
            return self._passing(who, system)
        if self.status == QUOTA:
            return QuotaUsedUp(f"{who} API quota is used up", system=system)
        if self.status in _NO_KEY:
            return KeyRefused(f"{who} does not accept our API key", system=system)
        if self.status == NO_MODEL:
            return ModelNotFound(f"{who} does not know the model {model}", system=system)
        why = f"{self.status}, {self.code}" if self.code else f"{self.status}"
        return Rejected(f"{who} rejected the request ({why})", system=system)

    def _passing(self, who: str, system: str) -> StoryloomError:
        kind, said = ServerFault, f"{who} API failed with an error of its own ({self.status})"
        if self.status == TOO_MANY:
            kind, said = RateLimited, f"{who} API asks us to wait: too many requests"
        elif self.status in _OVERLOADED:
            kind, said = Overloaded, f"{who} API is overloaded"
        return kind(said, system=system, retry_after_s=self.wait_s)
