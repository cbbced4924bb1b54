"""SwarmUI started, watched and stopped: the service with a real process and a double of its API."""

import os
from typing import Any

import anyio
import pytest

from storyloom.automation.errors import LaunchedTooSoon, NotStopped, SwarmUiFailed
from storyloom.automation.schemas import Phase, SwarmStarted
from storyloom.automation.swarmui import NOT_RUNNING, RUNNING, STARTED, STOPPED
from tests.automation.bench import opened, until_it_tells, why_it_fails
from tests.processes import is_alive
from tests.swarmui.double import Behaviour, swarm_double
from tests.swarmui.install import FakeInstall
from tests.until import until

MINUTE = 61


async def test_it_is_launched_and_says_where_it_is(install: FakeInstall) -> None:
    async with opened(install) as bench:
        started = await bench.swarmui.start()

    assert started == SwarmStarted(
        message=STARTED,
        port=install.port,
        api_url=install.url,
        phase=Phase.READY,
        backend_status="running",
    )


async def test_one_that_runs_is_not_launched_again(install: FakeInstall) -> None:
    async with opened(install) as bench:
        first = await bench.swarmui.start()
        second = await bench.swarmui.start()

    assert second == first.model_copy(update={"message": RUNNING})
    assert len(install.launches) == 1


async def test_one_that_others_started_is_taken_as_it_is(install: FakeInstall) -> None:
    async with swarm_double(Behaviour(), install.port), opened(install) as bench:
        started = await bench.swarmui.start()
        with pytest.raises(NotStopped, match="was not started by this service"):
            await bench.swarmui.stop(force=True)
        status = await bench.swarmui.status()

    assert started.message == RUNNING
    assert install.launches == []
    assert (status.phase, status.started_by_us, status.idle_seconds) == (Phase.READY, False, None)


async def test_all_who_want_it_at_the_same_time_share_one_launch(install: FakeInstall) -> None:
    answers: list[SwarmStarted] = []
    async with opened(install) as bench:

        async def want() -> None:
            answers.append(await bench.swarmui.start())

        async with anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(want)

    assert len(install.launches) == 1
    assert [answer.port for answer in answers] == [install.port] * 20


async def test_a_caller_who_leaves_does_not_end_the_launch(install: FakeInstall) -> None:
    async with opened(install) as bench:
        with anyio.move_on_after(0.05):
            await bench.swarmui.start()

        assert (await bench.swarmui.start()).port == install.port

    assert len(install.launches) == 1


async def test_the_port_is_the_one_that_it_took(install: FakeInstall) -> None:
    install.does(hops=1)
    async with opened(install) as bench:
        started = await bench.swarmui.start()
        assert (await bench.swarmui.status()).port == install.port + 1
        assert await bench.lock.published() == install.port + 1

    assert (started.port, started.api_url) == (
        install.port + 1,
        f"http://127.0.0.1:{install.port + 1}",
    )


async def test_it_is_waited_for_while_it_starts_slowly(install: FakeInstall) -> None:
    install.does(waits_s=1)
    async with opened(install) as bench:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(bench.swarmui.start)
            await until(lambda: bool(install.launches))
            starting = await bench.swarmui.status()
            assert (starting.phase, starting.started_by_us) == (Phase.STARTING, True)

        assert (await bench.swarmui.status()).phase is Phase.READY


async def test_its_backends_are_waited_for_without_new_sessions(install: FakeInstall) -> None:
    install.behaves(statuses=["loading", "loading", "running"])
    async with opened(install) as bench:
        started = await bench.swarmui.start()

    assert (started.phase, started.backend_status) == (Phase.READY, "running")
    assert install.calls.count("GetNewSession") == 1


async def test_backends_that_take_longer_are_no_failure(install: FakeInstall) -> None:
    install.behaves(statuses=["loading"])
    async with opened(install, timeout_s=2) as bench:
        started = await bench.swarmui.start()

    assert (started.phase, started.backend_status) == (Phase.LOADING_BACKENDS, "loading")


@pytest.mark.parametrize(
    ("how", "phase"),
    [
        ({"statuses": ["errored"], "backends": ["errored", "running"]}, Phase.READY),
        ({"statuses": ["idle"]}, Phase.NO_BACKENDS),
        ({"statuses": ["empty", "running"]}, Phase.READY),
        ({"is_plain": True}, Phase.READY),
    ],
)
async def test_what_may_pass_is_no_failure(
    install: FakeInstall, how: dict[str, Any], phase: Phase
) -> None:
    install.behaves(**how)
    async with opened(install) as bench:
        assert (await bench.swarmui.start()).phase is phase


@pytest.mark.parametrize("status", ["empty", "errored", "all_disabled"])
async def test_backends_that_will_never_work_are_a_failure(
    install: FakeInstall, status: str
) -> None:
    install.behaves(statuses=[status], backends=["errored"])
    async with opened(install) as bench:
        why = await why_it_fails(bench)
        assert (await bench.swarmui.status()).phase is Phase.FAILED

    assert why.startswith(f"its backends are {status}: ")


