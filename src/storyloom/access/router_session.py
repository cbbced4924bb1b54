"""The session of a page: parse, set a cookie, return."""

from fastapi import APIRouter, Request, Response

from storyloom.access.callers import Calling, Org
from storyloom.access.cookies import HAS_SESSION, KEY_COOKIE, ORG_COOKIE, SetCookie
from storyloom.access.errors import ForeignOrganisation
from storyloom.access.schemas import Caller, NewSession, Scope, SessionView
from storyloom.kit.organisations import DEFAULT_ORG

router = APIRouter(prefix="/v1/session", tags=["session"])


@router.get("")
async def get_session(caller: Calling, org_id: Org, response: Response) -> SessionView:
    """Tell who looks at the page, and what they may do."""
    response.headers["Cache-Control"] = "no-store"
    return _view(caller, org_id)


@router.post("")
async def begin_session(
    body: NewSession, caller: Calling, request: Request, response: Response
) -> SessionView:
    """Keep the key that is sent as `Authorization` in a cookie that no script can read.

    Pictures and streams of the page are asked for with it. Without a key in the header, only the
    organisation changes.
    """
    if caller.org_id is not None and body.org_id not in {None, caller.org_id}:
        raise ForeignOrganisation(
            f"The key belongs to the organisation '{caller.org_id}', and sees no other"
        )
    secure = request.url.scheme == "https"
    if caller.key_id and HAS_SESSION not in request.scope["state"]:
        key = request.headers["authorization"].strip().partition(" ")[2].strip()
        _set(response, SetCookie(KEY_COOKIE, key, secure))
    org_id = None if body.org_id == caller.org_id else body.org_id
    _set(response, SetCookie(ORG_COOKIE, org_id or "", secure))
    response.headers["Cache-Control"] = "no-store"
    return _view(caller, org_id or caller.org_id or DEFAULT_ORG)


@router.delete("", status_code=204)
async def end_session(request: Request, response: Response) -> None:
    """Forget the cookies of the page."""
    secure = request.url.scheme == "https"
    for name in (KEY_COOKIE, ORG_COOKIE):
        _set(response, SetCookie(name, "", secure))


def _view(caller: Caller, org_id: str) -> SessionView:
    return SessionView(
        needs_key=bool(caller.key_id),
        key_id=caller.key_id or None,
        org_id=org_id,
        may_choose_org=caller.org_id is None,
        scopes=sorted(Scope if caller.may(Scope.ADMIN) else caller.scopes),
    )


def _set(response: Response, cookie: SetCookie) -> None:
    response.headers.append("Set-Cookie", cookie.header())
