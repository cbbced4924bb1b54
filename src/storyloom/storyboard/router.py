"""The storyboard routes: parse, call one method, return."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from storyloom.access.callers import KnownOrg, Org
from storyloom.jobs.schemas import Handling, JobStatus
from storyloom.outbound.ports import Ledger
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.presets import Preset
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.responses import (
    ACCEPTED,
    CONFLICT,
    NOT_FOUND,
    PICTURE,
    POLLED,
    TOO_LARGE,
    UNAVAILABLE,
    UNFINISHED,
)
from storyloom.storyboard.revision import RevisionRequest
from storyloom.storyboard.schemas import (
    BoardFile,
    CodeStoryboardRequest,
    JobAccepted,
    JobList,
    PresetList,
    PresetView,
    RoadmapStoryboardRequest,
)
from storyloom.storyboard.served import POLL_EVERY_S, picture_response, poll_response
from storyloom.storyboard.spending import MAX_DAYS, Spending, spending
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.work.priority import AskedPriority

router = APIRouter(prefix="/storyboard", tags=["storyboard"], responses=UNAVAILABLE)


# Coroutines, because FastAPI takes every other function to a thread: a poll would cost half as much
# again.
async def _intake(request: Request) -> StoryboardIntake:
    return request.state.intake


async def _jobs(request: Request) -> StoryboardJobManager:
    return request.state.jobs


async def _pictures(request: Request) -> StoryboardPictures:
    return request.state.pictures


async def _profiles(request: Request) -> Profiles:
    return request.state.profiles


async def _ledger(request: Request) -> Ledger | None:
    # A server without models has none.
    return getattr(request.state, "ledger", None)


Intake = Annotated[StoryboardIntake, Depends(_intake)]
Jobs = Annotated[StoryboardJobManager, Depends(_jobs)]
Pictures = Annotated[StoryboardPictures, Depends(_pictures)]
Presets = Annotated[Profiles, Depends(_profiles)]
Calls = Annotated[Ledger | None, Depends(_ledger)]
IfNoneMatch = Annotated[str | None, Header(description="The `ETag` of an earlier answer")]


@router.post("/code", status_code=202, responses=ACCEPTED | TOO_LARGE)
async def code_to_storyboard(
    body: CodeStoryboardRequest,
    *,
    response: Response,
    intake: Intake,
    org: Org,
    priority: AskedPriority,
) -> JobAccepted:
    """Generate a storyboard from a code file."""
    return _accepted(await intake.code(body, org, Handling(priority=priority)), response)


@router.post("/roadmap", status_code=202, responses=ACCEPTED | TOO_LARGE)
async def roadmap_to_storyboard(
    body: RoadmapStoryboardRequest,
    *,
    response: Response,
    intake: Intake,
    org: Org,
    priority: AskedPriority,
) -> JobAccepted:
    """Generate a storyboard from a roadmap screenshot."""
    return _accepted(await intake.roadmap(body, org, Handling(priority=priority)), response)


@router.get("/jobs")
async def list_jobs(
    jobs: Jobs,
    org: Org,
    status: JobStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobList:
    """List the newest jobs of one organisation, without their inputs and results."""
    return JobList(jobs=list(await jobs.recent(limit=limit, org_id=org, status=status)))


@router.head("/jobs/{job_id}", response_class=Response, include_in_schema=False)
@router.get("/jobs/{job_id}", response_class=Response, responses=POLLED | NOT_FOUND)
async def poll_job(
    job_id: str, jobs: Jobs, org_id: KnownOrg, if_none_match: IfNoneMatch = None
) -> Response:
    """Poll a job's status and get its results."""
    return poll_response(await jobs.poll(job_id, org_id), if_none_match)


@router.post(
    "/jobs/{job_id}/revise",
    status_code=202,
    responses=ACCEPTED | NOT_FOUND | UNFINISHED | TOO_LARGE,
)
async def revise_storyboard(
    job_id: str,
    body: RevisionRequest,
    *,
    response: Response,
    intake: Intake,
    org_id: KnownOrg,
    priority: AskedPriority,
) -> JobAccepted:
    """Make another storyboard from a finished one, without asking a language model."""
    return _accepted(await intake.revision(job_id, body, org_id, priority), response)


@router.head("/jobs/{job_id}/image", response_class=Response, include_in_schema=False)
@router.get(
    "/jobs/{job_id}/image", response_class=Response, responses=PICTURE | NOT_FOUND | CONFLICT
)
async def job_image(
    job_id: str,
    pictures: Pictures,
    *,
    org_id: KnownOrg,
    kind: Annotated[BoardFile, Query(alias="format")] = BoardFile.PNG,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Get a finished storyboard as a file; slides need the extra `pptx`."""
    picture = await pictures.picture(job_id, kind, org_id)
    return picture_response(picture, if_none_match)


@router.get("/costs")
async def list_costs(
    ledger: Calls,
    jobs: Jobs,
    *,
    org: Org,
    days: Annotated[int, Query(ge=1, le=MAX_DAYS, description="Today included")] = 7,
) -> Spending:
    """Tell what one organisation has spent on models, day by day."""
    return await spending(ledger, org, days=days, now=jobs.clock.now())


@router.get("/presets")
async def list_presets(profiles: Presets, org: Org) -> PresetList:
    """List the presets, stages and audiences that a request may name."""
    catalogue = profiles.catalogue
    stored = [one.preset for one in await profiles.all(org)]
    return PresetList(
        icp_presets=[_view(p) for p in (*catalogue.icp.values(), *stored)],
        stages=[_view(p) for p in catalogue.stages.values()],
        audiences=[_view(p) for p in catalogue.audiences.values()],
    )


def _accepted(accepted: JobAccepted, response: Response) -> JobAccepted:
    response.headers["Location"] = accepted.poll_url
    response.headers["Retry-After"] = POLL_EVERY_S
    return accepted


def _view(preset: Preset) -> PresetView:
    return PresetView(key=preset.key, name=preset.name, description=preset.description)
