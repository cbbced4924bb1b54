"""Where the GPU is looked at for a run, and whose eyes it is looked at with."""

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from storyloom.automation.runs.config import Backend
from storyloom.bootstrap.automation import automation_of
from storyloom.bootstrap.watching import watch_of
from storyloom.kit.clock import ManualClock
from storyloom.settings import Settings
from tests.databases import free_port


@pytest.mark.parametrize(
    ("chosen", "backend", "is_looked_at"),
    [
        ({}, Backend.SWARMUI, True),
        ({"nvidia_smi": "none"}, Backend.SWARMUI, False),
        ({"swarmui_url": "http://attic:7801"}, Backend.SWARMUI, False),
        ({"swarmui_url": "http://attic:7801", "comfyui_url": "HERE"}, Backend.COMFYUI, True),
        ({"comfyui_url": "http://attic:8188"}, Backend.COMFYUI, False),
        ({"comfyui_url": "http://attic:8188"}, Backend.SWARMUI, True),
    ],
)
async def test_a_gpu_is_looked_at_where_the_engine_is(
    *, chosen: dict[str, str], backend: Backend, is_looked_at: bool
) -> None:
    here = f"http://127.0.0.1:{free_port()}"
    settings = Settings.load(
        **{name: here if value == "HERE" else value for name, value in chosen.items()}
    )
    database = create_async_engine("sqlite+aiosqlite://")
    async with automation_of(settings, database, ManualClock()) as automation:
        watch = watch_of(settings, automation, backend)
        # Nothing of ours runs, and nothing listens there.
        told = None if watch is None else await watch.programs.among(frozenset({1}))
    await database.dispose()

    assert (watch is not None) == is_looked_at
    assert told is None
