"""The SwarmUI service with a real process, which runs a double."""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import pytest
from anyio.abc import TaskGroup, TaskStatus

from storyloom.adapters.memory.launch_lock import MemoryLaunchLock
from storyloom.adapters.swarmui.swarm_api import open_swarm_api
from storyloom.adapters.swarmui.swarm_launcher import InstalledSwarmLauncher
from storyloom.automation.errors import SwarmUiFailed
from storyloom.automation.launching import LaunchPlan
from storyloom.automation.ports import LaunchLock, SwarmLook, SwarmUsage
from storyloom.automation.schemas import SwarmStatus
from storyloom.automation.swarmui import SwarmUiService
from storyloom.errors import Unreachable
from storyloom.kit.clock import ManualClock
from storyloom.kit.questions import Questions
from tests.swarmui.install import FakeInstall


@dataclass
class Bench:
    install: FakeInstall
    clock: ManualClock
    lock: LaunchLock
    swarmui: SwarmUiService
    life: TaskGroup  #: in which all that is asked lives


class Nobody:
    """Where nothing answers."""

    async def look(self, url: str) -> SwarmLook:
        raise Unreachable(f"nothing answers at {url}")

    async def usage(self, url: str) -> SwarmUsage:
        raise Unreachable(f"nothing answers at {url}")

    async def free_memory(self, url: str) -> None:
        raise Unreachable(f"nothing answers at {url}")

    async def shut_down(self, url: str) -> None:
        raise Unreachable(f"nothing answers at {url}")


@asynccontextmanager
async def opened(
    install: FakeInstall, lock: LaunchLock | None = None, **how: Any
) -> AsyncGenerator[Bench]:
    clock = ManualClock()
    lock = lock or MemoryLaunchLock(clock)
    quick: dict[str, Any] = {"timeout_s": 30, "poll_s": 0.1, "grace_s": 10, "nap_s": 0.01} | how
    plan = LaunchPlan(quick.pop("url", install.url), **quick)
    launcher = InstalledSwarmLauncher(
        install.folder,
        install.port,
        environment={"PATH": os.defpath},
        log=install.folder / "log",
        platform="linux",
    )
    async with open_swarm_api(timeout_s=1) as api, anyio.create_task_group() as tasks:
        life = await tasks.start(_live)
        # Names of other machines are not looked up in tests.
        spoken_to = api if plan.is_local else Nobody()
        swarmui = SwarmUiService(spoken_to, launcher, lock, plan=plan, questions=Questions(life))
        try:
            yield Bench(install, clock, lock, swarmui, life)
        finally:
            await swarmui.close()
            tasks.cancel_scope.cancel()


async def _live(task_status: TaskStatus[TaskGroup]) -> None:
    """In a task of its own, so that a test can end it and go on."""
    async with anyio.create_task_group() as tasks:
        task_status.started(tasks)
        await anyio.sleep_forever()


async def why_it_fails(bench: Bench) -> str:
    with pytest.raises(SwarmUiFailed) as fault:
        await bench.swarmui.start()
    assert fault.value.message == f"SwarmUI failed to start: {fault.value.why}"
    return fault.value.why


async def until_it_tells(bench: Bench, is_so: Callable[[SwarmStatus], bool]) -> None:
    with anyio.fail_after(60):
        while not is_so(await bench.swarmui.status()):  # noqa: ASYNC110 - it waits for nobody
            await anyio.sleep(0.02)
