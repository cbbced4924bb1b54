"""The session routes: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.convertors import Convertor, register_url_convertor  # codespell:ignore

from storyloom.access.callers import Org
from storyloom.errors import InvalidInput
from storyloom.kit.tagged import tagged
from storyloom.story.conditions import Condition
from storyloom.story.errors import SessionChanged, SessionNotFound
from storyloom.story.responses import (
    EXPECTED,
    NO_SESSION,
    NO_STATUS,
    PROMPTING,
    REFUSED,
    SAVING,
    SESSION,
    SESSIONS,
    UNAVAILABLE,
)
from storyloom.story.schemas import (
    MAX_NUMBER,
    BeatsReady,
    NoSession,
    NoStatus,
    PromptsStatus,
    PromptsTaken,
    SessionDeleted,
    SessionSaved,
    Triggered,
)
from storyloom.story.state import StorySessions
from storyloom.story.triggers import BeatsTrigger
from storyloom.story.views import Whole


class _Name(Convertor[str]):  # codespell:ignore
    """What may be the name of a session: not one of the routes beside it."""

    regex = "(?!(?:list|latest|save)$)[^/]+"

    def convert(self, value: str) -> str:
        """As it is: a name that is no timestamp is not found."""
        return value


_NOT_FOUND = 404
_JSON = "application/json"
register_url_convertor("session_name", _Name())  # codespell:ignore
router = APIRouter(prefix="/api/v1", tags=["story"], responses=UNAVAILABLE)


# Coroutines, because FastAPI takes every other function to a thread.
async def _sessions(request: Request) -> StorySessions:
    return request.state.sessions


async def _trigger(request: Request) -> BeatsTrigger:
    return request.state.trigger


async def _json(request: Request) -> bytes:
    """The body as it was sent: it may be megabytes, and is read in a thread."""
    if "json" not in request.headers.get("content-type", ""):
        # As all routes do: a page of a stranger can send other types without being asked first.
        raise InvalidInput(
            "The body is not read as JSON: send Content-Type: application/json",
            loc=("body",),
            kind="content_type",
        )
    return await request.body()


Sessions = Annotated[StorySessions, Depends(_sessions)]
Trigger = Annotated[BeatsTrigger, Depends(_trigger)]
Body = Annotated[bytes, Depends(_json)]
Timestamp = Annotated[str, Path(description="The session's timestamp: Unix time in milliseconds")]
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of an earlier answer")]
Before = Annotated[
    int | None, Query(ge=0, le=MAX_NUMBER, description="Older ones only: the `next` of a page")
]


async def _condition(
    if_match: Annotated[
        str | None,
        Header(description="The `ETag` that the session is expected to have still, or `*`: any"),
    ] = None,
) -> Condition:
    return Condition(if_match)


Expected = Annotated[Condition, Depends(_condition)]


@router.post(
    "/session/save",
    response_model=SessionSaved,
    responses=REFUSED | EXPECTED,
    openapi_extra=SAVING,
)
async def save_session(
    response: Response, *, sessions: Sessions, body: Body, org: Org, expected: Expected
) -> SessionSaved | Response:
    """Save a session, in place of the one with the same timestamp.

    Prompts of beats that did not change are kept.
    """
    try:
        saved = await sessions.save(org, body, expected)
    except SessionChanged as fault:
        return _changed(fault)
    response.headers["ETag"] = saved.etag
    return saved


@router.get("/session/list", response_class=Response, responses=SESSIONS)
async def list_sessions(
    sessions: Sessions,
    org: Org,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Before = None,
) -> Response:
    """List sessions, the newest first. A page ends early when its sessions are large."""
    return Response(await sessions.newest(org, limit=limit, before=before), media_type=_JSON)


@router.get("/session/latest", response_class=Response, responses=SESSION | NO_SESSION)
async def latest_session(
    sessions: Sessions, org: Org, if_none_match: IfNoneMatch = None
) -> Response:
    """Get the newest session."""
    try:
        return _session(await sessions.latest(org), if_none_match)
    except SessionNotFound as fault:
        return _missing(NoSession(error=fault.message))


@router.get(
    "/session/{session_timestamp}/prompts-status",
    response_model=PromptsStatus,
    responses=NO_STATUS,
)
async def prompts_status(
    session_timestamp: Timestamp, sessions: Sessions, org: Org
) -> PromptsStatus | Response:
    """Check whether every beat of a session that needs prompts has them."""
    try:
        return await sessions.status(org, session_timestamp)
    except SessionNotFound as fault:
        return _missing(NoStatus(error=fault.message))


@router.post(
    "/session/{session_timestamp}/prompts",
    response_model=PromptsTaken,
    responses=NO_SESSION | REFUSED | EXPECTED,
    openapi_extra=PROMPTING,
)
async def add_prompts(
    session_timestamp: Timestamp,
    response: Response,
    *,
    sessions: Sessions,
    body: Body,
    org: Org,
    expected: Expected,
) -> PromptsTaken | Response:
    """Keep prompts for some beats of a session, or for all."""
    try:
        taken = await sessions.add_prompts(org, session_timestamp, body, expected)
    except SessionNotFound as fault:
        return _missing(NoSession(error=fault.message))
    except SessionChanged as fault:
        return _changed(fault)
    response.headers["ETag"] = taken.etag
    return taken


@router.get(
    "/session/{session_timestamp:session_name}",
    response_class=Response,
    responses=SESSION | NO_SESSION,
)
async def get_session(
    session_timestamp: Timestamp, sessions: Sessions, org: Org, if_none_match: IfNoneMatch = None
) -> Response:
    """Get one session, whole."""
    try:
        return _session(await sessions.whole(org, session_timestamp), if_none_match)
    except SessionNotFound as fault:
        return _missing(NoSession(error=fault.message))


@router.delete(
    "/session/{session_timestamp:session_name}", response_model=SessionDeleted, responses=NO_SESSION
)
async def delete_session(
    session_timestamp: Timestamp, sessions: Sessions, org: Org
) -> SessionDeleted | Response:
    """Delete a session."""
    try:
        return await sessions.delete(org, session_timestamp)
    except SessionNotFound as fault:
        return _missing(NoSession(error=fault.message))


@router.post(
    "/trigger/beats-ready", status_code=202, response_model=Triggered, responses=NO_SESSION
)
async def trigger_beats_ready(body: BeatsReady, trigger: Trigger, org: Org) -> Triggered | Response:
    """Tell whoever makes prompts that the beats of a session are there."""
    try:
        return await trigger.trigger(org, body)
    except SessionNotFound as fault:
        return _missing(NoSession(error=fault.message))


def _session(whole: Whole, if_none_match: str | None) -> Response:
    text = b'{"success":true,"data":' + whole.text + b"}"
    return tagged(text, if_none_match, tag=whole.etag)


def _changed(fault: SessionChanged) -> Response:
    """As errors of these routes are, with the tag that the session has now."""
    body = {"detail": fault.message, "code": fault.code, "etag": fault.etag}
    headers = {} if fault.etag is None else {"ETag": fault.etag}
    return JSONResponse(body, fault.http_status, headers)


def _missing(body: BaseModel) -> Response:
    """The documented body of a 404, which is not the one of other routes."""
    return Response(body.model_dump_json(by_alias=True), _NOT_FOUND, media_type=_JSON)
