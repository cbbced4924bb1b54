"""The routes that tell more of a job: parse, call one method, return."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from storyloom.kit.tagged import LASTING, is_known, tagged
from storyloom.work.insights import Insights
from storyloom.work.router import NOT_FOUND, Asking
from storyloom.work.schemas import JOBS
from storyloom.work.sources import CodeSource, EvidenceView, ImageSource
from storyloom.work.timeline import Timeline

_NOT_MODIFIED = 304
_PICTURE = {"schema": {"type": "string", "format": "binary"}}
_SOURCE: dict[int | str, dict[str, Any]] = {
    200: {
        "model": CodeSource,
        "description": "A code file as JSON, or a screenshot as the picture that it is",
        "content": dict.fromkeys(("image/png", "image/jpeg"), _PICTURE),
    },
    304: {"description": "Not changed since the `ETag` that was sent"},
    404: {"description": "There is no such job, or its kind has no source"},
    410: {"description": "The source is not kept any more"},
}
_THUMBNAIL: dict[int | str, dict[str, Any]] = {
    200: {"description": "The picture", "content": {"image/jpeg": _PICTURE}},
    304: {"description": "Not changed since the `ETag` that was sent"},
    404: {"description": "There is no such job, or it has no picture yet"},
}
_EVIDENCE: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such job, or its kind has no source"}
}
#: What was sent by others is shown, and never run, whatever a browser takes it for.
_HOSTILE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
router = APIRouter(
    prefix=JOBS,
    tags=["jobs"],
    responses={503: {"description": "A store is away for now"}},
)


async def _insights(request: Request) -> Insights:
    return request.state.insights


AllInsights = Annotated[Insights, Depends(_insights)]
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of an earlier answer")]


@router.get("/{job_id}/timeline", responses=NOT_FOUND)
async def work_timeline(job_id: str, insights: AllInsights, whose: Asking) -> Timeline:
    """Tell how a job went, step by step, also while it runs."""
    return await insights.timeline(whose, job_id)


@router.get("/{job_id}/thumbnail", response_class=Response, responses=_THUMBNAIL)
async def work_thumbnail(
    job_id: str,
    *,
    insights: AllInsights,
    whose: Asking,
    version: Annotated[
        str | None,
        Query(
            max_length=64,
            description="As `thumbnail` of the job has it: that of this picture never changes",
        ),
    ] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Get a small copy of a job's picture as it is now, at most 480 pixels wide and high."""
    picture = await insights.picture(whose, job_id)
    tag = f'"{picture.version}"'
    # Which picture of a run is the first may change at any moment.
    kept = LASTING if version == picture.version else "private, no-cache"
    headers = {**_HOSTILE, "ETag": tag, "Cache-Control": kept}
    if is_known(tag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(await insights.thumbnail(picture), headers=headers, media_type="image/jpeg")


@router.get("/{job_id}/source", response_class=Response, responses=_SOURCE)
async def work_source(
    job_id: str, insights: AllInsights, whose: Asking, if_none_match: IfNoneMatch = None
) -> Response:
    """Get what went into a storyboard: the code file, or the screenshot."""
    source = await insights.source(whose, job_id)
    if isinstance(source, ImageSource):
        named = {"Content-Disposition": f'attachment; filename="{source.file_name}"'}
        return _file(
            source.data, if_none_match, media_type=source.media_type, more=_HOSTILE | named
        )
    return tagged(source.model_dump_json().encode(), if_none_match, _HOSTILE)


@router.get("/{job_id}/evidence", responses=_EVIDENCE)
async def work_evidence(job_id: str, insights: AllInsights, whose: Asking) -> EvidenceView:
    """Get the claims of a storyboard beside the places of its source that bear them out."""
    return await insights.evidence(whose, job_id)


def _file(
    data: bytes, if_none_match: str | None, *, media_type: str, more: Mapping[str, str]
) -> Response:
    answer = tagged(data, if_none_match, more)
    answer.headers["Content-Type"] = media_type
    return answer
