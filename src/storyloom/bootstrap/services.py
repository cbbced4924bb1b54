"""Everything that a server needs: storage, engine, reconciler."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import anyio
from anyio.abc import TaskGroup

from storyloom.access.ports import KeyStore
from storyloom.adapters.prometheus._metrics import Metrics
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.adapters.sql.queue_switches import SqlQueueSwitches
from storyloom.bootstrap.archive import records_of
from storyloom.bootstrap.automation import Automation, automation_of
from storyloom.bootstrap.chores import House, start_chores
from storyloom.bootstrap.counting import counting_of
from storyloom.bootstrap.engine import OpenEngine, engine_of
from storyloom.bootstrap.events import Newsroom, backfill_of, events_of, newsroom_of
from storyloom.bootstrap.figures import Told, metrics_of, registry_of
from storyloom.bootstrap.hot import hot_of
from storyloom.bootstrap.idempotency import idempotency_of
from storyloom.bootstrap.images import images_of
from storyloom.bootstrap.insights import insights_of
from storyloom.bootstrap.lock import exclusive
from storyloom.bootstrap.models import Models, open_models
from storyloom.bootstrap.presets import Presets, presets_of
from storyloom.bootstrap.runs import Productions, RunOffice, productions_of
from storyloom.bootstrap.stage import Stage
from storyloom.bootstrap.story import Story, story_of
from storyloom.bootstrap.storyboards import Stores, Storyboards, storyboards_of
from storyloom.bootstrap.studio import studio_of
from storyloom.bootstrap.traces import observers_of
from storyloom.bootstrap.webhooks import webhooks_of
from storyloom.bootstrap.work import WorkDesk, queues_of, works_of
from storyloom.idempotency.state import IdempotencyKeys
from storyloom.jobs.observers import Observers
from storyloom.jobs.ports import Pipeline, WorkerRegistry
from storyloom.jobs.queues import Queues
from storyloom.jobs.stops import Stopper
from storyloom.kit.background import Background
from storyloom.kit.clock import SystemClock
from storyloom.kit.questions import Questions
from storyloom.outbound.ports import Ledger
from storyloom.settings import Settings
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio
from storyloom.webhooks.state import Webhooks
from storyloom.work.organizations import Organizations
from storyloom.work.state import Works

_PINGED = ("archive", "hot", "images", "engine", "renderer")
Ping = Callable[[], Awaitable[None]]


class _Part(Protocol):
    async def ping(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that an edge can call, open and ready."""

    presets: Presets
    intake: StoryboardIntake
    jobs: StoryboardJobManager
    pictures: StoryboardPictures
    pings: Mapping[str, Ping]
    questions: Questions
    metrics: Metrics
    observers: Observers
    automation: Automation
    story: Story
    office: RunOffice
    works: WorkDesk
    ledger: Ledger
    keys: KeyStore
    idempotency: IdempotencyKeys
    newsroom: Newsroom
    webhooks: Webhooks
    hurry: Callable[[], None]  #: when they are closed: wait no longer for running jobs


