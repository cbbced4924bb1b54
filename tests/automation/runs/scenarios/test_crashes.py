"""Processes that die, stop or linger: whoever goes on finds everything in the rows."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import pytest

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs.errors import Superseded
from storyloom.automation.runs.naming import run_of
from storyloom.automation.runs.ports import RunEdit, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus
from storyloom.errors import Unavailable
from storyloom.jobs.errors import HandedOver
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import JobId
from tests.automation.runs.scenarios.doubles import Swarm
from tests.automation.runs.scenarios.world import ORG, World, is_making, made, scenario, took_s

T = TypeVar("T")


@scenario
async def test_a_process_dies_again_and_again() -> None:
    world = World()
    world.backend.is_up = False
    world.swarm = Swarm(world.backend)
    await world.session(scriptText="A night at sea.")
    await world.accept()

    for number in range(40):
        async with world.directed() as driven:
            # Never at the same place: the engine alone takes thirty seconds to start.
            await asyncio.sleep(0.37 + number * 0.29 % 7)
            if driven.task.done():
                break
            await driven.crash()
    run = await world.to_its_end()

    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 12
    # An engine lives on, and what it had begun is fetched from it.
    assert list(world.backend.made.values()) == [1] * 12
    assert world.swarm.starts == 1
    assert run.epoch > 10


class Dying(MemoryRunStore):
    """The process dies at one of its writes: just before it, or just after."""

    def __init__(self, at: int, *, after: bool) -> None:
        super().__init__()
        self.left = at
        self.after = after
        self.died = asyncio.Event()

    async def change(self, run_id: JobId, edit: RunEdit, *, epoch: int | None = None) -> Run:
        return await self._meet(super().change(run_id, edit, epoch=epoch), epoch)

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        return await self._meet(super().change_shot(run_id, name, edit, epoch=epoch), epoch)

    async def add_shots(self, run_id: JobId, shots: Sequence[Shot], *, epoch: int) -> None:
        await self._meet(super().add_shots(run_id, shots, epoch=epoch), epoch)

    async def _meet(self, write: Coroutine[Any, Any, T], epoch: int | None) -> T:
        self.left -= 1 if epoch == 1 else 0
        if self.left or epoch != 1:
            return await write
        if self.after:
            await write
        write.close()
        self.died.set()
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_process_dies_at_each_of_its_writes(after: bool) -> None:  # noqa: FBT001
    for at in range(1, 40, 1):
        if not _dies_at(at, after=after):
            break
    else:
        pytest.fail("it has not ended")


def _dies_at(at: int, *, after: bool) -> bool:
    """Whether it had so many writes to die at."""
    died: list[int] = []

    @scenario
    async def dies() -> None:
        store = Dying(at, after=after)
        world = World(runs=store)
        world.backend.takes_s = 3
        world.author.scenes_of, world.author.beats_in = 2, 2
        await world.session(scriptText="A night at sea.")
        await world.accept()
        async with world.directed() as driven:
            dying = asyncio.get_running_loop().create_task(store.died.wait())
            await asyncio.wait([driven.task, dying], return_when=asyncio.FIRST_COMPLETED)
            dying.cancel()
            if store.died.is_set():
                died.append(at)
                world.silences.clear()
                await driven.crash()
        if died:
            async with world.directed() as driven:
                await driven.task
        await world.told()
        assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 4
        assert list(world.backend.made.values()) == [1] * 4
        assert len({cause for *_, cause in world.herald.told}) == 1

    dies()
    return bool(died)


@scenario
async def test_a_zombie_writes_nothing() -> None:
    world = World()
    await world.with_prompts(4)

    async with world.directed() as zombie:
        await zombie.until(lambda _, shots: made(shots) == 1)
        # Another process takes the run up while this one is still at it.
        async with world.directed() as driven:
            await zombie.task
            run = await driven.ended()

    assert run.epoch == 2
    assert list(world.backend.made.values()) == [1] * 4
    with pytest.raises(Superseded):
        await world.runs.change(world.id, lambda run: run, epoch=1)


@scenario
async def test_a_stop_hands_over_after_the_picture_in_hand() -> None:
    world = World()
    world.backend.survives = False
    await world.with_prompts(3)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        await driven.director.leave(30)
        with pytest.raises(HandedOver):
            await driven.task
        with pytest.raises(HandedOver):
            await driven.director.run((await world.run).job)

    assert made(await world.shots) == 1
    assert (await world.run).status is JobStatus.PROCESSING
    run = await world.to_its_end()
    assert made(await world.shots) == 3
    assert (world.backend.interrupted, run.epoch) == ([], 2)


@scenario
async def test_a_stop_that_cannot_wait_stops_the_picture_too() -> None:
    world = World()
    world.backend.survives = False
    world.backend.takes_s = 600
    await world.with_prompts(2)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        began_s = asyncio.get_running_loop().time()
        await driven.director.leave(5)
        with pytest.raises(HandedOver):
            await driven.task
        assert asyncio.get_running_loop().time() - began_s == 5

    await world.to_its_end()
    # It is begun anew under the same name.
    assert [request.work[-20:] for request in world.backend.requests[:2]] == [
        world.backend.requests[0].work[-20:]
    ] * 2


@scenario
async def test_what_follows_the_end_is_done_also_after_a_crash_right_then() -> None:
    world = World()
    await world.with_prompts(1)
    await world.to_its_end()
    world.herald.told.clear()

    async with world.directed() as driven:
        await driven.task

    assert len(world.herald.told) == 1


@scenario
async def test_a_job_of_an_earlier_pass_or_of_no_run_does_nothing() -> None:
    world = World()
    await world.with_prompts(1)
    run = await world.run
    await world.runs.change(run.id, lambda run: run.model_copy(update={"job": "another"}))

    async with world.directed() as driven:
        await driven.task
        await driven.director.run(run.job)
        await driven.director.run(JobId("00000000-0000-4000-8000-000000000000"))

    assert world.backend.requests == []
    assert run_of(JobId(f"{run.id}-7")) == run.id


class Away(MemoryRunStore):
    """A store that is away for a while; sometimes it had done what it did not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.is_away = False

    async def get(self, run_id: JobId) -> Run | None:
        self._check()
        return await super().get(run_id)

    async def change(self, run_id: JobId, edit: RunEdit, *, epoch: int | None = None) -> Run:
        done = await super().change(run_id, edit, epoch=epoch)
        self._check()
        return done

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        done = await super().change_shot(run_id, name, edit, epoch=epoch)
        self._check()
        return done

    def _check(self) -> None:
        if self.is_away:
            raise Unavailable("The database does not answer.", system="runs")


@scenario
async def test_the_database_is_away_for_a_while() -> None:
    store = Away()
    world = World(runs=store)
    await world.with_prompts(4)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 1)
        store.is_away = True
        await asyncio.sleep(40)
        store.is_away = False
        run = await driven.ended()

    assert [len(shot.versions) for shot in await world.shots] == [1] * 4
    assert list(world.backend.made.values()) == [1] * 4
    assert took_s(run) < 40 + 40 + 10


@scenario
async def test_sessions_are_away_for_a_while() -> None:
    world = World()
    await world.session(scriptText="A night at sea.")
    await world.accept()
    getting = world.store.get

    async def away(key: object, *, unless: str | None = None) -> None:
        raise Unavailable("Redis does not answer.", system="sessions")

    async with world.directed() as driven:
        await driven.until(lambda _, shots: len(shots) == 3)
        world.store.get = away
        await asyncio.sleep(100)
        world.store.get = getting
        await driven.ended()

    assert made(await world.shots) == 12
    assert "store_away" in world.codes()
    assert await world.orders.get(ORG, world.id)
