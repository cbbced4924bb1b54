"""The routes of runs: parse, call one method, return."""

from datetime import datetime
from secrets import randbelow
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.convertors import Convertor, register_url_convertor  # codespell:ignore

from storyloom.access.callers import Org
from storyloom.automation.runs.commands import Wish
from storyloom.automation.runs.preflight import PreflightReport
from storyloom.automation.runs.rehearsal import Rehearsal
from storyloom.automation.runs.schemas import Report
from storyloom.automation.runs.showing import RunViews
from storyloom.automation.runs.starting import RunRequest, RunStarter
from storyloom.automation.runs.state import Runs
from storyloom.automation.runs.views import (
    RUNS,
    RunAccepted,
    RunList,
    RunSummary,
    RunView,
    ShotView,
)
from storyloom.jobs.schemas import Handling
from storyloom.kit.tagged import LASTING, is_known, tagged
from storyloom.kit.written import in_utc, written
from storyloom.work.priority import AskedPriority


class _Name(Convertor[str]):  # codespell:ignore
    """A run's id, and not the name of the route beside runs: that has methods of its own."""

    regex = "(?!preflight$)[^/]+"

    def convert(self, value: str) -> str:
        """Take it as it is."""
        return value


register_url_convertor("run_name", _Name())  # codespell:ignore
_SEEDS = 2**32
_NOT_MODIFIED = 304
_POLL_EVERY_S = "2"
_DETAIL: dict[str, Any] = {
    "content": {"application/json": {"schema": {"type": "object", "required": ["detail"]}}}
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such run or picture", **_DETAIL}
}
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "The run has ended, or nothing has failed", **_DETAIL}
}
_RETRY_AFTER = {
    "description": "Seconds to wait before the next poll, until it has ended",
    "schema": {"type": "string"},
}
_STARTED: dict[int | str, dict[str, Any]] = {
    202: {
        "headers": {
            "Location": {"description": "Where to poll", "schema": {"type": "string"}},
            "Retry-After": _RETRY_AFTER,
        }
    },
    404: {"description": "There is no such session"},
}
_IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {}, "image/jpeg": {}, "image/webp": {}}},
    304: {"description": "The client has it"},
}
router = APIRouter(
    prefix=RUNS,
    tags=["runs"],
    responses={503: {"description": "A store is away for now", **_DETAIL}},
)


class Retry(BaseModel):
    """What is to be made anew."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    degraded: bool = Field(
        default=False, description="Also what was made, and not as it was asked for"
    )


class Regenerate(BaseModel):
    """Another picture of a shot."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    seed: int | None = Field(default=None, ge=0, lt=_SEEDS, description="Without it, any other")
    prompt: str | None = Field(default=None, min_length=1, max_length=8000)
    negative_prompt: str | None = Field(default=None, max_length=2000)


