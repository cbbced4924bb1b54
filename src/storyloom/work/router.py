"""The routes of work: parse, call one method, return."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AfterValidator, BeforeValidator

from storyloom.access.callers import Calling, Org
from storyloom.errors import InvalidInput
from storyloom.kit.written import in_utc, written
from storyloom.outbound.costs import Cost
from storyloom.work.answers import accepted, work_response
from storyloom.work.cursor import LENGTH
from storyloom.work.forms import FORM, order_of
from storyloom.work.ordering import LABEL, WorkOrder
from storyloom.work.priority import PriorityHeader
from storyloom.work.schemas import (
    JOBS,
    Explanation,
    Work,
    WorkFilter,
    WorkKind,
    WorkList,
    WorkStatus,
)
from storyloom.work.state import Whose, Works

NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such job"}}
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "Nothing of it has failed",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
_BEGUN: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "An export that is being made cannot be stopped",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
_HEADERS = {
    "ETag": {
        "description": "Changes when the answer does; send it back as `If-None-Match`",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds to wait before the next poll, until it has ended",
        "schema": {"type": "string"},
    },
}
_POLLED: dict[int | str, dict[str, Any]] = {
    200: {"model": Work, "headers": _HEADERS},
    304: {"description": "Not changed since the `ETag` that was sent"},
}
_CANCELED: dict[int | str, dict[str, Any]] = {
    200: {"model": Work, "description": "It has ended, now or before", "headers": _HEADERS},
    202: {"model": Work, "description": "It is stopping", "headers": _HEADERS},
}
_ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {
        "model": Work,
        "description": "Accepted: the job is safe, and will be run",
        "headers": _HEADERS
        | {"Location": {"description": "Where to poll", "schema": {"type": "string"}}},
    }
}
_UNREADABLE: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such session"},
    413: {"description": "The body is too large"},
    422: {"description": "A field is wrong"},
}
# The kinds and priorities that it names stand in the document with the answers.
_ORDER = WorkOrder.model_json_schema(ref_template="#/components/schemas/{model}")
_ORDER.pop("$defs")
_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": _ORDER},
        FORM: {
            "schema": {
                "type": "object",
                "required": ["kind"],
                "properties": {
                    "kind": {"type": "string", "enum": [kind.value for kind in WorkKind]},
                    "input": {"type": "string", "description": "JSON"},
                    "priority": {"type": "string", "enum": ["high", "normal", "low"]},
                    "labels": {"type": "string", "description": "JSON"},
                    "file": {"type": "string", "format": "binary"},
                },
            }
        },
    },
}
router = APIRouter(
    prefix=JOBS,
    tags=["jobs"],
    responses={503: {"description": "A store is away for now"}},
)


async def _works(request: Request) -> Works:
    return request.state.works


async def _whose(caller: Calling, org: Org) -> Whose:
    return Whose(org, caller)


AllWork = Annotated[Works, Depends(_works)]
Asking = Annotated[Whose, Depends(_whose)]
Moment = Annotated[datetime, BeforeValidator(written), AfterValidator(in_utc)]


async def _filter(  # noqa: PLR0917 - FastAPI names them
    status: Annotated[Sequence[WorkStatus], Query(description="May be given several times")] = (),
    kind: Annotated[Sequence[WorkKind], Query(description="May be given several times")] = (),
    label: Annotated[
        Sequence[str],
        Query(
            description="`name=value`; of several, all have to be there",
            examples=[["team=web"]],
            max_length=20,
        ),
    ] = (),
    created_after: Annotated[Moment | None, Query(description="Made later than that")] = None,
    created_before: Annotated[Moment | None, Query(description="Made earlier than that")] = None,
    q: Annotated[
        str,
        Query(
            description="In the file's name, the title, the headline or a label, whatever the case "
            "of its letters; or the beginning of the id",
            max_length=200,
        ),
    ] = "",
) -> WorkFilter:
    if "\x00" in q:
        raise InvalidInput("It is not text", loc=("query", "q"), kind="not_text")
    return WorkFilter(
        frozenset(status),
        frozenset(kind),
        dict(_label_of(text) for text in label),
        created_after,
        created_before,
        q.strip(),
    )


@router.get("")
async def list_work(
    works: AllWork,
    whose: Asking,
    *,
    wanted: Annotated[WorkFilter, Depends(_filter)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        str | None, Query(max_length=LENGTH, description="`next_cursor` of the page before")
    ] = None,
) -> WorkList:
    """List work of every kind, the newest first."""
    return await works.page(whose, wanted, limit=limit, cursor=cursor)


@router.get("/{job_id}", response_class=Response, responses=_POLLED | NOT_FOUND)
async def get_work(
    job_id: str,
    works: AllWork,
    whose: Asking,
    if_none_match: Annotated[
        str | None, Header(description="The `ETag` of an earlier answer")
    ] = None,
) -> Response:
    """Tell all about one job."""
    return work_response(await works.get(whose, job_id), if_none_match)


@router.post(
    "",
    status_code=202,
    response_class=Response,
    responses=_ACCEPTED | _UNREADABLE,
    openapi_extra={"requestBody": _BODY},
)
async def create_work(
    request: Request,
    works: AllWork,
    whose: Asking,
    x_priority: PriorityHeader = None,
) -> Response:
    """Make work of any kind: the same jobs as by the routes of their kinds.

    As JSON, or as a form with the code file, the screenshot or the script as its part `file`.
    """
    return accepted(await works.create(whose, await order_of(request, x_priority)))


@router.get("/{job_id}/explain", responses=NOT_FOUND)
async def explain_work(job_id: str, works: AllWork, whose: Asking) -> Explanation:
    """Tell why a job is where it is, in plain words."""
    return await works.explain(whose, job_id)


@router.get("/{job_id}/cost", responses=NOT_FOUND)
async def cost_of_work(job_id: str, works: AllWork, whose: Asking) -> Cost:
    """Tell what the calls of a job to models have cost so far."""
    return await works.cost(whose, job_id)


@router.post("/{job_id}/cancel", response_class=Response, responses=_CANCELED | NOT_FOUND | _BEGUN)
async def cancel_work(job_id: str, works: AllWork, whose: Asking) -> Response:
    """Stop a job, and the call that it is at; to do so again is no error.

    202 while it is stopping, 200 when it has ended. What is made is kept.
    """
    work = await works.cancel(whose, job_id)
    return work_response(work, status=200 if work.status.is_terminal else 202)


@router.post(
    "/{job_id}/retry",
    status_code=202,
    response_class=Response,
    responses=_ACCEPTED | NOT_FOUND | _CONFLICT,
)
async def retry_work(job_id: str, works: AllWork, whose: Asking) -> Response:
    """Do again only what has failed; to do so again gives the same job.

    A storyboard gets a child with the same inputs, which uses what was paid for; a run goes on; an
    export is made again.
    """
    return accepted(await works.retry(whose, job_id))


def _label_of(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not re.fullmatch(LABEL, name) or "\x00" in value:
        raise InvalidInput("Write a label as name=value", loc=("query", "label"), kind="label")
    return name, value
