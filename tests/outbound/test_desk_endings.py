"""Every entry gets its end, and a paid answer is never given up for one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import pytest
from pydantic import JsonValue

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.errors import InvalidInput, KeyRefused, TimedOut, Unavailable
from storyloom.outbound import desk as desks
from storyloom.outbound.policy import Policy
from storyloom.outbound.schemas import (
    CANCELLED,
    FREE,
    OK,
    OPEN,
    UNBILLED,
    Budget,
    Call,
    Ending,
    Paid,
)
from tests.outbound.desks import USED, Bureau, Notes, Provider

T = TypeVar("T")


class Ailing(MemoryLedger):
    """Fails to write ends so many times, or hangs in them until it is let go."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.failures = failures
        self.closing = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def close(self, entry_id: str, ending: Ending) -> None:
        self.closing.set()
        await self.go_on.wait()
        if self.failures:
            self.failures -= 1
            raise Unavailable("The ledger is away.")
        await super().close(entry_id, ending)


async def patient(call: Callable[[], Awaitable[T]], /) -> T:
    while True:
        try:
            return await call()
        except Unavailable:
            await asyncio.sleep(0)


async def test_a_call_that_is_cancelled_is_closed_as_such() -> None:
    bureau = Bureau()
    begun = asyncio.Event()

    async def hang() -> Paid[str]:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(bureau.ask(hang))
        await begun.wait()
        task.cancel()

    assert task.cancelled()
    assert await bureau.outcomes() == [(1, CANCELLED)]


class Slow(MemoryLedger):
    """Answers late that an entry is open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()
        self.go_on = asyncio.Event()

    async def open(self, call: Call, *, attempt: int, at: datetime, budget: Budget) -> str:
        entry_id = await super().open(call, attempt=attempt, at=at, budget=budget)
        self.opened.set()
        await self.go_on.wait()
        return entry_id


async def test_an_entry_whose_call_is_given_up_before_it_is_sent_is_closed_and_costs_nothing() -> (
    None
):
    ledger = Slow()
    bureau, provider = Bureau(ledger=ledger), Provider()

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(bureau.ask(provider))
        await ledger.opened.wait()
        task.cancel()
        await asyncio.sleep(0)
        ledger.go_on.set()

    assert task.cancelled()
    (entry,) = await bureau.entries()
    assert entry.ending is not None
    assert (entry.outcome, entry.ending.usage) == (CANCELLED, UNBILLED)
    assert provider.calls == 0


async def test_a_ledger_that_hangs_when_an_entry_is_opened_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desks, "KEEP_WITHIN_S", 0.01)

    with pytest.raises(TimedOut, match="beginning"):
        await Bureau(ledger=Slow()).ask(Provider())


async def test_a_cancellation_during_the_close_of_a_paid_call_loses_nothing() -> None:
    ledger = Ailing()
    ledger.go_on.clear()
    bureau, provider = Bureau(ledger=ledger), Provider()

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(bureau.ask(provider))
        await ledger.closing.wait()
        task.cancel()
        await asyncio.sleep(0)
        ledger.go_on.set()

    assert task.cancelled()
    assert await bureau.outcomes() == [(1, OK)]
    assert await bureau.ask(provider) == Paid("answer 1", FREE)
    assert provider.calls == 1


async def test_a_cancellation_during_the_close_of_a_failed_call_waits_too() -> None:
    ledger = Ailing()
    ledger.go_on.clear()
    bureau = Bureau(ledger=ledger)

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(bureau.ask(Provider(KeyRefused())))
        await ledger.closing.wait()
        task.cancel()
        await asyncio.sleep(0)
        ledger.go_on.set()

    assert task.cancelled()
    assert await bureau.outcomes() == [(1, "auth")]


async def test_a_killed_call_stays_open_and_is_made_anew() -> None:
    bureau, provider = Bureau(), Provider()
    await bureau.ledger.open(
        bureau.call_of(), attempt=1, at=bureau.clock.now(), budget=Policy().budget
    )

    assert (await bureau.ask(provider)).value == "answer 1"
    assert await bureau.outcomes() == [(1, OPEN), (1, OK)]


async def test_an_answer_is_given_though_the_ledger_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bureau = Bureau(ledger=Ailing(failures=1))

    paid = await bureau.ask(Provider())

    assert paid == Paid("answer 1", USED)
    assert await bureau.outcomes() == [(1, OPEN)]
    assert [record.message for record in caplog.records] == ["a paid call is open"]


async def test_with_patience_the_end_is_written_when_the_ledger_is_back() -> None:
    bureau = Bureau(ledger=Ailing(failures=3), policy=Policy(patience=patient))

    await bureau.ask(Provider())

    assert await bureau.outcomes() == [(1, OK)]


async def test_a_ledger_that_hangs_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "KEEP_WITHIN_S", 0.01)
    ledger = Ailing()
    ledger.go_on.clear()
    told: list[str] = []

    async def second_time_lucky(call: Callable[[], Awaitable[T]], /) -> T:
        try:
            return await call()
        except Unavailable as fault:
            told.append(fault.message)
            ledger.go_on.set()
            return await call()

    bureau = Bureau(ledger=ledger, policy=Policy(patience=second_time_lucky))

    await bureau.ask(Provider())

    assert told == ["The end of a call could not be written in time."]
    assert await bureau.outcomes() == [(1, OK)]


async def test_the_fault_of_a_call_is_told_though_the_ledger_is_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bureau = Bureau(ledger=Ailing(failures=1))

    with pytest.raises(KeyRefused):
        await bureau.ask(Provider(KeyRefused()))

    assert await bureau.outcomes() == [(1, OPEN)]
    assert [record.message for record in caplog.records] == ["a failed call is open"]


async def test_the_fault_of_a_call_is_told_though_the_ledger_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desks, "CLOSE_WITHIN_S", 0.01)
    ledger = Ailing()
    ledger.go_on.clear()

    with pytest.raises(KeyRefused):
        await Bureau(ledger=ledger).ask(Provider(KeyRefused()))


class Forgetful(Notes):
    """Cannot keep anything."""

    async def keep(self, value: str) -> JsonValue:
        raise InvalidInput("It does not fit.")


async def test_an_answer_that_cannot_be_kept_is_given_and_paid(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bureau, provider = Bureau(notes=Forgetful()), Provider()

    assert (await bureau.ask(provider)).value == "answer 1"
    assert await bureau.outcomes() == [(1, OK)]
    assert (await bureau.ask(provider)).value == "answer 2"
    assert caplog.records[0].message == "an answer cannot be kept"


class Homeless(Notes):
    """Its store is away for a while."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures = failures

    async def keep(self, value: str) -> JsonValue:
        if self.failures:
            self.failures -= 1
            raise Unavailable("The image store is away.")
        return await super().keep(value)


async def test_with_patience_the_store_of_answers_is_waited_for() -> None:
    bureau = Bureau(notes=Homeless(2), policy=Policy(patience=patient))
    provider = Provider()
    await bureau.ask(provider)

    assert await bureau.ask(provider) == Paid("answer 1", FREE)
