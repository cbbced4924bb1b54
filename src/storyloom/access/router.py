"""The routes about keys: parse, call one method, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from storyloom.access.callers import Calling
from storyloom.access.errors import ForeignOrganisation
from storyloom.access.schemas import KeyList, MadeKey, NewKey
from storyloom.access.state import KeyRing
from storyloom.kit.organisations import DEFAULT_ORG

_DETAIL: dict[str, Any] = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": {"type": "string"}, "code": {"type": "string"}},
            }
        }
    }
}
router = APIRouter(
    prefix="/v1/keys",
    tags=["keys"],
    responses={503: {"description": "The store of keys is away for now", **_DETAIL}},
)


async def _keys(request: Request) -> KeyRing:
    return request.state.keys


Keys = Annotated[KeyRing, Depends(_keys)]


@router.get("")
async def list_keys(
    keys: Keys, caller: Calling, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> KeyList:
    """List the newest keys of the caller's organisation, without their secrets."""
    return KeyList(keys=list(await keys.newest(org_id=caller.org_id, limit=limit)))


@router.post("", status_code=201)
async def create_key(body: NewKey, keys: Keys, caller: Calling, response: Response) -> MadeKey:
    """Make a key for the caller's organisation. The answer is the only place that shows it."""
    if caller.org_id is not None and body.org_id not in {None, caller.org_id}:
        raise ForeignOrganisation("A key makes keys for its own organisation only")
    response.headers["Cache-Control"] = "no-store"
    return await keys.make(body, body.org_id or caller.org_id or DEFAULT_ORG)


@router.delete(
    "/{key_id}",
    status_code=204,
    responses={404: {"description": "There is no such key", **_DETAIL}},
)
async def revoke_key(key_id: str, keys: Keys, caller: Calling) -> None:
    """Revoke a key. Doing so again changes nothing; it stays in the list."""
    await keys.revoke(key_id, org_id=caller.org_id)
