"""Several processes and one SwarmUI; and what happens while they cannot ask each other."""

from collections.abc import Sequence

import anyio
import pytest

from storyloom.adapters.memory.launch_lock import MemoryLaunchLock
from storyloom.automation.errors import NotStopped
from storyloom.automation.schemas import Phase, SwarmStarted
from storyloom.automation.swarmui import RUNNING, STARTED, STOPPED
from storyloom.errors import Unavailable
from storyloom.kit.clock import ManualClock
from tests.automation.bench import Bench, opened, until_it_tells, why_it_fails
from tests.swarmui.double import Behaviour, swarm_double
from tests.swarmui.install import FakeInstall


async def test_of_two_processes_one_launches_and_both_answer(install: FakeInstall) -> None:
    install.does(waits_s=0.5, hops=1)
    lock = MemoryLaunchLock(ManualClock())
    answers: list[SwarmStarted] = []
    async with opened(install, lock) as one, opened(install, lock) as other:

        async def want(bench: Bench) -> None:
            answers.append(await bench.swarmui.start())

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(want, one)
            tasks.start_soon(want, other)
        assert (await one.swarmui.status()).started_by_us
        assert (await other.swarmui.status()).started_by_us

    assert len(install.launches) == 1
    assert {answer.message for answer in answers} == {STARTED, RUNNING}
    assert {answer.port for answer in answers} == {install.port + 1}


async def test_what_another_process_launched_is_stopped_by_its_api(install: FakeInstall) -> None:
    lock = MemoryLaunchLock(ManualClock())
    async with (
        opened(install, lock) as one,
        opened(install, lock) as other,
        anyio.create_task_group() as tasks,
    ):
        await one.swarmui.start()

        assert (await other.swarmui.stop(force=False)).message == STOPPED

        # To the one who launched it that is no failure, now and when it has noticed.
        await until_it_tells(one, lambda status: status.phase is Phase.STOPPED)
        tasks.start_soon(one.swarmui.attend, None, 0.02)
        await until_it_tells(one, lambda status: not status.started_by_us)
        assert (await one.swarmui.status()).phase is Phase.STOPPED
        tasks.cancel_scope.cancel()
    assert install.calls[-2:] == ["FreeBackendMemory", "ShutdownServer"]


async def test_what_another_process_launched_may_refuse_to_end(install: FakeInstall) -> None:
    lock = MemoryLaunchLock(ManualClock())
    async with (
        swarm_double(Behaviour(), install.port),
        opened(install, lock, grace_s=-29.8) as bench,
    ):
        await lock.publish(install.port, 60)

        # The double goes on after it was told to end.
        with pytest.raises(NotStopped, match="did not end when it was told to"):
            await bench.swarmui.stop(force=False)


async def test_of_one_that_does_not_answer_in_time_nobody_says_that_it_does_not_run(
    install: FakeInstall,
) -> None:
    behaviour, lock = Behaviour(hangs=True), MemoryLaunchLock(ManualClock())
    async with swarm_double(behaviour, install.port), opened(install, lock) as bench:
        await lock.publish(install.port, 60)

        with pytest.raises(NotStopped, match=r"Nobody can tell whether .* does not answer"):
            await bench.swarmui.stop(force=True)


async def test_what_another_process_is_launching_is_found_as_soon_as_it_answers(
    install: FakeInstall,
) -> None:
    lock = MemoryLaunchLock(ManualClock())
    await lock.claim(3600)
    async with opened(install, lock) as bench, anyio.create_task_group() as tasks:

        async def want() -> None:
            assert (await bench.swarmui.start()).message == RUNNING
            tasks.cancel_scope.cancel()

        tasks.start_soon(want)
        await anyio.sleep(0.1)
        async with swarm_double(Behaviour(), install.port):
            await anyio.sleep_forever()

    assert install.launches == []


async def test_one_who_launches_and_does_not_come_to_an_end_is_not_waited_for(
    install: FakeInstall,
) -> None:
    lock = MemoryLaunchLock(ManualClock())
    await lock.claim(3600)
    async with opened(install, lock, timeout_s=0.1, grace_s=0.1) as bench:
        assert (await why_it_fails(bench)).startswith("another process is launching it")


async def test_an_answer_that_takes_for_ever_is_not_waited_for(
    install: FakeInstall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(install) as bench:
        await bench.swarmui._turn.acquire()
        monkeypatch.setattr("storyloom.automation.swarmui._SLACK_S", -39.9)
        assert (await why_it_fails(bench)).startswith("it has taken more than 0.2 seconds")

        monkeypatch.setattr("storyloom.automation.swarmui._SLACK_S", -9.9)
        with pytest.raises(NotStopped, match=r"has not ended in 0\.2 seconds"):
            await bench.swarmui.stop(force=False)
        bench.swarmui._turn.release()


async def test_who_waits_when_the_service_is_closed_is_told(install: FakeInstall) -> None:
    async with opened(install) as bench:
        await bench.swarmui._turn.acquire()

        async def start() -> None:
            assert await why_it_fails(bench) == "the service is being closed"

        async def stop() -> None:
            with pytest.raises(NotStopped, match="being closed"):
                await bench.swarmui.stop(force=False)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(start)
            tasks.start_soon(stop)
            await anyio.wait_all_tasks_blocked()
            bench.life.cancel_scope.cancel()
        bench.swarmui._turn.release()


class Away(MemoryLaunchLock):
    """A lock whose store is away, but for some of its calls."""

    def __init__(self, works: Sequence[str] = ()) -> None:
        super().__init__(ManualClock())
        self._works = works

    def _require(self, call: str) -> None:
        if call not in self._works:
            raise Unavailable("Redis cannot be reached.", system="redis")

    async def claim(self, for_s: float) -> bool:
        self._require("claim")
        return await super().claim(for_s)

    async def release(self) -> None:
        self._require("release")

    async def publish(self, port: int, for_s: float) -> None:
        self._require("publish")

    async def published(self) -> int | None:
        self._require("published")
        return None

    async def withdraw(self) -> None:
        self._require("withdraw")


async def test_while_others_cannot_be_asked_nothing_is_launched(install: FakeInstall) -> None:
    async with opened(install, Away()) as bench:
        assert await why_it_fails(bench) == "Redis cannot be reached."

    assert install.launches == []


async def test_while_others_cannot_be_asked_what_runs_is_found(install: FakeInstall) -> None:
    async with swarm_double(Behaviour(), install.port), opened(install, Away()) as bench:
        assert (await bench.swarmui.start()).message == RUNNING


async def test_once_it_may_be_launched_an_outage_does_not_matter(install: FakeInstall) -> None:
    async with opened(install, Away(["claim"])) as bench:
        assert (await bench.swarmui.start()).message == STARTED
        assert (await bench.swarmui.stop(force=False)).message == STOPPED
