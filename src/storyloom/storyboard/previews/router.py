"""The route of sample boards: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from storyloom.access.callers import Org
from storyloom.storyboard.previews.sampling import Choice, Sampler
from storyloom.storyboard.previews.schemas import BoardPreview
from storyloom.storyboard.previews.served import CACHED, cached
from storyloom.storyboard.profiles.state import Profiles

router = APIRouter(prefix="/v1/previews", tags=["presets"])


async def _sampler(request: Request) -> Sampler:
    return request.state.sampler


async def _profiles(request: Request) -> Profiles:
    return request.state.profiles


@router.get("/board", response_class=Response, responses=CACHED)
async def preview_board(
    asked: Annotated[BoardPreview, Query()],
    *,
    sampler: Annotated[Sampler, Depends(_sampler)],
    profiles: Annotated[Profiles, Depends(_profiles)],
    org: Org,
    if_none_match: Annotated[
        str | None, Header(description="The `ETag` of an earlier answer")
    ] = None,
) -> Response:
    """Draw a sample board for exactly this choice, without a job and without a model."""
    brief = await profiles.brief(asked.wishes, org, part="query")
    choice = Choice(brief, asked.format, asked.width, await profiles.picture(brief.icp))
    return cached(await sampler.sample(choice), if_none_match)
