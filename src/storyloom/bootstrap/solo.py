"""A run that one command drives in its own process, over a folder of its own."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.drives import Drives
from storyloom.automation.runs.ports import RunStore
from storyloom.boards.export.exporter import Exporter
from storyloom.bootstrap.archive import bring_up_to_date, database_url, records_of
from storyloom.bootstrap.automation import automation_of
from storyloom.bootstrap.backends import uses_swarmui
from storyloom.bootstrap.exports import exporter_of
from storyloom.bootstrap.images import images_of
from storyloom.bootstrap.lock import exclusive
from storyloom.bootstrap.models import image_names, language_names, open_models
from storyloom.bootstrap.runs import RunOffice, productions_of
from storyloom.bootstrap.stage import Stage
from storyloom.bootstrap.story import story_of
from storyloom.errors import Misconfigured, Unavailable
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.ports import RunState
from storyloom.jobs.schemas import Priority
from storyloom.kit.clock import Clock, SystemClock
from storyloom.kit.ids import JobId
from storyloom.settings import Settings
from storyloom.story.state import StorySessions

#: Redis, PostgreSQL, Supabase and the bucket belong to servers; a run of one command is its folder's.
_ELSEWHERE = ("database_url", "supabase_url", "redis_url", "images_url")


@dataclass(frozen=True, slots=True)
class Solo:
    """What a command needs to make a story."""

    director: Drives
    office: RunOffice
    store: RunStore
    sessions: StorySessions
    images: ImageStore
    exporter: Exporter
    gear: Gear
    clock: Clock


@asynccontextmanager
async def open_solo(
    settings: Settings, folder: Path, warn: Callable[[str], None]
) -> AsyncGenerator[Solo]:
    """Open a run's own stores in the folder, which one process at a time may use.

    Calls to models, and GPU leases, are kept where a server on this machine keeps them: neither
    pays for what the other has paid for, and only one of them computes. Raises `FolderInUse`,
    `Misconfigured` and `Unavailable`.
    """
    clock = SystemClock()
    home = settings.model_copy(update={**dict.fromkeys(_ELSEWHERE), "data_dir": folder})
    async with AsyncExitStack() as stack:
        stack.enter_context(exclusive(folder, holder="another `storyloom story`"))
        enter = stack.enter_async_context
        records, images = await enter(records_of(home)), images_of(home)
        usual = await _usual(settings, stack, warn) if _asks_others(settings) else None
        if usual is not None:
            records = replace(records, ledger=SqlLedger(usual))
        models = await enter(open_models(settings, records.ledger, images))
        leases = records.database if usual is None else usual
        automation = await enter(automation_of(settings, leases, clock))
        story = await enter(story_of(home, records.database, clock))
        stage = Stage(records, images, automation, story, clock, models)
        productions = await enter(productions_of(home, stage))
        office = productions.office(_Nobody())
        yield Solo(
            director=productions.director,
            office=office,
            store=productions.store,
            sessions=story.sessions,
            images=images,
            exporter=exporter_of(settings),
            gear=productions.gear,
            clock=clock,
        )


def _asks_others(settings: Settings) -> bool:
    """Whether anything is spent, or any GPU used."""
    has_engine = uses_swarmui(settings) or settings.comfyui_url is not None
    return bool(has_engine or language_names(settings) or image_names(settings))


async def _usual(
    settings: Settings, stack: AsyncExitStack, warn: Callable[[str], None]
) -> AsyncEngine | None:
    """The database of a server here; None, and a warning, where nothing can be kept in it."""
    if settings.database_url is not None:
        await to_thread.run_sync(bring_up_to_date, settings)
        return await stack.enter_async_context(open_database(database_url(settings)))
    try:
        await to_thread.run_sync(_make, settings.data_dir)
        return await stack.enter_async_context(open_database(database_url(settings)))
    except (OSError, Unavailable) as fault:
        said = fault.message if isinstance(fault, Unavailable) else type(fault).__name__
    says = f"Nothing can be kept in {settings.data_dir} ({said.rstrip('.')})"
    if settings.budget_per_org_day_usd is not None:
        setting = Settings.variable("data_dir")
        raise Misconfigured(f"{says}, so that the day's budget cannot be held.", setting=setting)
    warn(f"{says}: other runs know nothing of what this one pays for, or of its GPU.")
    return None


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


class _Nobody:
    """An engine that starts nothing: the command drives its run itself."""

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        """Leave it to the command."""

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:  # noqa: ARG002
        """It knows of none."""
        return {}

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        """It keeps nothing."""

    async def ahead(self, job_id: JobId) -> int | None:
        """Nobody waits."""

    async def ping(self) -> None:
        """It is always there."""
