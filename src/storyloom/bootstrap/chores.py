"""What is done beside the requests, for as long as the process lives."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio import to_thread
from anyio.abc import TaskGroup
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.profile_store import SqlProfileStore
from storyloom.automation.runs.ports import RunHistory
from storyloom.bootstrap.folding import fold_forever
from storyloom.bootstrap.retention import forget_old
from storyloom.bootstrap.webhooks import deliver_forever
from storyloom.events.backfill import Backfill
from storyloom.events.state import Events
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import Engine, JobArchive
from storyloom.jobs.queues import Queues
from storyloom.jobs.reconciler import Accepted, Reconciler
from storyloom.jobs.stops import Stopper
from storyloom.kit.clock import SystemClock
from storyloom.kit.scratch import sweep
from storyloom.outbound.ports import Ledger
from storyloom.settings import Settings
from storyloom.storyboard.profiles.sweeping import LogoSweep
from storyloom.storyboard.reconciler import AcceptedStoryboards
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.watchdog import Watchdog

Chore = Callable[[], Coroutine[Any, Any, None]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class House:
    """What there is to be looked after."""

    archive: JobArchive
    engine: Engine
    images: ImageStore
    jobs: StoryboardJobManager
    meter: Meter
    ledger: Ledger
    runs: RunHistory
    accepted: Sequence[Accepted]  #: runs and their exports, for reconcilers
    events: Events
    database: AsyncEngine
    backfill: Backfill
    stoppers: Sequence[Stopper]
    queues: Queues


def start_chores(tasks: TaskGroup, settings: Settings, house: House, *, takes_jobs: bool) -> None:
    """Start everything that has to be done here."""
    for chore in _chores(settings, house, takes_jobs=takes_jobs):
        tasks.start_soon(chore)


def _chores(settings: Settings, house: House, *, takes_jobs: bool) -> Sequence[Chore]:
    """Start lost jobs and name stuck ones; where jobs are run, stop ended and forget old ones."""
    clock = SystemClock()
    reconcilers = [
        Reconciler(accepted, house.engine, clock=clock, meter=house.meter)
        for accepted in (AcceptedStoryboards(house.archive, house.jobs), *house.accepted)
    ]
    watchdog = Watchdog(
        house.archive, clock=clock, job_timeout_s=settings.job_timeout_s, meter=house.meter
    )
    chores: list[Chore] = [
        *(partial(one.run_forever, settings.reconcile_every_s) for one in reconcilers),
        watchdog.run_forever,
        house.backfill.run_forever,
    ]
    if takes_jobs:
        chores.append(_sweep)
        chores.extend(stopper.run_forever for stopper in house.stoppers)
        if settings.database_url is not None:  # else nobody else pauses any
            chores.append(house.queues.obey_forever)
        kept = (house.archive, house.engine, house.images)
        chores.append(
            partial(
                forget_old,
                settings,
                *kept,
                calls=house.ledger,
                runs=house.runs,
                dated=[house.events.log, SqlDeliveryStore(house.database)],
            )
        )
        chores.append(partial(fold_forever, house.database))
        profiles = SqlProfileStore(house.database, clock)
        chores.append(LogoSweep(profiles, house.images, clock).run_forever)
        chores.append(partial(deliver_forever, settings, house.database, house.events))
    return chores


async def _sweep() -> None:
    """Remove what killed processes have left in the place for temporary files."""
    if swept := await to_thread.run_sync(sweep):
        log.info("folders of killed processes were removed", extra={"count": swept})
