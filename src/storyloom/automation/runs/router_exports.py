"""The routes of a run's exports: parse, call one method, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response

from storyloom.access.callers import Org
from storyloom.automation.runs.export_bodies import ExportList, ExportOrder, exports_url
from storyloom.automation.runs.exporting import RunExports
from storyloom.automation.runs.views import RUNS
from storyloom.boards.export.schemas import ExportKind
from storyloom.kit.tagged import is_known
from storyloom.work.priority import AskedPriority

_NOT_MODIFIED = 304
_DETAIL: dict[str, Any] = {
    "content": {"application/json": {"schema": {"type": "object", "required": ["detail"]}}}
}
_NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such run or export", **_DETAIL}
}
_NOTHING: dict[int | str, dict[str, Any]] = {
    409: {"description": "The run has no pictures to hand over yet", **_DETAIL},
}
_REFUSED: dict[int | str, dict[str, Any]] = {
    422: {"description": "The body is wrong, or needs what is not installed here", **_DETAIL}
}
_NOT_THERE: dict[int | str, dict[str, Any]] = {
    409: {"description": "It is still being made, or could not be made", **_DETAIL}
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.media_type.partition(";")[0]: {} for kind in ExportKind}},
    304: {"description": "The client has it"},
}
router = APIRouter(
    prefix=f"{RUNS}/{{run_id}}/exports",
    tags=["runs"],
    responses={503: {"description": "A store or the engine is away for now", **_DETAIL}},
)


async def _run_exports(request: Request) -> RunExports:
    return request.state.run_exports


Exports = Annotated[RunExports, Depends(_run_exports)]


@router.post("", status_code=202, responses=_NOT_FOUND | _NOTHING | _REFUSED)
async def export_run(
    run_id: str,
    body: ExportOrder,
    *,
    response: Response,
    exports: Exports,
    org: Org,
    priority: AskedPriority,
) -> ExportList:
    """Let files be made of a run as it is now; what was made of the same name before is replaced."""
    wanted = await exports.ask(org, run_id, body.formats, body.options, priority=priority)
    asked = ExportList.of(run_id, wanted, await exports.unsupported())
    only = asked.exports[0].url if len(asked.exports) == 1 else exports_url(run_id)
    response.headers["Location"] = only
    response.headers["Retry-After"] = "2"
    return asked


@router.get("", responses=_NOT_FOUND)
async def list_exports(run_id: str, exports: Exports, org: Org) -> ExportList:
    """List what was asked for, how far it is, and which formats cannot be made here."""
    kept = await exports.all(org, run_id)
    return ExportList.of(run_id, kept, await exports.unsupported())


@router.get("/{export_name}", response_class=Response, responses=_FILE | _NOT_FOUND | _NOT_THERE)
async def get_export(
    run_id: str,
    export_name: str,
    *,
    exports: Exports,
    org: Org,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Get the file. One that has gone from the store is made again."""
    kept, found = await exports.one(org, run_id, export_name)
    etag = f'"{found.digest}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'attachment; filename="{found.file_name}"',
        "X-Content-Type-Options": "nosniff",
        # A page among them is to be opened where it was saved, and not as one of ours.
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if is_known(etag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    data = await exports.file(org, run_id, export_name)
    return Response(data, media_type=kept.kind.media_type, headers=headers)
