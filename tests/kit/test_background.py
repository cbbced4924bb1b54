"""Work that nobody waits for is done, and its faults are told and go no further."""

import anyio
import pytest

from storyloom.kit.background import Background


async def test_work_is_done() -> None:
    done = anyio.Event()

    async def work() -> None:
        done.set()

    async with anyio.create_task_group() as tasks:
        Background(tasks).soon(work)
        with anyio.fail_after(60):
            await done.wait()


async def test_a_fault_is_told_and_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    done = anyio.Event()

    async def broken() -> None:
        raise RuntimeError("out of order")

    async def work() -> None:
        done.set()

    async with anyio.create_task_group() as tasks:
        background = Background(tasks)
        background.soon(broken)
        background.soon(work)
        with anyio.fail_after(60):
            await done.wait()

    assert "work in the background failed" in caplog.text
    assert "out of order" in caplog.text
