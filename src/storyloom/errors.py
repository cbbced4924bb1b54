"""Every error that Storyloom raises on purpose, as one tree.

StoryloomError
├── InvalidInput            the request cannot be understood; names the field
│   └── ConditionUnreadable it says in no known form what it expects to be there
├── NotAuthenticated        no key, or an unknown one
├── NotAllowed              the key does not cover this
├── NotFound                nothing by that name here
├── Conflict                it clashes with what is already so
├── Unavailable             an outside system did not answer; trying again may help
│   ├── Busy                it has no room right now
│   │   ├── Overloaded      it has too much to do for everybody
│   │   └── Resting         it failed too often lately, so we leave it alone for a while
│   ├── RateLimited         it asks us to wait
│   ├── ServerFault         something went wrong inside it
│   ├── OutOfMemory         its GPU's memory did not suffice
│   ├── Interrupted         somebody stopped what it was doing for us
│   ├── DiskFull            it has no room left to keep anything
│   ├── Unreachable         the connection failed or was cut
│   └── TimedOut            it took longer than its deadline
├── Rejected                an outside system refused; trying again will not help
│   ├── ContentBlocked      it refuses the content
│   ├── KeyRefused          it does not accept our key
│   ├── QuotaUsedUp         what we may have of it is used up
│   ├── ModelNotFound       it does not know the model
│   └── Unsupported         it cannot do that
├── BadAnswer               the reply did not fit what was asked
│   └── Truncated           the reply was cut off at its longest
├── BudgetUsedUp            the next call would cost more than may be spent
└── Misconfigured           a setting is missing or wrong

Each class carries what every edge needs: a sentence for a person, a stable code for a program,
an HTTP status, an exit status for the command line, and whether trying again can help.
"""

from typing import ClassVar


class StoryloomError(Exception):
    """Something unexpected happened inside Storyloom."""

    code: str = "internal"
    http_status: ClassVar[int] = 500
    exit_status: ClassVar[int] = 1
    retryable: bool = False
    #: What a model had read and written by then, in tokens, where its provider told.
    tokens: tuple[int, int] | None = None
    #: Whether a provider may have got what it was to be asked.
    was_sent: bool = True

    def __init__(self, message: str | None = None) -> None:
        """Take the sentence for a person; the docstring stands in when there is none."""
        super().__init__(message or (type(self).__doc__ or "").partition("\n")[0])

    @property
    def message(self) -> str:
        """The sentence for a person."""
        return str(self)


class InvalidInput(StoryloomError):
    """The input cannot be understood."""

    code = "invalid_input"
    http_status = 422
    exit_status = 2

    def __init__(
        self, message: str | None = None, *, loc: tuple[str | int, ...] = (), kind: str = ""
    ) -> None:
        """Name the field by its path (`("body", "file_content")`) and the kind of fault."""
        super().__init__(message)
        self.loc = loc
        self.kind = kind or self.code


class ConditionUnreadable(InvalidInput):
    """`If-Match` and `If-None-Match` have to be `*`, or quoted tags with commas between them."""

    code = "condition_unreadable"
    http_status = 400


class NotAuthenticated(StoryloomError):
    """A valid key is needed."""

    code = "not_authenticated"
    http_status = 401
    exit_status = 3


class NotAllowed(StoryloomError):
    """This key does not cover what was asked."""

    code = "not_allowed"
    http_status = 403
    exit_status = 3


class NotFound(StoryloomError):
    """There is nothing by that name."""

    code = "not_found"
    http_status = 404
    exit_status = 4


class Conflict(StoryloomError):
    """It clashes with what is already so."""

    code = "conflict"
    http_status = 409
    exit_status = 5


class Unavailable(StoryloomError):
    """An outside system did not answer."""

    code = "unavailable"
    http_status = 503
    exit_status = 6
    retryable = True

    def __init__(
        self, message: str | None = None, *, system: str = "", retry_after_s: float | None = None
    ) -> None:
        """Name the system, and the wait in seconds that it asked for, if it did."""
        super().__init__(message)
        self.system = system
        self.retry_after_s = retry_after_s


class Busy(Unavailable):
    """An outside system has no room right now."""

    code = "busy"


class Overloaded(Busy):
    """An outside system has too much to do for everybody."""

    code = "overloaded"


class Resting(Busy):
    """An outside system has failed too often lately, so it is left alone for a while."""

    code = "resting"


class RateLimited(Unavailable):
    """An outside system asks us to wait."""

    code = "rate_limited"
    http_status = 429


class ServerFault(Unavailable):
    """Something went wrong inside an outside system."""

    code = "server_error"
    http_status = 502


class OutOfMemory(Unavailable):
    """The memory of the GPU did not suffice."""

    code = "out_of_memory"


class Interrupted(Unavailable):
    """Somebody stopped what an outside system was doing for us."""

    code = "interrupted"


class DiskFull(Unavailable):
    """There is no room left to keep anything."""

    code = "disk_full"
    http_status = 507


class Unreachable(Unavailable):
    """The connection to an outside system failed or was cut."""

    code = "connection"


class TimedOut(Unavailable):
    """An outside system took longer than its deadline."""

    code = "timeout"
    http_status = 504


class Rejected(StoryloomError):
    """An outside system refused."""

    code = "rejected"
    http_status = 502
    exit_status = 7

    def __init__(self, message: str | None = None, *, system: str = "") -> None:
        """Name the system that refused."""
        super().__init__(message)
        self.system = system


class ContentBlocked(Rejected):
    """An outside system refuses the content."""

    code = "blocked"


class KeyRefused(Rejected):
    """An outside system does not accept our key."""

    code = "auth"


class QuotaUsedUp(Rejected):
    """What we may have of an outside system is used up."""

    code = "quota"


class ModelNotFound(Rejected):
    """An outside system does not know the model."""

    code = "model_not_found"


class Unsupported(Rejected):
    """That is beyond what is installed or configured here."""

    code = "unsupported"
    http_status = 422


class BadAnswer(StoryloomError):
    """The reply of an outside system did not fit what was asked."""

    code = "bad_answer"
    http_status = 502
    exit_status = 7


class Truncated(BadAnswer):
    """The reply of an outside system was cut off at its longest."""

    code = "truncated"


class BudgetUsedUp(StoryloomError):
    """The next call would cost more than may be spent."""

    code = "budget"
    http_status = 402
    exit_status = 7


class Misconfigured(StoryloomError):
    """A setting is missing or wrong."""

    code = "misconfigured"
    exit_status = 8

    def __init__(self, message: str | None = None, *, setting: str = "") -> None:
        """Name the setting, as the operator writes it."""
        super().__init__(message)
        self.setting = setting
