"""What runs the jobs, and where."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from storyloom.adapters.dbos.engine import EngineOptions, open_engine
from storyloom.bootstrap.archive import database_file
from storyloom.jobs.ports import Engine, Pipeline
from storyloom.settings import Settings

# One laptop, one executor: the lock on the data directory keeps a second one out.
EXECUTOR_ID = "embedded"


@asynccontextmanager
async def engine_of(settings: Settings, pipelines: Sequence[Pipeline]) -> AsyncGenerator[Engine]:
    """Open the engine that the settings choose."""
    url = f"sqlite:///{database_file(settings.data_dir)}"
    options = EngineOptions(url, EXECUTOR_ID, settings.concurrency)
    async with open_engine(options, pipelines) as engine:
        yield engine
