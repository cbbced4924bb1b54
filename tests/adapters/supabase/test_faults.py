"""What answers that are no success mean."""

import json

import pytest

from storyloom.adapters.supabase._faults import Refused, fault_of
from storyloom.errors import (
    Conflict,
    InvalidInput,
    RateLimited,
    Rejected,
    StoryloomError,
    Unavailable,
)

SECRET = "eyJsecret"  # noqa: S105 - a mark to look for


def body(code: str | None = None) -> bytes:
    return json.dumps({"code": code, "message": SECRET, "details": SECRET, "hint": None}).encode()


@pytest.mark.parametrize(
    ("status", "sent", "kind"),
    [
        (409, body("23505"), Conflict),
        (429, b"", RateLimited),
        (400, body("22P02"), InvalidInput),
        (400, body("22P05"), InvalidInput),
        (400, body("23514"), InvalidInput),
        (400, body("PGRST100"), Rejected),
        (405, b"", Rejected),
        (413, b"<html>too large</html>", Rejected),
        (402, body("exceeded"), Unavailable),
        (408, b"", Unavailable),
        (500, body("57014"), Unavailable),
        (503, body("PGRST001"), Unavailable),
        (504, body("PGRST003"), Unavailable),
        (520, b"<html>", Unavailable),
        (540, b'"paused"', Unavailable),
    ],
)
def test_each_answer_is_an_error_of_ours(
    status: int, sent: bytes, kind: type[StoryloomError]
) -> None:
    fault = fault_of(status, {}, sent)

    assert type(fault) is kind
    assert SECRET not in fault.message


@pytest.mark.parametrize(
    ("status", "sent", "setting", "said"),
    [
        (404, body("PGRST205"), "SUPABASE_URL", "sql/002_storyboard_jobs.sql"),
        (404, body("42P01"), "SUPABASE_URL", "sql/002_storyboard_jobs.sql"),
        (400, body("PGRST204"), "SUPABASE_URL", "sql/002_storyboard_jobs.sql"),
        (400, body("42703"), "SUPABASE_URL", "sql/002_storyboard_jobs.sql"),
        (401, body("PGRST301"), "SUPABASE_SERVICE_KEY", "does not accept SUPABASE_SERVICE_KEY"),
        (403, b"<html>", "SUPABASE_SERVICE_KEY", "does not accept SUPABASE_SERVICE_KEY"),
        (401, body("42501"), "SUPABASE_SERVICE_KEY", "has to be the service_role key"),
        (404, b"<html>", "SUPABASE_URL", "does not lead to a Supabase project (404)"),
        (301, b"", "SUPABASE_URL", "does not lead to a Supabase project (301)"),
    ],
)
def test_what_an_operator_has_to_mend_is_an_outage_that_names_the_setting(
    status: int, sent: bytes, *, setting: str, said: str
) -> None:
    fault = fault_of(status, {}, sent)

    assert isinstance(fault, Refused)
    assert fault.retryable
    assert fault.setting == setting
    assert said in fault.message
    assert SECRET not in fault.message


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("asked", "wait_s"), [("7", 7.0), ("0", 0.0), ("soon", None), ("-1", None), ("9" * 99, None)]
)
def test_the_wait_that_is_asked_for_is_told(status: int, asked: str, wait_s: float | None) -> None:
    fault = fault_of(status, {"retry-after": asked}, b"")

    assert isinstance(fault, Unavailable)
    assert fault.retry_after_s == wait_s
