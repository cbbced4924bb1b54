"""The desk: what was paid is used again, what is not is written down, and nothing beyond the budget."""

import asyncio
from decimal import Decimal

import pytest

from storyloom.errors import (
    BadAnswer,
    BudgetUsedUp,
    Busy,
    ContentBlocked,
    Misconfigured,
    Overloaded,
    StoryloomError,
    Unreachable,
)
from storyloom.kit.ids import new_job_id
from storyloom.outbound.policy import Policy
from storyloom.outbound.schemas import FREE, OK, UNBILLED, Budget, Paid, Usage
from tests.outbound.desks import USED, Bureau, Prices, Provider

BUDGET = Policy(budget=Budget(per_job_usd=Decimal(3)))
PRICED = Usage(
    input_tokens=100, output_tokens=10, cost_usd=Decimal("1.1"), price_source="google:gemini"
)


async def test_an_answer_is_priced_and_written_down() -> None:
    bureau = Bureau()

    paid = await bureau.ask(Provider())

    assert paid == Paid("answer 1", PRICED)
    (entry,) = await bureau.entries()
    assert entry.ending is not None
    assert (entry.attempt, entry.call) == (1, bureau.call_of())
    assert (entry.outcome, entry.ending.usage, entry.ending.result) == (OK, PRICED, "answer 1")


async def test_a_price_that_the_provider_tells_is_taken() -> None:
    bureau = Bureau()
    told = USED.model_copy(update={"cost_usd": Decimal(7), "price_source": "provider"})

    async def work() -> Paid[str]:
        return Paid("answer", told)

    assert await bureau.ask(work) == Paid("answer", told)
    assert bureau.prices.asked == 0


async def test_an_unknown_price_stays_unknown() -> None:
    bureau = Bureau(prices=Prices(known=False))

    assert (await bureau.ask(Provider())).usage == USED


async def test_an_equal_call_of_another_job_is_free() -> None:
    bureau, provider = Bureau(), Provider()
    await bureau.ask(provider)

    paid = await bureau.ask(provider, bureau.call_of(job_id=new_job_id()))

    assert paid == Paid("answer 1", FREE)
    assert provider.calls == 1


async def test_equal_calls_at_the_same_time_are_paid_once() -> None:
    bureau, provider = Bureau(), Provider(Overloaded(retry_after_s=0))

    async with asyncio.TaskGroup() as tasks:
        asked = [
            tasks.create_task(bureau.ask(provider, bureau.call_of(job_id=new_job_id())))
            for _ in range(10)
        ]

    assert [task.result() for task in asked] == [
        Paid("answer 2", PRICED),
        *[Paid("answer 2", FREE)] * 9,
    ]
    assert provider.calls == 2
    assert len(bureau.desk._turns._locks) == 0


async def test_when_the_first_of_equal_calls_fails_the_next_is_made() -> None:
    bureau, provider = Bureau(), Provider(ContentBlocked())
    ends: list[str] = []

    async def ask() -> None:
        try:
            ends.append((await bureau.ask(provider)).value)
        except ContentBlocked as fault:
            ends.append(fault.code)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(ask())

    assert ends == ["blocked", "answer 2", "answer 2"]
    assert provider.calls == 2


async def test_an_answer_that_has_gone_is_asked_for_anew() -> None:
    bureau, provider = Bureau(), Provider()
    await bureau.ask(provider)
    bureau.notes.lost = True

    assert (await bureau.ask(provider)).value == "answer 2"


async def test_fresh_calls_do_not_use_answers_of_other_jobs() -> None:
    bureau, provider = Bureau(), Provider()
    await bureau.ask(provider, bureau.call_of(job_id=new_job_id()))

    paid = await bureau.ask(provider, bureau.call_of(fresh=True))

    assert paid.value == "answer 2"


async def test_a_fresh_job_that_crashed_uses_its_own_answers() -> None:
    bureau, provider = Bureau(), Provider(Overloaded(retry_after_s=0))
    await bureau.ask(provider, bureau.call_of(fresh=True))
    await bureau.ask(provider, bureau.call_of(fresh=True, job_id=new_job_id()))

    paid = await bureau.ask(provider, bureau.call_of(fresh=True))

    assert paid == Paid("answer 2", FREE)
    assert provider.calls == 3


async def test_fresh_calls_outside_of_jobs_are_always_made() -> None:
    bureau, provider = Bureau(), Provider()
    call = bureau.call_of(fresh=True)
    call = call.model_copy(update={"account": call.account.model_copy(update={"job_id": None})})
    await bureau.ask(provider, call)

    assert (await bureau.ask(provider, call)).value == "answer 2"


async def test_what_breaks_the_budget_is_not_sent() -> None:
    bureau, provider = Bureau(policy=BUDGET), Provider()
    await bureau.ask(provider, most=Usage(input_tokens=200))
    other = bureau.call_of().model_copy(update={"input_hash": "1" * 64})

    with pytest.raises(BudgetUsedUp, match=r"has spent \$1.1000 of \$3.0000"):
        await bureau.ask(provider, other, most=Usage(input_tokens=200))

    assert provider.calls == 1
    assert await bureau.outcomes() == [(1, OK)]


