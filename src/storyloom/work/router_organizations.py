"""The route of organisations: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from storyloom.access.callers import Calling
from storyloom.work.organizations import OrganizationList, Organizations

# Names are found as they are stored, and others have rules of their own for them.
_LONGEST = 1000
_STORABLE = r"^[^\x00]*$"
router = APIRouter(
    tags=["keys"],
    responses={503: {"description": "A store is away for now"}},
)


async def _organizations(request: Request) -> Organizations:
    return request.state.organizations


@router.get("/v1/organizations")
async def list_organizations(
    organizations: Annotated[Organizations, Depends(_organizations)],
    caller: Calling,
    *,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    cursor: Annotated[
        str | None,
        Query(
            description="`next_cursor` of the page before",
            max_length=_LONGEST,
            pattern=_STORABLE,
        ),
    ] = None,
) -> OrganizationList:
    """List the organisations that are known from keys, work, sessions in the database or profiles.

    A key sees its own. The operator's key sees all, and so does everybody where no key is needed.
    """
    return await organizations.page(caller, limit=limit, cursor=cursor)
