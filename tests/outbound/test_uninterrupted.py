"""A cancellation waits for work that must come to its end."""

import asyncio

import pytest

from storyloom.outbound.uninterrupted import to_its_end


async def test_what_the_work_gives_is_given() -> None:
    async def work() -> str:
        return "done"

    assert await to_its_end(work, within_s=5) == "done"


async def test_what_the_work_raises_is_raised() -> None:
    async def work() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        await to_its_end(work, within_s=5)


@pytest.mark.parametrize("times", [1, 3])
async def test_a_cancellation_waits_for_the_end(times: int) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    told: list[str] = []

    async def work() -> None:
        begun.set()
        await go_on.wait()
        told.append("done")

    async def waiting() -> None:
        try:
            await to_its_end(work, within_s=5)
        finally:
            told.append("left")

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(waiting())
        await begun.wait()
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        assert told == []
        go_on.set()

    assert told == ["done", "left"]
    assert task.cancelled()


async def test_an_end_that_fails_after_a_cancellation_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        raise LookupError("no such row")

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(to_its_end(work, within_s=5))
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()

    assert task.cancelled()
    assert [getattr(record, "reason", "") for record in caplog.records] == ["no such row"]


def test_when_the_event_loop_ends_nobody_is_waited_for() -> None:
    told: list[str] = []

    async def leave() -> None:
        begun = asyncio.Event()

        async def work() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                told.append("ended")

        waiting = asyncio.get_running_loop().create_task(to_its_end(work, within_s=600))
        await begun.wait()
        waiting.cancel()

    asyncio.run(leave())

    assert told == ["ended"]


async def test_the_wait_has_an_end() -> None:
    with pytest.raises(TimeoutError):
        await to_its_end(asyncio.Event().wait, within_s=0.01)


async def test_the_wait_of_a_cancelled_task_has_an_end() -> None:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(to_its_end(asyncio.Event().wait, within_s=0.05))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()

    assert task.cancelled()