async def test_a_crash_is_told_at_once_with_its_last_lines(install: FakeInstall) -> None:
    install.does(crashes=3)
    async with opened(install, timeout_s=3600) as bench:
        why = await why_it_fails(bench)
        status = await bench.swarmui.status()

    assert why.startswith("it ended with the exit code 3; its last lines: ")
    assert "no space left on" in why
    assert (status.phase, status.message) == (Phase.FAILED, why)


async def test_one_that_does_not_answer_in_time_is_a_failure(install: FakeInstall) -> None:
    install.does(waits_s=300, children=["child"])
    async with opened(install, timeout_s=3) as bench:  # in which it begins, on any machine
        why = await why_it_fails(bench)
        assert [child for child in install.children if is_alive(child)] == []

    assert why.startswith("timeout: it did not answer within 3 seconds (nothing answers at")
    assert "Starting at 2026" in why


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"is_stranger": True}, "the port is taken by another program: "),
        ({"hangs": True}, "the port is taken by a program that does not answer: "),
        ({"wants_account": True}, "one answers at "),
    ],
)
async def test_a_port_that_is_taken_is_told_without_a_launch(
    install: FakeInstall, how: dict[str, Any], why: str
) -> None:
    async with swarm_double(Behaviour(**how), install.port), opened(install) as bench:
        assert (await why_it_fails(bench)).startswith(why)
        assert (await bench.swarmui.status()).message.startswith(why)

    assert install.launches == []


async def test_a_wrong_install_costs_no_launch(install: FakeInstall) -> None:
    install.script.chmod(0o644)
    async with opened(install) as bench:
        assert "may not be executed" in await why_it_fails(bench)
        assert "may not be executed" in (await bench.swarmui.status()).launch_obstacle
        install.script.chmod(0o755)

        assert (await bench.swarmui.start()).message == STARTED


async def test_what_is_on_another_machine_cannot_be_launched(install: FakeInstall) -> None:
    async with opened(install, url="http://gpu-box.invalid:7801") as bench:
        why = await why_it_fails(bench)
        told = await bench.swarmui.status()

    assert "STORYLOOM_SWARMUI_URL" in why
    assert told.launch_obstacle in why
    assert told.launch_obstacle.endswith("start it there")
    assert told.is_set_up
    assert install.launches == []


async def test_without_a_folder_none_is_set_up_here(install: FakeInstall) -> None:
    async with opened(install, has_folder=False) as bench:
        assert not (await bench.swarmui.status()).is_set_up
    far = "http://gpu-box.invalid:7801"
    async with opened(install, url=far, has_folder=False) as bench:
        assert (await bench.swarmui.status()).is_set_up


async def test_there_is_one_launch_a_minute_also_after_a_failure(install: FakeInstall) -> None:
    install.does(crashes=1)
    async with opened(install) as bench:
        await why_it_fails(bench)
        install.does()

        with pytest.raises(LaunchedTooSoon, match="try again in 60 seconds") as fault:
            await bench.swarmui.start()
        assert fault.value.retry_after_s == 60

        bench.clock.advance(MINUTE)
        assert (await bench.swarmui.start()).message == STARTED

    assert len(install.launches) == 2


async def test_it_is_stopped_with_its_memory_freed_before(install: FakeInstall) -> None:
    async with opened(install) as bench:
        await bench.swarmui.start()

        stopped = await bench.swarmui.stop(force=False)

        status = await bench.swarmui.status()
        assert await bench.lock.published() is None
    assert stopped.message == STOPPED
    assert (status.phase, status.started_by_us) == (Phase.STOPPED, False)
    assert install.calls[-1] == "FreeBackendMemory"
    assert install.ended_well


async def test_to_stop_nothing_is_no_fault(install: FakeInstall) -> None:
    async with opened(install) as bench:
        assert (await bench.swarmui.stop(force=False)).message == NOT_RUNNING


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"live": 1}, r"is generating \(1 running or waiting\)"),
        ({"waiting": 2}, r"is generating \(2 running or waiting\)"),
        ({"is_plain": True}, "does not tell whether it is generating"),
        ({"hangs": True}, "does not answer, so it may be generating"),
    ],
)
async def test_one_that_may_be_generating_is_stopped_by_force_alone(
    install: FakeInstall, how: dict[str, Any], why: str
) -> None:
    async with opened(install) as bench:
        await bench.swarmui.start()
        install.behaves(**how)

        with pytest.raises(NotStopped, match=why):
            await bench.swarmui.stop(force=False)

        assert (await bench.swarmui.stop(force=True)).message == STOPPED


