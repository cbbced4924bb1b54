import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from storyloom.adapters.dbos._turns import Turns
from storyloom.jobs.schemas import Priority


class Line:
    """Jobs that take their turns one after the other, and note when they have one."""

    def __init__(self, turns: Turns, tasks: asyncio.TaskGroup) -> None:
        self.turns = turns
        self._tasks = tasks
        self.went: list[str] = []

    async def join(self, name: str, queue: str = "usual", priority: int = Priority.NORMAL) -> None:
        self._tasks.create_task(self._take(name, queue, priority), name=name)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)

    async def _take(self, name: str, queue: str, priority: int) -> None:
        await self.turns.take(name, queue, priority)
        self.went.append(name)


@asynccontextmanager
async def line(size: int = 1, **own: int) -> AsyncGenerator[Line]:
    async with asyncio.TaskGroup() as tasks:
        yield Line(Turns(size, own), tasks)


async def test_so_many_go_at_a_time_and_those_with_priority_first() -> None:
    async with line() as waiting:
        await waiting.join("first")
        await waiting.join("second")
        await waiting.join("low", priority=Priority.LOW)
        await waiting.join("high", priority=Priority.HIGH)
        assert waiting.went == ["first"]
        places = {name: waiting.turns.ahead(name) for name in ("first", "second", "low", "high")}
        assert places == {"first": None, "high": 0, "second": 1, "low": 2}
        for _ in range(3):
            waiting.turns.give_back("usual")
            await waiting.settle()

    assert waiting.went == ["first", "high", "second", "low"]


async def test_a_queue_of_its_own_has_its_own_room() -> None:
    async with line(night=1) as waiting:
        await waiting.join("day")
        await waiting.join("night", "night")
        assert waiting.went == ["day", "night"]
        await waiting.join("another night", "night")
        await waiting.join("another day")
        assert waiting.turns.ahead("another day") == 0
        waiting.turns.give_back("night")
        waiting.turns.give_back("usual")


async def test_nothing_of_a_queue_that_rests_goes_until_it_goes_on() -> None:
    async with line(size=2) as waiting:
        waiting.turns.rest({"a"})
        await waiting.join("one", "a")
        await waiting.join("two", "b")
        assert waiting.went == ["two"]
        assert waiting.turns.held == {"one"}
        waiting.turns.rest(())

    assert waiting.went == ["two", "one"]


async def test_who_gives_up_leaves_the_line_and_gives_back_what_it_was_given() -> None:
    turns = Turns(1, {})
    await turns.take("first", "a")
    async with asyncio.TaskGroup() as tasks:
        tired = tasks.create_task(turns.take("tired", "a"))
        lucky = tasks.create_task(turns.take("lucky", "a"))
        await asyncio.sleep(0)
        tired.cancel()
        await asyncio.sleep(0)
        assert turns.ahead("lucky") == 0
        turns.give_back("a")
        lucky.cancel()  # it was given a turn, and has not heard of it

    await asyncio.wait_for(turns.take("last", "a"), 5)
