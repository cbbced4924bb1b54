"""Reading an error that a server has answered with: problem details, or a documented body."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import httpx2

from storyloom.client.errors import Field, Refusal

# Some documented routes name the sentence otherwise, beside what they always say.
_OTHERWISE = frozenset({"success", "promptsReady", "available"})


def refusal_of(response: httpx2.Response) -> Refusal | None:
    """What an answer says; None where it is not of a Storyloom server."""
    try:
        value: object = response.json()
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    told = cast("dict[str, Any]", value)
    try:
        sentence, fields = _told(told)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return Refusal(
        status=response.status_code,
        says=sentence,
        code=str(told.get("code", "")),
        fields=fields,
        request_id=response.headers.get("X-Request-Id"),
        retry_after_s=retry_after_of(response),
        retryable=told.get("retryable"),
        body=told,
    )


def retry_after_of(response: httpx2.Response) -> float | None:
    """The seconds that an answer asks to wait; Storyloom writes no dates there."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else None


def _told(told: Mapping[str, Any]) -> tuple[str, tuple[Field, ...]]:
    detail = told["error" if told.keys() & _OTHERWISE else "detail"]
    if isinstance(detail, str):
        return detail, tuple(_problems(told))
    fields = tuple(Field(tuple(one["loc"]), one["msg"], one["type"]) for one in detail)
    return "; ".join(map(str, fields)), fields


def _problems(told: Mapping[str, Any]) -> Iterator[Field]:
    for one in told.get("errors") or ():
        pointer = one.get("pointer")
        if pointer is None:
            loc = (str(one["in"]), *one["parameter"].split("."))
        else:
            parts = pointer.removeprefix("#").split("/")[1:]
            loc = ("body", *(part.replace("~1", "/").replace("~0", "~") for part in parts))
        yield Field(loc, one["detail"], one["code"])
