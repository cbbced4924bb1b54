"""Who calls, for routes: whoever was let in, and whose things the request is about."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.requests import HTTPConnection
from starlette.types import Scope

from storyloom.access.gate import NOBODY
from storyloom.access.schemas import Caller
from storyloom.kit.organisations import DEFAULT_ORG, ORG_LABEL, ORG_LENGTH

STATE = "caller"  #: where the request's state has it
OrgLabel = Annotated[
    str | None,
    Header(
        alias="X-Org-ID",
        description="A label for your organisation; what has another label is not found. "
        "With a key it may be left out, and has to be the key's own",
        min_length=1,
        max_length=ORG_LENGTH,
        pattern=ORG_LABEL,
    ),
]


# Coroutines, because FastAPI takes every other function to a thread.
async def current_caller(request: HTTPConnection) -> Caller:
    """Whoever was let in."""
    return getattr(request.state, STATE, NOBODY)


async def known_org(
    caller: Annotated[Caller, Depends(current_caller)], label: OrgLabel = None
) -> str | None:
    """The organisation of the key; without one, the one that the request names, if it does."""
    # Where there is a key, the label was held against it at the gate.
    return label if caller.org_id is None else caller.org_id


async def caller_org(org_id: Annotated[str | None, Depends(known_org)]) -> str:
    """The organisation of whoever asks."""
    return org_id or DEFAULT_ORG


def org_of_key(state: Mapping[str, Any]) -> str | None:
    """The organisation of the key in the state of a request; None without a key."""
    caller: Caller | None = state.get(STATE)
    return None if caller is None else caller.org_id


def org_before_routes(scope: Scope) -> str:
    """The organisation that a request is about, for middleware: a label is not checked yet."""
    labels = (value.decode("latin-1") for name, value in scope["headers"] if name == b"x-org-id")
    # An empty label is refused by the routes, so it is not the same as none. Of several, they take
    # the first.
    return org_of_key(scope["state"]) or next(labels, DEFAULT_ORG)


Calling = Annotated[Caller, Depends(current_caller)]
KnownOrg = Annotated[str | None, Depends(known_org)]
Org = Annotated[str, Depends(caller_org)]
