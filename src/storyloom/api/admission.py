"""What the OpenAPI document says of keys, and of those who are turned away."""

from typing import Any

from storyloom.access.gate import is_open, scopes_of
from storyloom.api.access import is_of_stories

_SCHEME = "key"
_SECURITY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key that `storyloom keys create` or `POST /v1/keys` made. In development, on a "
    "server that listens on its own machine alone, none is needed as long as there is none.",
}
_TURNED_AWAY = {
    "401": "There is no key, or it is unknown, has ended or was revoked",
    "403": "The key does not cover this, or belongs to another organisation than `X-Org-ID` names; or, "
    "without a key, a web page of another origin asks",
    "429": "The key has made more requests than it may; `Retry-After` says when to go on",
}
_WORDS = {"type": "string"}
DETAIL = {
    "type": "object",
    "required": ["detail", "code"],
    "properties": {"detail": _WORDS, "code": _WORDS},
}
_ERROR = {
    "type": "object",
    "required": ["success", "error"],
    "properties": {"success": {"type": "boolean"}, "error": _WORDS},
}


def document_admission(schema: dict[str, Any], *, is_private: bool) -> None:
    """Name the key, the scope and the refusals of every operation.

    On a private server a key is not needed everywhere and always, so the document says: or none.
    """
    security: list[dict[str, list[str]]] = [{_SCHEME: []}, {}] if is_private else [{_SCHEME: []}]
    schema["components"]["securitySchemes"] = {_SCHEME: _SECURITY}
    for path, operations in schema["paths"].items():
        if is_open(path):
            continue
        body = _ERROR if is_of_stories(path) else DETAIL
        for operation in operations.values():
            operation["security"] = security
            operation["x-scope"] = " or ".join(scopes_of(path))
            for status, says in _TURNED_AWAY.items():
                also_answers(operation["responses"], status, says, body)


def also_answers(responses: dict[str, Any], status: str, says: str, body: dict[str, Any]) -> None:
    """Add another reason for a status to the responses of an operation, with its body."""
    known = responses.get(status)
    if known is not None:
        says = f"{known['description']}; or: {says}"
        there = known.get("content", {}).get("application/json", {}).get("schema")
        body = body if there is None else {"anyOf": [there, body]}
    responses[status] = {
        "description": says,
        "content": {"application/json": {"schema": body}},
    }
