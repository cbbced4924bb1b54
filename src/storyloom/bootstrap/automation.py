"""The GPU of this machine, and what uses it."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import anyio
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.memory.gpu_probe import NoGpuProbe
from storyloom.adapters.memory.launch_lock import MemoryLaunchLock
from storyloom.adapters.nvidia.gpu_probe import NvidiaGpuProbe
from storyloom.adapters.sql.config_store import SqlConfigStore
from storyloom.adapters.sql.lease_store import SqlLeaseStore
from storyloom.adapters.swarmui._late import open_late_swarm_api
from storyloom.adapters.swarmui.swarm_launcher import InstalledSwarmLauncher
from storyloom.automation.launching import LaunchPlan
from storyloom.automation.ports import LaunchLock, SwarmLauncher
from storyloom.automation.runs.defaults import RunDefaults
from storyloom.automation.swarmui import SwarmUiService
from storyloom.gpu.leases import GpuLeases
from storyloom.gpu.ports import GpuProbe
from storyloom.gpu.status import GpuService
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock, SystemClock
from storyloom.kit.questions import Questions
from storyloom.settings import Settings, foreign_environment

NONE = "none"
LOG = "swarmui.log"


@dataclass(frozen=True, slots=True)
class Automation:
    """What stories need of the machine."""

    gpu: GpuService
    leases: GpuLeases
    swarmui: SwarmUiService
    defaults: RunDefaults


@asynccontextmanager
async def automation_of(
    settings: Settings, database: AsyncEngine, clock: Clock
) -> AsyncGenerator[Automation]:
    """Open what the settings choose; nothing is asked or launched yet."""
    plan = plan_of(settings)
    launcher = launcher_of(settings)
    async with (
        open_late_swarm_api() as api,
        launch_lock_of(settings) as lock,
        anyio.create_task_group() as tasks,
    ):
        questions, background = Questions(tasks), Background(tasks)
        swarmui = SwarmUiService(api, launcher, lock, plan=plan, questions=questions)
        background.soon(partial(swarmui.attend, settings.swarmui_idle_s))
        gpu = GpuService(gpu_probe_of(settings), questions)
        store = SqlLeaseStore(database, clock)
        leases = GpuLeases(store, background, host=socket.gethostname())
        try:
            yield Automation(gpu, leases, swarmui, RunDefaults(SqlConfigStore(database)))
        finally:
            with anyio.CancelScope(shield=True):
                await swarmui.close()
        tasks.cancel_scope.cancel()


def plan_of(settings: Settings) -> LaunchPlan:
    """Where SwarmUI answers, or will."""
    return LaunchPlan(
        settings.swarmui_url,
        settings.swarmui_startup_timeout_s,
        has_folder=settings.swarmui_dir is not None,
    )


def launcher_of(settings: Settings) -> SwarmLauncher:
    """What launches the SwarmUI that is installed here."""
    return InstalledSwarmLauncher(
        settings.swarmui_dir,
        plan_of(settings).port,
        environment=foreign_environment(),
        log=settings.data_dir / LOG,
    )


def gpu_probe_of(settings: Settings) -> GpuProbe:
    """What looks at the GPUs."""
    if settings.nvidia_smi == NONE:
        return NoGpuProbe()
    return NvidiaGpuProbe(foreign_environment(), settings.nvidia_smi)


@asynccontextmanager
async def launch_lock_of(settings: Settings) -> AsyncGenerator[LaunchLock]:
    """Who may launch, and where what was launched answers."""
    if settings.redis_url is None:
        yield MemoryLaunchLock(SystemClock())
        return
    from storyloom.adapters.redis._client import open_client  # noqa: PLC0415 - memory spares it
    from storyloom.adapters.redis.launch_lock import RedisLaunchLock  # noqa: PLC0415

    plan = plan_of(settings)
    # The same loopback address is another place on another machine.
    place = f"{socket.gethostname()}:{plan.url}" if plan.is_local else plan.url
    async with open_client(settings.redis_url.get_secret_value()) as client:
        yield RedisLaunchLock(client, place)
