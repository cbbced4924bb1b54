"""The routes of a run's exports: parse, call one method, return."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.access.callers import Org
from storyloom.automation.runs.exported import Export
from storyloom.automation.runs.exporting import RunExports
from storyloom.automation.runs.views import RUNS
from storyloom.boards.export.schemas import ExportKind, ExportOptions, SheetLayout
from storyloom.jobs.schemas import JobStatus

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
_CAMEL = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ExportOrder(BaseModel):
    """What a run is to be handed over as."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    formats: list[ExportKind] = Field(
        min_length=1, max_length=len(ExportKind), description="One file is made of each"
    )
    layout: SheetLayout = Field(
        default=SheetLayout.GRID_6,
        description="Of the contact sheet; `notes` puts each picture beside its words",
    )
    frames_per_second: int = Field(strict=True, default=24, ge=1, le=60)
    film_height: int = Field(
        strict=True, default=720, ge=240, le=2160, description="Of the shorter side, in pixels"
    )

    @property
    def options(self) -> ExportOptions:
        """As exporters take it. A page that is fetched alone carries its pictures in it."""
        return ExportOptions(
            layout=self.layout,
            frames_per_second=self.frames_per_second,
            film_height=self.film_height,
            embeds=True,
        )


class ExportView(BaseModel):
    """An export as people see it."""

    model_config = _CAMEL

    name: str
    format: ExportKind
    status: JobStatus
    url: str = Field(description="Where the file is, once it is `completed`; 409 until then")
    layout: SheetLayout
    frames_per_second: int
    film_height: int
    file_name: str | None
    size_bytes: int | None
    left_out: tuple[int, ...] = Field(
        description="The numbers of pictures that could not be read; a card stands for each"
    )
    error_code: str | None
    error_message: str | None
    asked_at: datetime
    made_at: datetime | None

    @classmethod
    def of(cls, run_id: str, export: Export) -> "ExportView":
        """As people see it."""
        found = export.found
        return cls(
            name=export.name,
            format=export.kind,
            status=export.status,
            url=f"{_exports(run_id)}/{export.name}",
            layout=export.options.layout,
            frames_per_second=export.options.frames_per_second,
            film_height=export.options.film_height,
            file_name=None if found is None else found.file_name,
            size_bytes=None if found is None else found.size_bytes,
            left_out=() if found is None else found.left_out,
            error_code=export.error_code,
            error_message=export.error_message,
            asked_at=export.asked_at,
            made_at=None if found is None else found.made_at,
        )


class ExportList(BaseModel):
    """Exports of a run."""

    model_config = _CAMEL

    exports: list[ExportView]

    @classmethod
    def of(cls, run_id: str, exports: Sequence[Export]) -> "ExportList":
        """As people see them."""
        return cls(exports=[ExportView.of(run_id, one) for one in exports])


async def _run_exports(request: Request) -> RunExports:
    return request.state.run_exports


Exports = Annotated[RunExports, Depends(_run_exports)]


@router.post("", status_code=202, responses=_NOT_FOUND | _NOTHING | _REFUSED)
async def export_run(
    run_id: str, body: ExportOrder, response: Response, *, exports: Exports, org: Org
) -> ExportList:
    """Let files be made of a run as it is now; what was made of the same name before is replaced."""
    asked = ExportList.of(run_id, await exports.ask(org, run_id, body.formats, body.options))
    only = asked.exports[0].url if len(asked.exports) == 1 else _exports(run_id)
    response.headers["Location"] = only
    response.headers["Retry-After"] = "2"
    return asked


@router.get("", responses=_NOT_FOUND)
async def list_exports(run_id: str, exports: Exports, org: Org) -> ExportList:
    """List what was asked for, and how far it is."""
    return ExportList.of(run_id, await exports.all(org, run_id))


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
    known = [] if if_none_match is None else [t.strip() for t in if_none_match.split(",")]
    if etag in known or "*" in known:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    data = await exports.file(org, run_id, export_name)
    return Response(data, media_type=kept.kind.media_type, headers=headers)


def _exports(run_id: str) -> str:
    return f"{RUNS}/{quote(run_id, safe='')}/exports"
