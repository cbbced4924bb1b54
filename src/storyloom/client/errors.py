"""What a server refuses, as exceptions.

ApiError                     the server answered with an error
├── BadRequest               400 and whatever else is wrong with the request
├── Unauthorized             401: no key, or not a good one
├── PaymentRequired          402: the budget does not suffice
├── Forbidden                403: the key does not cover this
├── Missing                  404: nothing by that name
├── Clash                    409: it clashes with what is already so
│   ├── GpuHeld              somebody else holds the GPU; `body["lease"]` tells who
│   ├── Changed              412: somebody else has changed it since it was looked at; of a session
│   │                        `body["etag"]` tells which it is now
│   └── InFlight             the first request with this key is not answered yet
├── Gone                     410: it was there, and is no longer
├── Unprocessable            413, 415, 422: the input is wrong; `fields` tells what
│   └── KeyReused            the idempotency key belongs to another request
├── TooManyRequests          429: `retry_after_s` tells when to come again
├── ServerError              500 and whatever else goes wrong inside
├── ServiceUnavailable       503: a part that is needed is away for now
└── GatewayTimeout           504: it took too long

Each is also of the class of `storyloom.errors` that it stands for: `except NotFound` catches
`Missing`. What is not answered is `NoServer`, `Unreachable` or `TimedOut`, and what is answered by
something else than Storyloom is `BadAnswer`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storyloom.errors import (
    BudgetUsedUp,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    StoryloomError,
    TimedOut,
    Unavailable,
    Unreachable,
)


@dataclass(frozen=True, slots=True)
class Field:
    """What is wrong with one field."""

    loc: tuple[str | int, ...]  #: such as `("body", "file_content")`
    says: str
    code: str

    def __str__(self) -> str:
        """The field, and what is wrong with it."""
        return f"{'.'.join(map(str, self.loc[1:])) or 'the body'}: {self.says}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """All that an answer says of an error."""

    status: int
    says: str
    code: str = ""  #: empty where the body has none
    fields: tuple[Field, ...] = ()
    request_id: str | None = None
    retry_after_s: float | None = None
    retryable: bool | None = None
    body: Mapping[str, Any] | None = None


class ApiError(StoryloomError):
    """The server answered with an error."""

    def __init__(self, refusal: Refusal) -> None:
        """Take what the answer says."""
        super().__init__(refusal.says)
        self.status = refusal.status
        self.code = refusal.code or type(self).code
        self.fields = refusal.fields
        self.request_id = refusal.request_id
        self.retry_after_s = refusal.retry_after_s
        if refusal.retryable is not None:
            self.retryable = refusal.retryable
        self.body = refusal.body or {}


class BadRequest(ApiError, InvalidInput):
    """The request cannot be understood."""


class Unauthorized(ApiError, NotAuthenticated):
    """A valid key is needed."""


class PaymentRequired(ApiError, BudgetUsedUp):
    """The budget does not suffice."""


class Forbidden(ApiError, NotAllowed):
    """This key does not cover what was asked."""


class Missing(ApiError, NotFound):
    """There is nothing by that name."""


class Clash(ApiError, Conflict):
    """It clashes with what is already so."""


class GpuHeld(Clash):
    """Somebody else holds the GPU."""


class Changed(Clash):
    """Somebody else has changed it since it was looked at."""


class InFlight(Clash):
    """The first request with this key is not answered yet."""


class Gone(ApiError):
    """It was there, and is no longer."""

    exit_status = 4


class Unprocessable(ApiError, InvalidInput):
    """The input is wrong."""


class KeyReused(Unprocessable):
    """The idempotency key belongs to another request."""


class TooManyRequests(ApiError, RateLimited):
    """The server asks us to wait."""


class ServerError(ApiError):
    """Something went wrong inside the server."""


class ServiceUnavailable(ApiError, Unavailable):
    """A part that is needed is away for now."""


class GatewayTimeout(ApiError, TimedOut):
    """It took the server too long."""


class NoServer(Unreachable):
    """Nothing listens at that address."""


_BY_CODE: Mapping[str, type[ApiError]] = {
    "gpu_held": GpuHeld,
    "idempotency_in_flight": InFlight,
    "idempotency_key_reused": KeyReused,
}
_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: Unauthorized,
    402: PaymentRequired,
    403: Forbidden,
    404: Missing,
    409: Clash,
    410: Gone,
    412: Changed,
    413: Unprocessable,
    415: Unprocessable,
    422: Unprocessable,
    429: TooManyRequests,
    503: ServiceUnavailable,
    504: GatewayTimeout,
}
_SERVER_ERRORS = 500


def error_of(refusal: Refusal) -> ApiError:
    """The exception of this code, or else of this status."""
    rest = ServerError if refusal.status >= _SERVER_ERRORS else BadRequest
    kind = _BY_CODE.get(refusal.code) or _BY_STATUS.get(refusal.status, rest)
    return kind(refusal)
