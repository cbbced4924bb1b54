"""What makes pictures is joined from the settings."""

from pathlib import Path
from typing import Any

import pytest

from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.adapters.sql._database import open_database
from storyloom.automation.runs.config import Backend
from storyloom.bootstrap.automation import automation_of
from storyloom.bootstrap.backends import gear_of
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from tests.adapters.swarmui.painting import asked
from tests.swarmui.double import Behaviour, swarm_double

# Clients read certificates when they are opened, as at the start of a server.
pytestmark = pytest.mark.usefixtures("blocking_calls_allowed")


@pytest.mark.parametrize(
    ("configured", "of_the_run", "made_with"),
    [(None, None, "a"), ("b", None, "b"), ("b", "a", "a")],
)
async def test_swarmui_paints_with_the_runs_model_or_the_configured_or_its_own(
    tmp_path: Path, configured: str | None, of_the_run: str | None, made_with: str
) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path}/runs.sqlite"
    parameters: dict[str, Any] = {} if of_the_run is None else {"model": of_the_run}
    models = ["a.safetensors", "b.safetensors"]
    async with (
        swarm_double(Behaviour(models=models, lingers_s=30)) as double,
        open_database(database) as engine,
    ):
        settings = Settings(swarmui_url=double.url, swarmui_model=configured, nvidia_smi="none")
        async with (
            automation_of(settings, engine, SystemClock()) as automation,
            gear_of(settings, automation.swarmui, ObstoreImageStore.in_memory()) as gear,
        ):
            swarmui = gear.backend(Backend.SWARMUI)
            picture = await swarmui.generate(asked(parameters=parameters))

    assert picture.model == made_with
