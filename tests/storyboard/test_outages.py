"""An outage of our own stores costs a job neither its result nor its time."""

import asyncio
import logging

import pytest

from storyloom.errors import NotFound, RateLimited, TimedOut, Unavailable
from storyloom.storyboard import outages
from storyloom.storyboard.deadline import Deadline
from storyloom.storyboard.outages import outlast


class Store:
    """Away for so many calls."""

    def __init__(self, away: int) -> None:
        self.away = away
        self.calls = 0

    async def get(self) -> str:
        self.calls += 1
        if self.calls <= self.away:
            raise Unavailable("The store is away.")
        return "kept"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(outages, "LONGEST_WAIT_S", 0.02)


async def test_a_store_that_is_there_is_asked_once() -> None:
    store = Store(away=0)

    assert await outlast(store.get) == "kept"
    assert store.calls == 1


async def test_a_store_that_is_away_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    store = Store(away=5)

    assert await outlast(store.get) == "kept"
    assert store.calls == 6
    assert caplog.text.count("a step waits for a store") == 1


async def test_what_is_no_outage_is_passed_on() -> None:
    async def gone() -> str:
        raise NotFound("It is gone.")

    with pytest.raises(NotFound):
        await outlast(gone)


async def test_the_time_of_an_outage_is_not_the_jobs() -> None:
    store = Store(away=25)  # about 0.5 s in all
    deadline = Deadline(0.3)

    first = await deadline.bound(lambda: outlast(store.get))()
    second = await deadline.bound(lambda: outlast(store.get))()

    assert (first, second) == ("kept", "kept")


async def test_a_store_that_hangs_is_not_the_jobs_affair_either() -> None:
    async def hanging() -> str:
        await asyncio.sleep(0.4)
        return "kept"

    assert await Deadline(0.3).bound(lambda: outlast(hanging))()


async def test_an_outage_after_the_last_step_is_waited_out_too() -> None:
    store = Store(away=3)
    deadline = Deadline(0.1)

    async def nothing() -> None:
        return None

    await deadline.bound(nothing)()

    assert await outlast(store.get) == "kept"


async def test_a_store_inside_a_store_stops_the_clock_once() -> None:
    store = Store(away=1)

    async def nested() -> str:
        return await outlast(store.get)

    assert await Deadline(0.1).bound(lambda: outlast(nested))()


async def test_a_store_is_not_believed_that_asks_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "LONGEST_ASKED_S", 0.01)
    asked: list[int] = []

    async def busy() -> str:
        asked.append(1)
        if len(asked) == 1:
            raise RateLimited("Too many requests.", retry_after_s=86400)
        return "kept"

    async with asyncio.timeout(10):
        assert await outlast(busy) == "kept"


async def test_work_that_is_slow_by_itself_is_not_excused() -> None:
    store = Store(away=1)

    async def slow() -> str:
        await outlast(store.get)
        await asyncio.sleep(30)
        return "never"

    with pytest.raises(TimedOut, match=r"Storyboard timeout after 0\.1 seconds"):
        await Deadline(0.1).bound(slow)()


async def test_a_store_that_asks_for_time_gets_it() -> None:
    clock = asyncio.get_running_loop().time
    asked: list[float] = []

    async def busy() -> str:
        asked.append(clock())
        if len(asked) == 1:
            raise RateLimited("Too many requests.", retry_after_s=0.1)
        return "kept"

    assert await outlast(busy) == "kept"
    assert asked[1] - asked[0] >= 0.1
