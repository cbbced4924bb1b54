"""The deadline of a whole job."""

import asyncio

import pytest

from storyloom.errors import TimedOut, Unavailable
from storyloom.storyboard.deadline import Deadline


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_work_in_time_gives_its_result() -> None:
    async def work() -> int:
        return 7

    assert await Deadline().bound(work)() == 7


async def test_a_job_that_takes_too_long_says_so() -> None:
    bounded = Deadline(0.01).bound(for_ever)

    with pytest.raises(TimedOut, match=r"^Storyboard timeout after 0\.01 seconds$"):
        await bounded()


async def test_no_time_left_is_a_timeout_too() -> None:
    deadline = Deadline(0.01)
    await asyncio.sleep(0.02)

    with pytest.raises(TimedOut):
        await deadline.bound(for_ever)()


async def test_a_fault_is_not_tried_again_here() -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        raise Unavailable

    with pytest.raises(Unavailable):
        await Deadline().bound(work)()

    assert tries == 1
