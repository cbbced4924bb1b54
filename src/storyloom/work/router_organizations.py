"""The route of organisations: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from storyloom.access.callers import Calling
from storyloom.kit.organisations import ORG_LABEL, ORG_LENGTH
from storyloom.work.organizations import OrganizationList, Organizations

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
            min_length=1,
            max_length=ORG_LENGTH,
            pattern=ORG_LABEL,
        ),
    ] = None,
) -> OrganizationList:
    """List the organisations that are known from keys, work, sessions or profiles, by their names.

    A key sees its own. The operator's key sees all, and so does everybody where no key is needed.
    """
    return await organizations.page(caller, limit=limit, cursor=cursor)