async def test_an_unknown_price_breaks_every_budget() -> None:
    bureau, provider = Bureau(policy=BUDGET, prices=Prices(known=False)), Provider()

    with pytest.raises(BudgetUsedUp, match=r"price of google:gemini is unknown, .*_MODEL_PRICES"):
        await bureau.ask(provider, most=USED)

    assert provider.calls == 0
    assert await bureau.entries() == []


async def test_what_is_there_already_needs_no_budget() -> None:
    bureau, provider = Bureau(policy=BUDGET), Provider()
    await bureau.ask(provider, most=Usage(input_tokens=300))
    bureau.prices.known = False

    assert (await bureau.ask(provider, most=USED)).usage == FREE


async def test_an_estimate_of_the_caller_is_taken() -> None:
    bureau = Bureau(policy=BUDGET)
    call = bureau.call_of().model_copy(update={"estimate_usd": Decimal(4)})

    with pytest.raises(BudgetUsedUp, match=r"may cost \$4.0000"):
        await bureau.ask(Provider(), call, most=USED)


@pytest.mark.parametrize(
    ("fault", "usage"),
    [
        (ContentBlocked(), Usage()),
        (BadAnswer(), Usage()),
        (StoryloomError("What is this?"), Usage()),
    ],
)
async def test_a_failure_is_written_down_by_its_code(fault: StoryloomError, usage: Usage) -> None:
    bureau, provider = Bureau(), Provider(fault)

    with pytest.raises(type(fault)) as raised:
        await bureau.ask(provider)

    assert raised.value is fault
    (entry,) = await bureau.entries()
    assert entry.ending is not None
    assert (entry.outcome, entry.ending.usage) == (fault.code, usage)
    assert provider.calls == 1


async def test_an_answer_of_no_use_costs_what_it_used() -> None:
    bureau, fault = Bureau(), BadAnswer("It has no headline.")
    fault.tokens = (100, 10)

    with pytest.raises(BadAnswer):
        await bureau.ask(Provider(fault))

    (entry,) = await bureau.entries()
    assert entry.ending is not None
    assert entry.ending.usage == PRICED


async def test_a_bug_is_written_down_too() -> None:
    bureau = Bureau()

    with pytest.raises(LookupError):
        await bureau.ask(Provider(LookupError()))

    assert await bureau.outcomes() == [(1, "internal")]


async def test_what_the_provider_turned_away_costs_nothing() -> None:
    bureau = Bureau()

    await bureau.ask(Provider(Overloaded(retry_after_s=0)))

    first, second = await bureau.entries()
    assert first.ending is not None
    assert second.ending is not None
    assert (first.ending.usage, second.ending.usage) == (UNBILLED, PRICED)


def unsent() -> Unreachable:
    fault = Unreachable()
    fault.was_sent = False
    return fault


@pytest.mark.parametrize("fault", [unsent(), Misconfigured("The key is missing.")])
async def test_what_was_never_sent_costs_nothing(fault: StoryloomError) -> None:
    bureau = Bureau()

    with pytest.raises(type(fault)):
        await bureau.ask(Provider(fault, fault))

    endings = [entry.ending for entry in await bureau.entries()]
    assert [ending.usage for ending in endings if ending] == [UNBILLED] * len(endings)


async def test_the_wait_for_a_place_is_not_the_providers_time() -> None:
    bureau = Bureau(policy=Policy(concurrency=1))
    go_on = asyncio.Event()

    async def hold() -> Paid[str]:
        await go_on.wait()
        bureau.time.now += 80
        return Paid("first", USED)

    # Thirty seconds and a pause would be too much for what was left of the ninety.
    async def late() -> Paid[str]:
        bureau.time.now += 30
        return await provider()

    provider = Provider(Overloaded(retry_after_s=1))
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(bureau.ask(hold))
        other = bureau.call_of(fresh=True, job_id=new_job_id())
        second = tasks.create_task(bureau.ask(late, other))
        await asyncio.sleep(0)
        go_on.set()

    assert second.result().value == "answer 2"


class Crowd:
    """Counts how many are inside at the same time."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.go_on = asyncio.Event()

    async def __call__(self) -> Paid[str]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.go_on.wait()
        self.inside -= 1
        return Paid("answer", USED)


async def test_a_provider_gets_so_many_calls_at_once_and_no_more() -> None:
    bureau = Bureau(policy=Policy(concurrency=3))
    crowd, elsewhere = Crowd(), Crowd()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(9):
            tasks.create_task(bureau.ask(crowd, bureau.call_of(fresh=True, job_id=new_job_id())))
        other = bureau.call_of(fresh=True, provider="openai")
        tasks.create_task(bureau.ask(elsewhere, other))
        while elsewhere.inside < 1 or crowd.inside < 3:  # noqa: ASYNC110 - others open their doors
            await asyncio.sleep(0)
        crowd.go_on.set()
        elsewhere.go_on.set()

    assert (crowd.most, elsewhere.most) == (3, 1)


async def test_who_gets_no_place_in_time_sends_nothing() -> None:
    bureau, provider = Bureau(policy=Policy(concurrency=1, timeout_s=0.01)), Provider()
    await bureau.desk._places["google"].acquire()

    with pytest.raises(Busy, match=r"All 1 places for calls to Gemini were taken for 0\.01 sec"):
        await bureau.ask(provider)

    assert provider.calls == 0
    assert await bureau.entries() == []
