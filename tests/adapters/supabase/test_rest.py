"""Everything that the client and its libraries may raise is an error of ours."""

import inspect
from collections.abc import Iterable

import httpx
import postgrest
import pytest
from pydantic import TypeAdapter, ValidationError

from storyloom.adapters.supabase._rest import translated
from storyloom.errors import InvalidInput, NotFound, Unavailable

SECRET = "eyJsecret"  # noqa: S105 - a mark to look for


def _unfit() -> ValidationError:
    try:
        TypeAdapter(int).validate_python(SECRET)
    except ValidationError as fault:
        return fault
    raise AssertionError


def _raised(kind: type[Exception]) -> Exception:
    """One of this kind, whatever its constructor wants."""
    wanted = list(inspect.signature(kind).parameters.values())
    known = {"request": httpx.Request("GET", "http://x"), "response": httpx.Response(500)}
    keywords = {p.name: known[p.name] for p in wanted if p.kind is p.KEYWORD_ONLY}
    positional = [p for p in wanted if p.kind is p.POSITIONAL_OR_KEYWORD]
    return kind(*[SECRET for _ in positional], **keywords)


def _kinds(names: Iterable[str]) -> list[type[Exception]]:
    found = [getattr(httpx, name) for name in names]
    return [k for k in found if isinstance(k, type) and issubclass(k, Exception)]


FAULTS = [
    *[_raised(kind) for kind in _kinds(httpx.__all__)],
    postgrest.APIError({"message": SECRET, "code": "500", "details": SECRET}),
    _unfit(),
    TimeoutError(SECRET),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_every_error_of_the_libraries_is_unavailable_and_says_nothing_of_them(
    fault: Exception,
) -> None:
    with pytest.raises(Unavailable) as told, translated():
        raise fault

    assert told.value.__cause__ is fault
    assert told.value.system == "archive"
    assert SECRET not in told.value.message


def test_what_no_json_can_carry_is_the_jobs_own_fault() -> None:
    with pytest.raises(InvalidInput), translated():
        "\ud800".encode()


def test_errors_of_ours_stay_as_they_are() -> None:
    with pytest.raises(NotFound), translated():
        raise NotFound
