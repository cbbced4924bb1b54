"""SwarmUI that starts itself anew, as it does after an update: the same launch, perhaps another port."""

import os
import signal

import anyio

from storyloom.automation.schemas import Phase
from storyloom.automation.swarmui import RUNNING
from tests.automation.bench import opened, until_it_tells
from tests.swarmui.install import FakeInstall


async def test_it_is_found_on_its_new_port_and_told_to_others(install: FakeInstall) -> None:
    async with opened(install) as bench, anyio.create_task_group() as tasks:
        await bench.swarmui.start()
        install.does(hops=1)

        update(install)

        await until_it_tells(bench, lambda status: status.port == install.port + 1)
        status, again = await bench.swarmui.status(), await bench.swarmui.start()
        tasks.start_soon(bench.swarmui.attend, None, 0.02)
        with anyio.fail_after(60):
            while await bench.lock.published() != install.port + 1:  # noqa: ASYNC110
                await anyio.sleep(0.02)
        assert (status.phase, status.started_by_us) == (Phase.READY, True)
        assert (again.message, again.port) == (RUNNING, install.port + 1)
        tasks.cancel_scope.cancel()

    assert len(install.launches) == 2
    assert install.ended_well


async def test_it_may_come_back_where_it_was(install: FakeInstall) -> None:
    async with opened(install) as bench:
        await bench.swarmui.start()
        update(install)
        await until_it_tells(
            bench,
            lambda status: len(install.launches) == 2 and status.phase is Phase.READY,
        )

        assert await bench.swarmui.address() == install.url


def update(install: FakeInstall) -> None:
    os.kill(install.launches[-1]["pid"], signal.SIGUSR1)