@asynccontextmanager
async def open_services(
    settings: Settings, studio: Studio | None = None, *, takes_jobs: bool = True
) -> AsyncGenerator[Services]:
    """Open everything for a server, and close it in reverse order; jobs may be left to others."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        observers, stores = await enter(observers_of(settings)), await enter(_stores(settings))
        records, registry = stores.records, await enter(registry_of(settings))
        models, studio = await enter(_makers(settings, stores, studio, takes_jobs=takes_jobs))
        boards = storyboards_of(settings, studio, observers, stores)
        stage = await enter(_stage(settings, stores, models, takes_jobs=takes_jobs))
        productions = await enter(productions_of(settings, stage))
        pipelines = [*boards.pipelines, *observers.over(productions.pipelines, records.archive)]
        opened, queues = await enter(_engine(settings, stores, pipelines, takes_jobs=takes_jobs))
        await enter(productions.driven(settings.drain_s))
        jobs, engine, tasks = boards.jobs, opened.engine, await enter(_open_tasks())
        presets = presets_of(studio, stores)
        intake = boards.intake(engine, Background(tasks), presets.profiles)
        questions, office = Questions(tasks), productions.office(engine, Background(tasks))
        told = Told(jobs.hot_counts, records.statistics, stores.hot, engine, registry)
        works = works_of(records, boards, intake, office, queues=queues)
        house = _house(stores, queues, boards, observers, productions=productions)
        start_chores(tasks, settings, house, takes_jobs=takes_jobs)
        yield Services(
            presets=presets,
            intake=intake,
            jobs=jobs,
            pictures=boards.pictures,
            pings=_pings(records.archive, stores.hot, stores.images, engine, studio.renderer),
            questions=questions,
            metrics=metrics_of(questions, observers.meter, told),
            observers=observers,
            automation=stage.automation,
            story=stage.story,
            office=office,
            works=_desk(works, boards, stores, opened, registry=registry),
            ledger=records.ledger,
            keys=SqlKeyStore(records.database),
            idempotency=idempotency_of(records.database, stores.clock, tasks),
            newsroom=newsroom_of(stores.events, works, stage.story.notifications),
            webhooks=webhooks_of(settings, records.database),
            hurry=partial(_hurry, opened, productions),
        )


@asynccontextmanager
async def _engine(
    settings: Settings, stores: Stores, pipelines: Sequence[Pipeline], *, takes_jobs: bool
) -> AsyncGenerator[tuple[OpenEngine, Queues]]:
    """The engine, which takes nothing of queues that were paused before; and the queues."""
    records = stores.records
    resting = await SqlQueueSwitches(records.database).paused()
    async with engine_of(settings, pipelines, takes_jobs=takes_jobs, resting=resting) as opened:
        yield opened, queues_of(records, pipelines, opened, stores.clock)


@asynccontextmanager
async def _stores(settings: Settings) -> AsyncGenerator[Stores]:
    """Where everything is kept; what happens is told until all else is closed."""
    clock = SystemClock()
    with _alone(settings):
        async with (
            records_of(settings) as records,
            events_of(settings, records.database) as events,
            hot_of(settings, clock) as hot,
        ):
            yield Stores(records, hot, images_of(settings), clock, events)


@asynccontextmanager
async def _makers(
    settings: Settings, stores: Stores, studio: Studio | None, *, takes_jobs: bool
) -> AsyncGenerator[tuple[Models, Studio]]:
    """Models, and the studio, unless there is one: it asks models where jobs are taken."""
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        opened = open_models(settings, stores.records.ledger, stores.images)
        models = await enter(opened)
        asked = models if takes_jobs else None
        yield models, await enter(studio_of(settings, asked, studio))


@asynccontextmanager
async def _stage(
    settings: Settings, stores: Stores, models: Models, *, takes_jobs: bool
) -> AsyncGenerator[Stage]:
    """What runs are made with. Who leaves them to others still tells what they would meet with."""
    records, clock, events = stores.records, stores.clock, stores.events
    async with (
        automation_of(settings, records.database, clock) as automation,
        story_of(settings, records.database, clock, events) as story,
    ):
        made = (automation, story, clock, models, events)
        yield Stage(records, stores.images, *made, takes_jobs=takes_jobs)


def _desk(
    works: Works,
    boards: Storyboards,
    stores: Stores,
    opened: OpenEngine,
    *,
    registry: WorkerRegistry | None,
) -> WorkDesk:
    insights = insights_of(works, boards, stores, opened)
    known = Organizations(stores.records.organizations, stores.clock)
    return WorkDesk(works, insights, counting_of(works, stores, registry), known)


def _house(
    stores: Stores,
    queues: Queues,
    boards: Storyboards,
    observers: Observers,
    *,
    productions: Productions,
) -> House:
    records = stores.records
    kept = (
        records.archive,
        queues.engine,
        stores.images,
        boards.jobs,
        observers.meter,
        records.ledger,
    )
    backfill = backfill_of(stores.events, records, productions.untold)
    told = (productions.history, productions.accepted, stores.events, records.database, backfill)
    stoppers = [Stopper(boards.stops, records.index), productions.stopper]
    return House(*kept, *told, stoppers, queues)


def _hurry(opened: OpenEngine, productions: Productions) -> None:
    opened.hurry()
    productions.director.hurry()


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
