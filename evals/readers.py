"""What is scored: the reading by rules, and a language model with all that stands around it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.bootstrap.models import language_names, open_models
from storyloom.bootstrap.studio import open_studio, with_models
from storyloom.settings import Settings
from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding

Readers = tuple[CodeUnderstanding, RoadmapUnderstanding]


def rules() -> Readers:
    """The readers that need no model."""
    studio = open_studio(Settings())
    return studio.code, studio.roadmap


@asynccontextmanager
async def with_model(
    settings: Settings,
) -> AsyncGenerator[tuple[str, CodeUnderstanding, RoadmapUnderstanding] | None]:
    """The readers that ask the model of these settings, and its name; None where there is none.

    Nothing is kept: each run asks anew.
    """
    names = language_names(settings)
    if not names:
        yield None
        return
    async with open_models(settings, MemoryLedger(), ObstoreImageStore.in_memory()) as models:
        studio = with_models(await asyncio.to_thread(open_studio, settings), models)
        yield str(names[0]), studio.code, studio.roadmap
