"""The route of sample boards: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.previews.sampling import Choice, Sampler
from storyloom.storyboard.previews.schemas import BoardPreview
from storyloom.storyboard.previews.served import CACHED, cached

router = APIRouter(prefix="/v1/previews", tags=["presets"])


async def _sampler(request: Request) -> Sampler:
    return request.state.sampler


async def _catalogue(request: Request) -> Catalogue:
    return request.state.catalogue


@router.get("/board", response_class=Response, responses=CACHED)
async def preview_board(
    asked: Annotated[BoardPreview, Query()],
    sampler: Annotated[Sampler, Depends(_sampler)],
    catalogue: Annotated[Catalogue, Depends(_catalogue)],
    if_none_match: Annotated[
        str | None, Header(description="The `ETag` of an earlier answer")
    ] = None,
) -> Response:
    """Draw a sample board for exactly this choice, without a job and without a model."""
    brief = catalogue.brief(asked.wishes, part="query")
    return cached(await sampler.sample(Choice(brief, asked.format, asked.width)), if_none_match)
