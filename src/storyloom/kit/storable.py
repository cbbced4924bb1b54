"""Texts that every database takes."""

from typing import TypeVar, cast

_T = TypeVar("_T")
_REPLACEMENT = "\ufffd"


def storable(value: _T) -> _T:
    """The value with a mark in place of what PostgreSQL refuses: NUL, and half a surrogate pair."""
    if isinstance(value, str):
        whole = value.encode("utf-8", "replace").decode()
        return cast("_T", type(value)(whole.replace("\x00", _REPLACEMENT)))
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return cast("_T", {storable(name): storable(field) for name, field in fields.items()})
    if isinstance(value, list):
        return cast("_T", [storable(item) for item in cast("list[object]", value)])
    return value
