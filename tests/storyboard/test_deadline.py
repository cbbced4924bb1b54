"""Deadlines of steps and of whole jobs."""

import asyncio

import pytest

from storyloom.errors import TimedOut
from storyloom.storyboard.deadline import Deadline, Limits


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_work_in_time_gives_its_result() -> None:
    async def work() -> int:
        return 7

    assert await Deadline(Limits()).bound("Reading", work)() == 7


async def test_a_step_that_takes_too_long_is_named() -> None:
    bounded = Deadline(Limits(step_s=0.01, job_s=9)).bound("Gemini API", for_ever)

    with pytest.raises(TimedOut, match=r"^Gemini API timeout after 0\.01 seconds$"):
        await bounded()


async def test_a_job_has_less_time_for_its_last_step() -> None:
    bounded = Deadline(Limits(step_s=9, job_s=0.01)).bound("Drawing", for_ever)

    with pytest.raises(TimedOut, match=r"^Storyboard timeout after 0\.01 seconds$"):
        await bounded()


async def test_no_time_left_is_a_timeout_too() -> None:
    deadline = Deadline(Limits(step_s=9, job_s=0.01))
    await asyncio.sleep(0.02)

    with pytest.raises(TimedOut):
        await deadline.bound("Drawing", for_ever)()
