"""Everything that a server needs: storage, engine, reconciler."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio

from storyloom.bootstrap.archive import archive_of
from storyloom.bootstrap.engine import engine_of
from storyloom.bootstrap.hot import hot_of
from storyloom.bootstrap.images import images_of
from storyloom.bootstrap.lock import exclusive
from storyloom.bootstrap.studio import open_studio
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from storyloom.storyboard.deadline import Limits
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.pipeline import (
    CodeToStoryboardTool,
    RoadmapToStoryboardTool,
    Workbench,
)
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.reconciler import Reconciler
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio

Ping = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that an edge can call, open and ready."""

    catalogue: Catalogue
    intake: StoryboardIntake
    jobs: StoryboardJobManager
    pictures: StoryboardPictures
    pings: Mapping[str, Ping]
    hurry: Callable[[], None]  #: when they are closed: wait no longer for running jobs


@asynccontextmanager
async def open_services(
    settings: Settings, studio: Studio | None = None, *, takes_jobs: bool = True
) -> AsyncGenerator[Services]:
    """Open everything for a server: storage, engine, reconciler. Close it in reverse order.

    A process that takes no jobs leaves them to others, who share its PostgreSQL.
    """
    clock = SystemClock()
    studio = studio or open_studio(settings)
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            holder = f"the server at http://{settings.host}:{settings.port}"
            stack.enter_context(exclusive(settings.data_dir, holder=holder))
        archive = await stack.enter_async_context(archive_of(settings))
        hot = await stack.enter_async_context(hot_of(settings, clock))
        images = images_of(settings)
        jobs = StoryboardJobManager(archive, hot, clock)
        bench = Workbench(jobs, images, studio, clock, _limits(settings))
        pipelines = [CodeToStoryboardTool(bench), RoadmapToStoryboardTool(bench)]
        opened = await stack.enter_async_context(
            engine_of(settings, pipelines, takes_jobs=takes_jobs)
        )
        engine = opened.engine
        tasks = await stack.enter_async_context(anyio.create_task_group())
        stack.callback(tasks.cancel_scope.cancel)
        reconciler = Reconciler(archive, engine, jobs, clock=clock)
        tasks.start_soon(reconciler.run_forever, settings.reconcile_every_s)
        pinged = {"archive": archive, "hot": hot, "images": images, "engine": engine}
        yield Services(
            catalogue=studio.catalogue,
            intake=StoryboardIntake(jobs, engine, images, catalogue=studio.catalogue, clock=clock),
            jobs=jobs,
            pictures=StoryboardPictures(jobs, images, studio),
            pings={name: part.ping for name, part in pinged.items()}
            | {"renderer": studio.renderer.ping},
            hurry=opened.hurry,
        )


def _limits(settings: Settings) -> Limits:
    return Limits(step_s=settings.step_timeout_s, job_s=settings.job_timeout_s)
