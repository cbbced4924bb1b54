"""A studio with models for one command, beside a running server or without one."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from anyio import Path

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.bootstrap.archive import open_ledger
from storyloom.bootstrap.images import images_of
from storyloom.bootstrap.models import open_models
from storyloom.bootstrap.studio import with_models
from storyloom.errors import Misconfigured, StoryloomError
from storyloom.imaging.ports import ImageStore
from storyloom.outbound.ports import Ledger
from storyloom.settings import Settings
from storyloom.storyboard.studio import Studio


@dataclass(frozen=True, slots=True)
class Workshop:
    """What makes storyboards, and where its calls are written down."""

    studio: Studio
    ledger: Ledger


@asynccontextmanager
async def open_workshop(
    settings: Settings, plain: Studio, warn: Callable[[str], None]
) -> AsyncGenerator[Workshop]:
    """The studio with the models of the settings, over the ledger and the pictures of a server.

    So an answer that a server has paid for is used again, and the other way round; and the budget
    of the day is one for both. Where nothing can be kept, that is told.
    """
    async with AsyncExitStack() as stack:
        ledger, images = await _kept(settings, stack, warn)
        models = await stack.enter_async_context(open_models(settings, ledger, images))
        yield Workshop(with_models(plain, models), ledger)


async def _kept(
    settings: Settings, stack: AsyncExitStack, warn: Callable[[str], None]
) -> tuple[Ledger, ImageStore]:
    if settings.database_url is not None:
        return await stack.enter_async_context(open_ledger(settings)), images_of(settings)
    try:
        await Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
        return await stack.enter_async_context(open_ledger(settings)), images_of(settings)
    except (OSError, StoryloomError) as fault:
        said = fault.message if isinstance(fault, StoryloomError) else type(fault).__name__
    says = f"Nothing can be kept in {settings.data_dir} ({said.rstrip('.')})"
    if settings.budget_per_org_day_usd is not None:
        setting = Settings.variable("data_dir")
        raise Misconfigured(f"{says}, so that the day's budget cannot be held.", setting=setting)
    warn(f"{says}: what models answer is paid for again next time.")
    return MemoryLedger(), ObstoreImageStore.in_memory()
