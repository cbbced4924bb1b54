"""The headers that tell a caller how much it may still ask."""

from typing import Any

from starlette.types import Message, Scope, Send

from storyloom.access.schemas import Standing

_STATE = "standing"  #: where the request's state has it


def telling(send: Send, scope: Scope, standing: Standing) -> Send:
    """Pass an answer on, with the headers in its head."""
    scope["state"][_STATE] = standing

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *standing.headers]}
        await send(message)

    return told


def standing_of(scope: Scope) -> dict[str, str]:
    """The same headers, for an answer that no middleware sees."""
    state: dict[str, Any] = scope.get("state") or {}
    standing: Standing | None = state.get(_STATE)
    return {} if standing is None else {k.decode(): v.decode() for k, v in standing.headers}