async def test_a_stop_ends_a_start_that_is_under_way(install: FakeInstall) -> None:
    install.does(waits_s=300)
    async with opened(install) as bench, anyio.create_task_group() as tasks:

        async def stop() -> None:
            await until(lambda: bool(install.launches))
            assert (await bench.swarmui.stop(force=False)).message == NOT_RUNNING

        tasks.start_soon(stop)
        assert await why_it_fails(bench) == "it was stopped while it started"


async def test_one_that_hangs_is_not_launched_beside_itself(install: FakeInstall) -> None:
    async with opened(install) as bench:
        await bench.swarmui.start()
        install.behaves(hangs=True)

        assert "it runs, and does not answer; stop it first" in await why_it_fails(bench)
        status = await bench.swarmui.status()

    assert (status.phase, status.started_by_us) == (Phase.FAILED, True)


async def test_the_one_in_place_of_ours_that_hangs_is_left_alone(install: FakeInstall) -> None:
    install.does(hops=1)
    async with opened(install) as bench:
        await bench.swarmui.start()
        install.behaves(hangs=True)
        async with swarm_double(Behaviour(), install.port) as double:
            stopped = await bench.swarmui.stop(force=True)

    assert stopped.message == STOPPED
    assert "FreeBackendMemory" not in double.routes


async def test_its_end_is_noticed_and_what_it_left_is_ended(install: FakeInstall) -> None:
    install.does(children=["child"])
    async with opened(install) as bench, anyio.create_task_group() as tasks:
        tasks.start_soon(bench.swarmui.attend, None, 0.05)
        await bench.swarmui.start()

        os.kill(install.launches[0]["pid"], 9)

        await until_it_tells(
            bench, lambda status: status.phase is Phase.FAILED and not status.started_by_us
        )
        assert "it ended by itself" in (await bench.swarmui.status()).message
        assert not is_alive(install.children[0])
        tasks.cancel_scope.cancel()


async def test_one_that_has_ended_is_launched_anew(install: FakeInstall) -> None:
    async with opened(install) as bench:
        await bench.swarmui.start()
        os.kill(install.launches[0]["pid"], 9)
        await until_it_tells(bench, lambda status: status.port is None)
        bench.clock.advance(MINUTE)

        with anyio.fail_after(60):  # the end of the process is told a moment after that of its port
            while True:
                try:
                    started = await bench.swarmui.start()
                except SwarmUiFailed:
                    await anyio.sleep(0.02)
                else:
                    break

    assert started.message == STARTED
    assert len(install.launches) == 2


async def test_it_is_stopped_when_it_has_had_nothing_to_do(install: FakeInstall) -> None:
    async with opened(install) as bench, anyio.create_task_group() as tasks:
        await bench.swarmui.start()
        tasks.start_soon(bench.swarmui.attend, 0.4)

        await until_it_tells(bench, lambda status: status.phase is Phase.STOPPED)
        tasks.cancel_scope.cancel()

    assert "FreeBackendMemory" in install.calls


@pytest.mark.parametrize("how", [{"live": 1}, {"idle_s": 0}])
async def test_one_that_works_is_not_stopped(install: FakeInstall, how: dict[str, Any]) -> None:
    install.behaves(**how)
    async with opened(install) as bench, anyio.create_task_group() as tasks:
        await bench.swarmui.start()
        looks = install.calls.count("GetGlobalStatus")
        tasks.start_soon(bench.swarmui.attend, 0.1)
        await until(lambda: install.calls.count("GetGlobalStatus") >= looks + 8)

        assert (await bench.swarmui.status()).phase is Phase.READY
        tasks.cancel_scope.cancel()


async def test_the_status_tells_all_that_is_known(install: FakeInstall) -> None:
    install.behaves(live=1, waiting=1)
    async with opened(install) as bench:
        stopped = await bench.swarmui.status()
        assert (stopped.phase, stopped.launch_obstacle) == (Phase.STOPPED, "")
        await bench.swarmui.start()

        status = await bench.swarmui.status()

    assert (status.phase, status.backend_status, status.generations) == (Phase.READY, "running", 2)
    assert (status.port, status.api_url) == (install.port, install.url)
    assert status.version == "0.9.8.2.GIT-5ee406ba"
    assert status.idle_seconds == 0
    assert status.started_by_us
    assert any("Starting webserver on" in line for line in status.last_lines)


@pytest.mark.parametrize(("how", "idle"), [({"idle_s": 7}, 7), ({"live": 1}, 0), ({}, None)])
async def test_how_long_another_one_has_been_idle(
    install: FakeInstall, how: dict[str, Any], idle: int | None
) -> None:
    async with swarm_double(Behaviour(**how), install.port), opened(install) as bench:
        assert (await bench.swarmui.status()).idle_seconds == idle


async def test_the_end_of_the_service_ends_a_launch(install: FakeInstall) -> None:
    install.does(waits_s=300)
    async with anyio.create_task_group() as tasks, opened(install) as bench:

        async def want() -> None:
            assert await why_it_fails(bench) == "it was stopped while it started"

        tasks.start_soon(want)
        await until(lambda: bool(install.launches))
