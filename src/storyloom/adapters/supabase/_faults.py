"""What an answer that is no success means, in our words.

Neither the key, nor the address, nor what the server says ends up in a sentence: it may quote a row.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel, ValidationError

from storyloom.errors import (
    Conflict,
    InvalidInput,
    RateLimited,
    Rejected,
    StoryloomError,
    Unavailable,
)

SYSTEM = "archive"
URL, KEY = "SUPABASE_URL", "SUPABASE_SERVICE_KEY"
UNSTORABLE = "The job holds something that the archive cannot store."
_NO_RIGHT = "42501"
# Tables, and columns of them, that PostgreSQL or the API's own list of them does not have.
_NO_TABLE = frozenset({"PGRST205", "PGRST204", "42P01", "42703"})
# The classes of SQLSTATE for values that cannot be stored, or do not fit the table.
_UNFIT = ("22", "23")
_UNKNOWN_KEY = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_PASSING = (HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.REQUEST_TIMEOUT)
_CODE = re.compile(r"[A-Z0-9]{5,8}")
_SECONDS = re.compile(r"[0-9]{1,5}")


class Refused(Unavailable):
    """The project will refuse everything until an operator mends it.

    While jobs run this is an outage like any other, which ends when it is mended: a job that was
    accepted must not be lost to a key that was changed.
    """

    def __init__(self, message: str, *, setting: str) -> None:
        """Name the setting to look at."""
        super().__init__(f"The job archive cannot be used: {message}", system=SYSTEM)
        self.setting = setting


def fault_of(status: int, headers: Mapping[str, str], body: bytes) -> StoryloomError:
    """The error that an answer with this status stands for."""
    code, wait_s = _code(body), _wait_s(headers)
    if status == HTTPStatus.CONFLICT:
        return Conflict("The job archive already holds this job.")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(
            "Supabase asks us to wait before the job archive can be used.",
            system=SYSTEM,
            retry_after_s=wait_s,
        )
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(
            f"The job archive did not answer: Supabase said {_told(status, code)}.",
            system=SYSTEM,
            retry_after_s=wait_s,
        )
    return _refused(status, code) or _unfit(status, code)


def _refused(status: int, code: str) -> Refused | None:
    if code in _NO_TABLE:
        return Refused(
            "the table storyboard_jobs is missing in the Supabase project, or older than this "
            "version. Run sql/002_storyboard_jobs.sql in its SQL editor.",
            setting=URL,
        )
    if code == _NO_RIGHT:
        return Refused(
            f"{KEY} has no right to the table storyboard_jobs. It has to be the service_role key.",
            setting=KEY,
        )
    if status in _UNKNOWN_KEY:
        return Refused(
            f"Supabase does not accept {KEY}. Take the service_role key of the project "
            f"that {URL} names.",
            setting=KEY,
        )
    if status < HTTPStatus.BAD_REQUEST or status == HTTPStatus.NOT_FOUND:
        return Refused(f"{URL} does not lead to a Supabase project ({status}).", setting=URL)
    return None


def _unfit(status: int, code: str) -> StoryloomError:
    if code.startswith(_UNFIT):
        return InvalidInput(UNSTORABLE)
    told = _told(status, code)
    return Rejected(f"The job archive refused what it was asked: {told}.", system=SYSTEM)


def _told(status: int, code: str) -> str:
    return f"{status}, {code}" if code else f"{status}"


class _Body(BaseModel):
    code: str = ""


def _code(body: bytes) -> str:
    """The stable code in an error body of PostgREST; other bodies have none."""
    try:
        code = _Body.model_validate_json(body).code
    except ValidationError:
        return ""
    return code if _CODE.fullmatch(code) else ""


def _wait_s(headers: Mapping[str, str]) -> float | None:
    asked = headers.get("retry-after", "")
    return float(asked) if _SECONDS.fullmatch(asked) else None
