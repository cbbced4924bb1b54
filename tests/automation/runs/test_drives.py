"""The director is made for the first run, and leaves only if he has come."""

import asyncio

import pytest

from storyloom.automation.runs.drives import LateDirector
from storyloom.jobs.errors import HandedOver
from storyloom.kit.ids import new_job_id

JOB = new_job_id()


class Made:
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def run(self, job: str) -> None:
        self.told.append(f"run {job}")

    async def fail(self, job: str, *, message: str, code: str) -> bool:
        self.told.append(f"fail {job} {message} {code}")
        return True

    async def leave(self, grace_s: float) -> None:
        self.told.append(f"leave {grace_s}")

    def hurry(self) -> None:
        self.told.append("hurry")


class Maker:
    """Makes one director after another, slowly."""

    def __init__(self) -> None:
        self.made: list[Made] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def __call__(self) -> Made:
        await self.go_on.wait()
        self.made.append(Made())
        return self.made[-1]


async def test_one_is_made_for_all_runs() -> None:
    maker = Maker()
    late = LateDirector(maker)
    assert maker.made == []

    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(late.run(JOB))
    assert await late.fail(JOB, message="No.", code="quota")
    late.hurry()
    await late.leave(2.0)

    [one] = maker.made
    assert one.told == [*[f"run {JOB}"] * 2, f"fail {JOB} No. quota", "hurry", "leave 2.0"]


async def test_where_nothing_was_driven_nobody_leaves() -> None:
    maker = Maker()
    late = LateDirector(maker)

    late.hurry()
    await late.leave(2.0)

    assert maker.made == []


async def test_a_run_that_comes_too_late_is_handed_over() -> None:
    maker = Maker()
    maker.go_on.clear()
    late = LateDirector(maker)

    async def run() -> None:
        with pytest.raises(HandedOver):
            await late.run(JOB)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run())
        await asyncio.sleep(0)
        await late.leave(2.0)
        maker.go_on.set()

    assert [one.told for one in maker.made] == [[]]
