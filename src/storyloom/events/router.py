"""The routes of events: parse, call one method, return."""

import re
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from storyloom.access.callers import Calling, Org
from storyloom.errors import InvalidInput
from storyloom.events.accepting import PAGE, STREAM, chosen
from storyloom.events.frames import EventStream
from storyloom.events.schemas import EventPage, EventType
from storyloom.events.views import LONGEST_S, EventViews, Whose
from storyloom.kit.leaving import unless_gone

LONGEST_POLL_S = 30.0
_MOST = 2**63 - 1
_PROBLEM: dict[str, Any] = {
    "content": {"application/json": {"schema": {"type": "object", "required": ["detail"]}}}
}
_TEXT = {"type": "string"}
_FRAME: dict[str, Any] = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {"id": _TEXT, "event": _TEXT, "data": _TEXT, "retry": {"type": "integer"}},
}
_STREAM: dict[str, Any] = {"content": {STREAM: {"schema": _FRAME}}}
_REFUSED: dict[int | str, dict[str, Any]] = {
    406: {"description": "It is not given in any of the accepted forms", **_PROBLEM},
    410: {"description": "The log does not have that place, or no longer", **_PROBLEM},
    429: {"description": "Too many follow events already", **_PROBLEM},
    503: {"description": "The log is away for now", **_PROBLEM},
}
router = APIRouter(tags=["events"])


async def _views(request: Request) -> EventViews:
    return request.state.event_views


async def _whose(caller: Calling, org: Org) -> Whose:
    return Whose(caller, org)


Views = Annotated[EventViews, Depends(_views)]
Asking = Annotated[Whose, Depends(_whose)]
After = Annotated[
    int | None,
    Query(ge=0, le=_MOST, description="Only what comes after this `seq`; 0 for all that is kept"),
]
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        description="The same, as browsers send it when they come back; it goes before `after`",
    ),
]
Types = Annotated[list[EventType] | None, Query(alias="type", description="May be repeated")]
SubjectId = Annotated[
    str | None,
    Query(pattern=r"^[!-~]{1,128}$", description="Only of this job, run, session or notification"),
]


@router.get(
    "/v1/events",
    response_model=EventPage,
    responses={200: {"description": "Events in their order", **_STREAM}, **_REFUSED},
)
async def list_events(  # noqa: PLR0913, PLR0917 - a query has the options it has
    request: Request,
    views: Views,
    whose: Asking,
    after: After = None,
    last_event_id: LastEventId = None,
    types: Types = None,
    subject: SubjectId = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Of a page")] = 100,
    wait: Annotated[
        float | None,
        Query(
            ge=0,
            le=LONGEST_S,
            description="How many seconds a page waits for its first event, up to 30, and none "
            "when left out; or how many a stream is kept open, and an hour when left out",
        ),
    ] = None,
) -> EventPage | Response:
    """Give events as a page, or follow them with `Accept: text/event-stream`."""
    begin = _begin(after, last_event_id)
    wanted = views.wanted(whose, types=types or (), subject_id=subject)
    if chosen(request.headers.get("accept"), (PAGE, STREAM)) == STREAM:
        return EventStream(partial(views.stream, wanted, begin, wait))
    wait_s = min(wait or 0, LONGEST_POLL_S)
    page = partial(views.page, wanted, begin or 0, limit=limit, wait_s=wait_s)
    found = await (unless_gone(request.receive, page) if wait_s else page())
    return found or EventPage(data=[], next_after=begin or 0)


@router.get(
    "/v1/jobs/{job_id}/events",
    response_class=Response,
    responses={
        200: {"description": "A snapshot, then events, then an `end`", **_STREAM},
        404: {"description": "There is no such job", **_PROBLEM},
        **_REFUSED,
    },
)
async def follow_job(  # noqa: PLR0913, PLR0917 - as above
    request: Request,
    views: Views,
    whose: Asking,
    job_id: Annotated[str, Path(description="Of a storyboard or a run")],
    after: After = None,
    last_event_id: LastEventId = None,
    wait: Annotated[
        float | None,
        Query(ge=0, le=LONGEST_S, description="How many seconds the stream is kept open"),
    ] = None,
) -> Response:
    """Follow one job until it ends."""
    chosen(request.headers.get("accept"), (STREAM,))
    begin = _begin(after, last_event_id)
    return EventStream(partial(views.job_stream, whose, job_id, begin, wait))


def _begin(after: int | None, last_event_id: str | None) -> int | None:
    """Where to go on; raises `InvalidInput`."""
    if last_event_id is None:
        return after
    if not re.fullmatch(r"[0-9]{1,19}", last_event_id) or int(last_event_id) > _MOST:
        raise InvalidInput(
            "It has to be the id of an event, which is a number",
            loc=("header", "Last-Event-ID"),
            kind="int_parsing",
        )
    return int(last_event_id)
