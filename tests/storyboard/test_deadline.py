"""Deadlines of steps and of whole jobs."""

import asyncio

import pytest

from storyloom.errors import Busy, Rejected, StoryloomError, TimedOut, Unavailable
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


class Faulty:
    """Fails as often as it is told to, and counts."""

    def __init__(self, *faults: StoryloomError) -> None:
        self.faults = list(faults)
        self.tries = 0

    async def work(self) -> str:
        self.tries += 1
        if self.faults:
            raise self.faults.pop(0)
        return "done"


@pytest.mark.parametrize("fault", [Unavailable(), Busy(retry_after_s=0.0)])
async def test_what_may_help_is_tried_once_more(fault: StoryloomError) -> None:
    faulty = Faulty(fault)

    assert await Deadline(Limits(), backoff_s=0).bound("Drawing", faulty.work)() == "done"
    assert faulty.tries == 2


async def test_the_second_fault_is_the_last() -> None:
    faulty = Faulty(Unavailable(), Unavailable("Still away."))

    with pytest.raises(Unavailable, match="Still away"):
        await Deadline(Limits(), backoff_s=0).bound("Drawing", faulty.work)()


@pytest.mark.parametrize("fault", [Rejected(), TimedOut()])
async def test_what_cannot_help_is_not_tried_again(fault: StoryloomError) -> None:
    faulty = Faulty(fault)

    with pytest.raises(type(fault)):
        await Deadline(Limits(), backoff_s=0).bound("Drawing", faulty.work)()

    assert faulty.tries == 1


async def test_a_wait_that_does_not_fit_ends_in_a_timeout() -> None:
    faulty = Faulty(Busy(retry_after_s=60))

    with pytest.raises(TimedOut):
        await Deadline(Limits(step_s=0.01)).bound("Drawing", faulty.work)()
