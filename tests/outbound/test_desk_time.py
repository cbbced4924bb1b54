"""The desk's patience with providers: one retry, one deadline, a rest after too many failures."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.errors import (
    BadAnswer,
    ContentBlocked,
    KeyRefused,
    ModelNotFound,
    Overloaded,
    QuotaUsedUp,
    RateLimited,
    Rejected,
    Resting,
    ServerFault,
    StoryloomError,
    TimedOut,
    Truncated,
    Unavailable,
    Unreachable,
)
from storyloom.kit.ids import new_job_id
from storyloom.outbound.policy import Policy
from storyloom.outbound.schemas import OK, Budget, Call, Paid
from tests.outbound.desks import USED, Bureau, Provider, Time

PASSING = [RateLimited, Overloaded, ServerFault, Unreachable]
LASTING = [
    ContentBlocked,
    KeyRefused,
    QuotaUsedUp,
    ModelNotFound,
    Rejected,
    BadAnswer,
    Truncated,
    TimedOut,
    Unavailable,
]


@pytest.mark.parametrize("kind", PASSING)
async def test_a_passing_fault_is_tried_once_more(kind: type[Unavailable]) -> None:
    bureau, provider = Bureau(), Provider(kind())

    paid = await bureau.ask(provider)

    assert paid.value == "answer 2"
    assert await bureau.outcomes() == [(1, kind.code), (2, OK)]
    (slept,) = bureau.time.slept
    assert 0.5 <= slept <= 1.5


@pytest.mark.parametrize("kind", PASSING)
async def test_and_only_once(kind: type[Unavailable]) -> None:
    last = kind("Still so.")
    bureau, provider = Bureau(), Provider(kind(), last, kind())

    with pytest.raises(kind) as raised:
        await bureau.ask(provider)

    assert raised.value is last
    assert await bureau.outcomes() == [(1, kind.code), (2, kind.code)]


@pytest.mark.parametrize("kind", LASTING)
async def test_other_faults_are_not_tried_again(kind: type[StoryloomError]) -> None:
    bureau, provider = Bureau(), Provider(kind())

    with pytest.raises(kind):
        await bureau.ask(provider)

    assert provider.calls == 1
    assert bureau.time.slept == []


@pytest.mark.parametrize("asked", [0.0, 12.5, 89.0])
async def test_the_wait_is_what_the_provider_asks_for(asked: float) -> None:
    bureau = Bureau()

    await bureau.ask(Provider(RateLimited(retry_after_s=asked)))

    assert bureau.time.slept == [asked]


async def test_a_wait_past_the_end_is_not_begun() -> None:
    fault = RateLimited("Later.", retry_after_s=90)
    bureau, provider = Bureau(), Provider(fault)

    with pytest.raises(RateLimited, match="Later") as raised:
        await bureau.ask(provider)

    assert raised.value is fault
    assert (provider.calls, bureau.time.slept) == (1, [])


async def hang() -> Paid[str]:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_call_that_hangs_ends_as_the_document_says() -> None:
    bureau = Bureau(policy=Policy(timeout_s=0.01))

    with pytest.raises(TimedOut, match=r"^Gemini API timeout after 0\.01 seconds$") as fault:
        await bureau.ask(hang)

    assert fault.value.system == "google"
    assert await bureau.outcomes() == [(1, "timeout")]


def test_the_documented_sentence_is_that_of_ninety_seconds() -> None:
    assert f"{Policy().timeout_s:g}" == "90"


async def test_the_retry_has_what_is_left_of_the_time() -> None:
    bureau = Bureau(policy=Policy(timeout_s=30))

    async def slow() -> Paid[str]:
        if not bureau.time.slept:
            # All but a moment of the time goes by.
            bureau.time.now += 29.94
            raise ServerFault(retry_after_s=0.05)
        return await hang()

    with pytest.raises(TimedOut, match="after 30 seconds"):
        await bureau.ask(slow)

    assert await bureau.outcomes() == [(1, "server_error"), (2, "timeout")]


class Slow(MemoryLedger):
    """Was away for two minutes."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    async def open(self, call: Call, *, attempt: int, at: datetime, budget: Budget) -> str:
        self._time.now += 120
        return await super().open(call, attempt=attempt, at=at, budget=budget)