class Restore(BaseModel):
    """Which version is to count."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)


def _polled(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    etag = "Changes when the answer does; send it back as `If-None-Match`"
    tag = {"description": etag, "schema": {"type": "string"}}
    headers = {"ETag": tag, "Retry-After": _RETRY_AFTER}
    return {200: {"model": model, "headers": headers}, 304: {"description": "The client has it"}}


async def _runs(request: Request) -> Runs:
    return request.state.runs


async def _starter(request: Request) -> RunStarter:
    return request.state.run_starter


async def _views(request: Request) -> RunViews:
    return request.state.run_views


async def _rehearsal(request: Request) -> Rehearsal:
    return request.state.run_rehearsal


AllRuns = Annotated[Runs, Depends(_runs)]
Views = Annotated[RunViews, Depends(_views)]
Moment = Annotated[datetime, BeforeValidator(written), AfterValidator(in_utc)]
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of an earlier answer")]


@router.post("", status_code=202, responses=_STARTED)
async def start_run(
    body: RunRequest,
    response: Response,
    *,
    starter: Annotated[RunStarter, Depends(_starter)],
    org: Org,
    priority: AskedPriority,
) -> RunAccepted:
    """Start a run; one of the same session that has not ended is given instead of a second."""
    accepted = RunAccepted.of(await starter.start(org, body, Handling(priority=priority)))
    response.headers["Location"] = accepted.poll_url
    response.headers["Retry-After"] = _POLL_EVERY_S
    return accepted


@router.post("/preflight", responses={404: {"description": "There is no such session"}})
async def look_before_run(
    body: RunRequest, rehearsal: Annotated[Rehearsal, Depends(_rehearsal)], org: Org
) -> PreflightReport:
    """Tell what is in the way of such a run, how long it may take and what it may cost.

    With neither a session nor a script, it is told of any. Nothing is kept or started.
    """
    return await rehearsal.look(org, body)


@router.get("")
async def list_runs(
    runs: AllRuns,
    org: Org,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[Moment | None, Query(description="Older ones only")] = None,
) -> RunList:
    """List runs, the newest first."""
    found = await runs.newest(org, limit=limit, before=before)
    return RunList(runs=[RunSummary.of(run) for run in found])


@router.get("/{run_id:run_name}", response_class=Response, responses=_polled(RunView) | _NOT_FOUND)
async def get_run(
    run_id: str, views: Views, org: Org, if_none_match: IfNoneMatch = None
) -> Response:
    """Tell all about a run: how far it is, what it waits for, when it may have ended."""
    run = await views.whole(org, run_id)
    again = {} if run.status.is_terminal else {"Retry-After": _POLL_EVERY_S}
    return tagged(run.model_dump_json(by_alias=True).encode(), if_none_match, again)


@router.get("/{run_id}/report", response_class=Response, responses=_polled(Report) | _NOT_FOUND)
async def get_report(
    run_id: str, views: Views, org: Org, if_none_match: IfNoneMatch = None
) -> Response:
    """Tell what became of a run, or so far, and what somebody has to decide."""
    report = await views.report(org, run_id)
    return tagged(report.model_dump_json(by_alias=True).encode(), if_none_match)


@router.get(
    "/{run_id}/shots/{shot_id}/image", response_class=Response, responses=_IMAGE | _NOT_FOUND
)
async def get_picture(  # noqa: PLR0913, PLR0917 - a picture of a shot of a run of somebody
    run_id: str,
    shot_id: str,
    views: Views,
    org: Org,
    version: Annotated[
        int | None, Query(ge=1, description="Without it, the one that counts")
    ] = None,
    size: Annotated[
        Literal["small"] | None, Query(description="A small copy for pages that show many, a JPEG")
    ] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Get a picture as a file."""
    found = await views.version(org, run_id, shot_id, version)
    etag = f'"{found.picture.key.rpartition("/")[2].partition(".")[0]}{size or ""}"'
    headers = {
        "ETag": etag,
        # Which one counts may change at any moment.
        "Cache-Control": "private, no-cache" if version is None else LASTING,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
    if is_known(etag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    data, media_type = await (views.file(found) if size is None else views.small(found))
    return Response(data, media_type=media_type, headers=headers)


@router.post("/{run_id}/pause", responses=_NOT_FOUND | _CONFLICT)
async def pause_run(run_id: str, runs: AllRuns, org: Org) -> RunSummary:
    """Begin no more pictures; the one in hand is finished."""
    return RunSummary.of(await runs.pause(org, run_id))


@router.post("/{run_id}/resume", responses=_NOT_FOUND | _CONFLICT)
async def resume_run(run_id: str, runs: AllRuns, org: Org) -> RunSummary:
    """Go on."""
    return RunSummary.of(await runs.resume(org, run_id))


@router.post("/{run_id}/cancel", responses=_NOT_FOUND)
async def cancel_run(run_id: str, runs: AllRuns, org: Org) -> RunSummary:
    """Stop at once, and keep what is made; to do so again is no error."""
    return RunSummary.of(await runs.cancel(org, run_id))


@router.post("/{run_id}/retry", status_code=202, responses=_NOT_FOUND | _CONFLICT)
async def retry_run(
    run_id: str, runs: AllRuns, org: Org, body: Annotated[Retry | None, Body()] = None
) -> RunSummary:
    """Make anew only what has failed; a run that has ended goes on."""
    wanted = body or Retry()
    return RunSummary.of(await runs.retry(org, run_id, degraded=wanted.degraded))


@router.post("/{run_id}/shots/{shot_id}/cancel", responses=_NOT_FOUND)
async def cancel_shot(run_id: str, shot_id: str, runs: AllRuns, org: Org) -> ShotView:
    """Make one picture no more."""
    shot = await runs.cancel_shot(org, run_id, shot_id)
    return ShotView.of(await runs.get(org, run_id), shot)


@router.post(
    "/{run_id}/shots/{shot_id}/regenerate", status_code=202, responses=_NOT_FOUND | _CONFLICT
)
async def regenerate_shot(
    run_id: str, shot_id: str, body: Regenerate, *, runs: AllRuns, org: Org
) -> ShotView:
    """Make another picture of a shot; those that were made stay as versions."""
    seed = randbelow(_SEEDS) if body.seed is None else body.seed
    wish = Wish(seed=seed, prompt=body.prompt, negative_prompt=body.negative_prompt)
    shot = await runs.regenerate(org, run_id, shot_id, wish)
    return ShotView.of(await runs.get(org, run_id), shot)


@router.post("/{run_id}/shots/{shot_id}/restore", responses=_NOT_FOUND)
async def restore_version(
    run_id: str, shot_id: str, body: Restore, *, runs: AllRuns, org: Org
) -> ShotView:
    """Let another version of a picture count."""
    shot = await runs.restore(org, run_id, shot_id, body.version)
    return ShotView.of(await runs.get(org, run_id), shot)
