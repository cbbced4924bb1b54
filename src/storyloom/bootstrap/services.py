"""Everything that a server needs: storage, engine, reconciler."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Protocol

import anyio
from anyio.abc import TaskGroup

from storyloom.access.ports import KeyStore
from storyloom.adapters.prometheus._metrics import Metrics
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.bootstrap.archive import records_of
from storyloom.bootstrap.automation import Automation, automation_of
from storyloom.bootstrap.chores import House, start_chores
from storyloom.bootstrap.engine import engine_of
from storyloom.bootstrap.figures import Told, metrics_of, registry_of
from storyloom.bootstrap.hot import hot_of
from storyloom.bootstrap.images import images_of
from storyloom.bootstrap.lock import exclusive
from storyloom.bootstrap.story import Story, story_of
from storyloom.bootstrap.storyboards import Stores, storyboards_of
from storyloom.bootstrap.studio import studio_of
from storyloom.bootstrap.traces import observers_of
from storyloom.jobs.observers import Observers
from storyloom.kit.background import Background
from storyloom.kit.clock import SystemClock
from storyloom.kit.questions import Questions
from storyloom.outbound.ports import Ledger
from storyloom.settings import Settings
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.presets import Catalogue
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio

_PINGED = ("archive", "hot", "images", "engine", "renderer")
Ping = Callable[[], Awaitable[None]]


class _Part(Protocol):
    async def ping(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that an edge can call, open and ready."""

    catalogue: Catalogue
    intake: StoryboardIntake
    jobs: StoryboardJobManager
    pictures: StoryboardPictures
    pings: Mapping[str, Ping]
    questions: Questions
    metrics: Metrics
    observers: Observers
    automation: Automation
    story: Story
    ledger: Ledger
    keys: KeyStore
    hurry: Callable[[], None]  #: when they are closed: wait no longer for running jobs


@asynccontextmanager
async def open_services(
    settings: Settings, studio: Studio | None = None, *, takes_jobs: bool = True
) -> AsyncGenerator[Services]:
    """Open everything for a server: storage, engine, reconciler. Close it in reverse order.

    A process that takes no jobs leaves them to others, who share its PostgreSQL.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(_alone(settings))
        enter = stack.enter_async_context
        observers = await enter(observers_of(settings))
        records = await enter(records_of(settings))
        hot = await enter(hot_of(settings, clock))
        images = images_of(settings)
        studio = studio or await enter(studio_of(settings, records.ledger, images, asks=takes_jobs))
        boards = storyboards_of(settings, studio, observers, Stores(records, hot, images, clock))
        opened = await enter(engine_of(settings, boards.pipelines, takes_jobs=takes_jobs))
        jobs, engine = boards.jobs, opened.engine
        registry = await enter(registry_of(settings))
        automation = await enter(automation_of(settings, records.database, clock))
        story = await enter(story_of(settings, records.database, clock))
        tasks = await enter(_open_tasks())
        background, questions = Background(tasks), Questions(tasks)
        runs = SqlRunStore(records.database)
        house = House(records.archive, engine, images, jobs, observers.meter, records.ledger, runs)
        start_chores(tasks, settings, house, takes_jobs=takes_jobs)
        told = Told(jobs.hot_counts, records.statistics, hot, engine, registry)
        yield Services(
            catalogue=studio.catalogue,
            intake=boards.intake(engine, background),
            jobs=jobs,
            pictures=boards.pictures,
            pings=_pings(records.archive, hot, images, engine, studio.renderer),
            questions=questions,
            metrics=metrics_of(questions, observers.meter, told),
            observers=observers,
            automation=automation,
            story=story,
            ledger=records.ledger,
            keys=SqlKeyStore(records.database),
            hurry=opened.hurry,
        )


def _pings(*parts: _Part) -> Mapping[str, Ping]:
    return {name: part.ping for name, part in zip(_PINGED, parts, strict=True)}


@asynccontextmanager
async def _open_tasks() -> AsyncGenerator[TaskGroup]:
    """Tasks that end with the services."""
    async with anyio.create_task_group() as tasks:
        yield tasks
        tasks.cancel_scope.cancel()


def _alone(settings: Settings) -> AbstractContextManager[None]:
    """Keep a second process out of the data directory, unless what matters lies elsewhere."""
    if settings.database_url is not None:
        return nullcontext()
    holder = f"the server at http://{settings.host}:{settings.port}"
    return exclusive(settings.data_dir, holder=holder)