async def test_an_outage_of_the_ledger_is_not_the_providers_time() -> None:
    time = Time()
    bureau = Bureau(ledger=Slow(time), time=time)

    async def work() -> Paid[str]:
        await asyncio.sleep(0)
        return Paid("answer", USED)

    assert (await bureau.ask(work)).value == "answer"


def failing(kind: Callable[[], Unavailable], times: int) -> list[Exception]:
    return [kind() for _ in range(times)]


@pytest.mark.parametrize("kind", [Overloaded, ServerFault, Unreachable])
async def test_after_five_failures_in_a_row_the_provider_rests(
    kind: type[Unavailable],
) -> None:
    bureau, provider = Bureau(), Provider(*failing(kind, 5))
    for _ in range(2):
        with pytest.raises(kind):
            await bureau.ask(provider)

    # The fifth failure is told as it is, and not as a rest: it is not even tried again.
    with pytest.raises(kind):
        await bureau.ask(provider)
    with pytest.raises(Resting, match="Gemini failed 5 times") as fault:
        await bureau.ask(provider)

    assert fault.value.retry_after_s == pytest.approx(30)
    assert provider.calls == 5
    assert len(await bureau.entries()) == 5


async def test_timeouts_count_as_failures() -> None:
    bureau = Bureau(policy=Policy(timeout_s=0))
    for _ in range(5):
        with pytest.raises(TimedOut):
            await bureau.ask(hang)

    with pytest.raises(Resting):
        await bureau.ask(hang)


async def test_a_provider_that_says_no_is_well() -> None:
    bureau = Bureau()
    provider = Provider(*failing(Unreachable, 4), KeyRefused(), *failing(Unreachable, 4))
    for kind in (Unreachable, Unreachable, KeyRefused, Unreachable, Unreachable):
        with pytest.raises(kind):
            await bureau.ask(provider)

    assert (await bureau.ask(provider)).value == "answer 10"


async def test_other_providers_go_on() -> None:
    bureau = Bureau(policy=Policy(timeout_s=0))
    for _ in range(5):
        with pytest.raises(TimedOut):
            await bureau.ask(hang)

    paid = await bureau.ask(Provider(), bureau.call_of(provider="openai"))

    assert paid.value == "answer 1"


async def test_after_the_rest_one_call_decides() -> None:
    bureau, provider = Bureau(), Provider(*failing(Overloaded, 6))
    for _ in range(3):
        with pytest.raises(Overloaded):
            await bureau.ask(provider)
    bureau.time.now += 30

    with pytest.raises(Overloaded):
        await bureau.ask(provider)
    with pytest.raises(Resting):
        await bureau.ask(provider)
    bureau.time.now += 30

    assert (await bureau.ask(provider)).value == "answer 7"
    assert provider.calls == 7


async def test_an_older_call_that_is_given_up_lets_no_second_trial_through() -> None:
    bureau, provider = Bureau(), Provider(*failing(Overloaded, 5))

    def another() -> Call:
        return bureau.call_of(fresh=True, job_id=new_job_id())

    async with asyncio.TaskGroup() as tasks:
        older = tasks.create_task(bureau.ask(hang, another()))
        await asyncio.sleep(0)
        for _ in range(3):
            with pytest.raises(Overloaded):
                await bureau.ask(provider)
        bureau.time.now += 30
        trial = tasks.create_task(bureau.ask(hang, another()))
        await asyncio.sleep(0)

        older.cancel()
        await asyncio.wait([older])

        with pytest.raises(Resting):
            await bureau.ask(provider)
        trial.cancel()


async def test_a_rest_that_begins_during_the_wait_for_a_place_is_kept() -> None:
    bureau = Bureau(policy=Policy(concurrency=1))
    go_on = asyncio.Event()
    provider = Provider()

    async def fail() -> Paid[str]:
        await go_on.wait()
        raise TimedOut

    async def expect(kind: type[StoryloomError], work: Callable[[], Awaitable[Paid[str]]]) -> None:
        with pytest.raises(kind):
            await bureau.ask(work, bureau.call_of(fresh=True, job_id=new_job_id()))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(expect(TimedOut, fail))
        last = tasks.create_task(expect(Resting, provider))
        await asyncio.sleep(0)
        go_on.set()

    assert last.done()
    assert provider.calls == 0
