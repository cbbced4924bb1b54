"""What every ledger promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.sql import ledger as sql_ledger
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.errors import BudgetUsedUp
from storyloom.kit.ids import JobId, new_job_id
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import (
    CANCELLED,
    OK,
    OPEN,
    Account,
    Budget,
    Call,
    Ending,
    Entry,
    Spent,
    Usage,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKYO = timezone(timedelta(hours=9))
UNLIMITED = Budget()
HASH, OTHER_HASH = "a" * 64, "b" * 64


@asynccontextmanager
async def in_memory(_request: pytest.FixtureRequest) -> AsyncGenerator[Ledger]:
    yield MemoryLedger()


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[Ledger]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/ledger.sqlite") as database:
        yield SqlLedger(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[Ledger]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlLedger(database)


LEDGERS = {"memory": in_memory, "sqlite": in_sqlite, "postgres": in_postgres}


@pytest.fixture(params=LEDGERS)
async def ledger(request: pytest.FixtureRequest) -> AsyncGenerator[Ledger]:
    async with LEDGERS[request.param](request) as opened:
        yield opened


def call_of(
    *,
    org_id: str = "acme",
    job_id: JobId | None = None,
    input_hash: str = HASH,
    most: str | None = None,
) -> Call:
    return Call(
        account=Account(
            org_id=org_id, job_id=job_id, scope="storyboards", step="understand", fresh=True
        ),
        provider="google",
        model="gemini-3.8-flash",
        purpose="understand_code",
        prompt_version="3",
        input_hash=input_hash,
        size_bytes=3_000_000_000,
        destination="127.0.0.1",
        estimate_usd=None if most is None else Decimal(most),
    )


def ok(cost: str | None = None, **used: int) -> Ending:
    usd = None if cost is None else Decimal(cost)
    usage = Usage(cost_usd=usd, price_source="settings", **used)
    return Ending(outcome=OK, usage=usage, duration_ms=7, result={"headline": "Grüße 🚀"})


def failed(outcome: str = "timeout") -> Ending:
    return Ending(outcome=outcome, duration_ms=90_000)


async def enter(
    ledger: Ledger,
    call: Call,
    ending: Ending | None = None,
    *,
    at: datetime = NOON,
    budget: Budget = UNLIMITED,
    attempt: int = 1,
) -> str:
    entry_id = await ledger.open(call, attempt=attempt, at=at, budget=budget)
    if ending is not None:
        await ledger.close(entry_id, ending)
    return entry_id


def per_job(usd: str) -> Budget:
    return Budget(per_job_usd=Decimal(usd))


def per_day(usd: str) -> Budget:
    return Budget(per_org_day_usd=Decimal(usd))


async def test_a_call_is_open_until_its_end_is_written(ledger: Ledger) -> None:
    call = call_of(job_id=new_job_id(), most="0.0123456789")
    assert call.account.job_id is not None

    entry_id = await enter(ledger, call, attempt=2)

    (entry,) = await ledger.of_job(call.account.job_id)
    assert entry == Entry(id=entry_id, call=call, attempt=2, started_at=NOON)
    assert entry.outcome == OPEN


@pytest.mark.parametrize(
    "ending",
    [
        ok("0.007125", input_tokens=6000, output_tokens=700),
        ok("0.000000018750", input_tokens=5_000_000_000),
        ok("120"),
        ok(None, input_tokens=1),
        ok("0"),
        failed(),
        failed(CANCELLED),
        Ending(outcome=OK, duration_ms=1, result=["text", 1, 2.5, None, {"nested": {}}]),
    ],
)
async def test_an_end_comes_back_as_it_was_written(ledger: Ledger, ending: Ending) -> None:
    job_id = new_job_id()

    await enter(ledger, call_of(job_id=job_id), ending)

    (entry,) = await ledger.of_job(job_id)
    assert entry.ending == ending
    assert entry.outcome == ending.outcome


async def test_an_answer_with_characters_that_no_database_takes_is_kept(ledger: Ledger) -> None:
    ending = Ending(outcome=OK, duration_ms=1, result={"headline": "a\x00b\ud800c"})

    await enter(ledger, call_of(), ending)

    entry = await ledger.answered("acme", HASH)
    assert entry is not None
    assert isinstance(entry.ending, Ending)
    assert "c" in str(entry.ending.result)


async def test_an_answer_is_found_by_its_input(ledger: Ledger) -> None:
    call = call_of()
    entry_id = await enter(ledger, call, ok("0.1"))

    entry = await ledger.answered("acme", HASH)

    assert entry is not None
    assert (entry.id, entry.call, entry.ending) == (entry_id, call, ok("0.1"))
    assert await ledger.answered("acme", OTHER_HASH) is None


async def test_an_answer_belongs_to_its_organisation(ledger: Ledger) -> None:
    await enter(ledger, call_of(org_id="acme"), ok())

    assert await ledger.answered("other", HASH) is None


async def test_only_what_was_asked_is_an_answer(ledger: Ledger) -> None:
    await enter(ledger, call_of())
    await enter(ledger, call_of(), failed())

    assert await ledger.answered("acme", HASH) is None


async def test_the_newest_answer_counts(ledger: Ledger) -> None:
    await enter(ledger, call_of(), ok("0.2"), at=NOON)
    newest = await enter(ledger, call_of(), ok("0.3"), at=NOON + timedelta(hours=1))
    await enter(ledger, call_of(), ok("0.1"), at=NOON - timedelta(hours=1))
    await enter(ledger, call_of(), failed(), at=NOON + timedelta(hours=2))

    entry = await ledger.answered("acme", HASH)

    assert entry is not None
    assert entry.id == newest


async def test_the_calls_of_a_job_come_in_their_order(ledger: Ledger) -> None:
    job_id = new_job_id()
    third = await enter(ledger, call_of(job_id=job_id), at=NOON + timedelta(seconds=9))
    second = await enter(ledger, call_of(job_id=job_id), attempt=2)
    first = await enter(ledger, call_of(job_id=job_id), attempt=1)
    await enter(ledger, call_of(job_id=new_job_id()))
    await enter(ledger, call_of())

    assert [entry.id for entry in await ledger.of_job(job_id)] == [first, second, third]


async def test_the_end_of_a_call_that_was_forgotten_is_no_error(ledger: Ledger) -> None:
    entry_id = await enter(ledger, call_of())
    await ledger.forget(before=NOON + timedelta(days=1))

    await ledger.close(entry_id, ok())

    assert await ledger.answered("acme", HASH) is None


async def test_what_was_spent_is_added_up_exactly(ledger: Ledger) -> None:
    for _ in range(10):
        await enter(ledger, call_of(), ok("0.1", input_tokens=3, output_tokens=2))
    await enter(ledger, call_of(), ok(None, input_tokens=4))
    await enter(ledger, call_of(), failed())
    await enter(ledger, call_of(most="5"))
    await enter(ledger, call_of(org_id="other"), ok("7"))
    await enter(ledger, call_of(), ok("9"), at=NOON - timedelta(microseconds=1))

    assert await ledger.spent(since=NOON, org_id="acme") == Spent(
        cost_usd=Decimal(1), calls=13, unknown_calls=3, input_tokens=34, output_tokens=20
    )
    assert await ledger.spent(since=NOON, org_id="nobody") == Spent()


async def test_what_was_spent_is_told_day_by_day(ledger: Ledger) -> None:
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    await enter(ledger, call_of(), ok("9"), at=days[0] - timedelta(microseconds=1))
    await enter(ledger, call_of(), ok("0.1"), at=days[0])
    await enter(ledger, call_of(), ok("0.2"), at=days[1] - timedelta(microseconds=1))
    await enter(ledger, call_of(), ok(None), at=days[1].astimezone(TOKYO))
    await enter(ledger, call_of(), ok("0.4", input_tokens=3), at=days[3] + timedelta(days=30))
    await enter(ledger, call_of(org_id="other"), ok("7"), at=days[2])

    assert await ledger.spent_between(times=days, org_id="acme") == [
        Spent(cost_usd=Decimal("0.3"), calls=2),
        Spent(calls=1, unknown_calls=1),
        Spent(),
        Spent(cost_usd=Decimal("0.4"), calls=1, input_tokens=3),
    ]


async def test_a_job_may_spend_its_budget_to_the_last_cent(ledger: Ledger) -> None:
    job_id = new_job_id()
    budget = per_job("0.30")
    await enter(ledger, call_of(job_id=job_id, most="0.20"), ok("0.10"), budget=budget)
    await enter(ledger, call_of(job_id=job_id, most="0.20"), ok("0.20"), budget=budget)

    await enter(ledger, call_of(job_id=job_id, most="0"), ok("0"), budget=budget)
    with pytest.raises(BudgetUsedUp) as fault:
        await enter(ledger, call_of(job_id=job_id, most="0.0001"), budget=budget)

    assert fault.value.message == (
        "This job has spent $0.3000 of $0.3000, and asking google:gemini-3.8-flash may cost "
        "$0.0001, so it was not asked."
    )
    assert len(await ledger.of_job(job_id)) == 3


async def test_jobs_have_budgets_of_their_own(ledger: Ledger) -> None:
    budget = per_job("0.30")
    for job_id in (new_job_id(), new_job_id(), None, None):
        await enter(ledger, call_of(job_id=job_id, most="0.30"), ok("0.30"), budget=budget)


async def test_a_call_that_costs_more_than_the_whole_budget_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BudgetUsedUp):
        await enter(ledger, call_of(most="0.31"), budget=per_job("0.30"))


async def test_an_organisations_day_is_that_of_utc(ledger: Ledger) -> None:
    budget = per_day("1")
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    await enter(ledger, call_of(most="1"), ok("1"), at=midnight - timedelta(days=1), budget=budget)
    late = (midnight - timedelta(microseconds=1)).astimezone(TOKYO)

    with pytest.raises(BudgetUsedUp, match=r"Today the organisation has spent \$1.0000 of"):
        await enter(ledger, call_of(most="0.5"), at=late, budget=budget)
    await enter(ledger, call_of(most="0.5"), at=midnight.astimezone(TOKYO), budget=budget)
    await enter(ledger, call_of(org_id="other", most="1"), at=NOON, budget=budget)


async def test_open_calls_count_with_their_estimates(ledger: Ledger) -> None:
    job_id = new_job_id()
    await enter(ledger, call_of(job_id=job_id, most="0.20"))

    with pytest.raises(BudgetUsedUp, match=r"\$0.2000 of \$0.3000"):
        await enter(
            ledger,
            call_of(job_id=job_id, input_hash=OTHER_HASH, most="0.20"),
            budget=per_job("0.30"),
        )


async def test_an_unknown_cost_counts_with_its_estimate(ledger: Ledger) -> None:
    job_id = new_job_id()
    await enter(ledger, call_of(job_id=job_id, most="0.20"), failed())
    await enter(ledger, call_of(job_id=job_id, most=None), ok(None))

    with pytest.raises(BudgetUsedUp, match=r"\$0.2000 of \$0.3000"):
        await enter(ledger, call_of(job_id=job_id, most="0.20"), budget=per_job("0.30"))


@pytest.mark.parametrize("budget", [per_job("0.30"), per_day("0.30")])
async def test_what_is_made_anew_after_a_crash_counts_once(ledger: Ledger, budget: Budget) -> None:
    job_id = new_job_id()
    same = call_of(job_id=job_id, most="0.20")
    await enter(ledger, same, at=NOON)
    await enter(ledger, same, at=NOON + timedelta(seconds=1), budget=budget)
    await enter(ledger, same, ok("0.15"), at=NOON + timedelta(seconds=2), budget=budget)
    later = NOON + timedelta(seconds=3)
    other = call_of(job_id=job_id, input_hash=OTHER_HASH, most="0.15")

    await enter(ledger, other, ok("0.15"), at=later, budget=budget)
    with pytest.raises(BudgetUsedUp, match=r"\$0.3000 of \$0.3000"):
        await enter(ledger, other, at=later, budget=budget)


async def test_what_other_jobs_have_under_way_counts_for_the_day(ledger: Ledger) -> None:
    await enter(ledger, call_of(job_id=new_job_id(), most="0.20"))
    await enter(ledger, call_of(job_id=None, most="0.20"))

    with pytest.raises(BudgetUsedUp, match=r"\$0.4000 of \$0.5000"):
        await enter(ledger, call_of(job_id=new_job_id(), most="0.20"), budget=per_day("0.50"))


async def test_whoever_opens_at_the_same_time_keeps_within_the_budget(ledger: Ledger) -> None:
    budget = per_day("0.55")
    refused: list[BudgetUsedUp] = []

    async def open_one() -> None:
        try:
            await enter(ledger, call_of(job_id=new_job_id(), most="0.10"), budget=budget)
        except BudgetUsedUp as fault:
            refused.append(fault)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(open_one())

    assert len(refused) == 15
    assert (await ledger.spent(since=NOON, org_id="acme")).calls == 5


async def test_a_refusal_leaves_the_ledger_usable(ledger: Ledger) -> None:
    for _ in range(12):
        with pytest.raises(BudgetUsedUp):
            await enter(ledger, call_of(most="2"), budget=per_day("1"))

    await enter(ledger, call_of(most="1"), ok("1"), budget=per_day("1"))

    assert (await ledger.spent(since=NOON, org_id="acme")).calls == 1


async def test_old_calls_are_forgotten(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_ledger, "FORGET_AT_ONCE", 2)
    for hour in range(5):
        await enter(ledger, call_of(), ok(), at=NOON + timedelta(hours=hour))

    assert await ledger.forget(before=NOON + timedelta(hours=3)) == 3
    assert await ledger.forget(before=NOON + timedelta(hours=3)) == 0
    assert (await ledger.spent(since=NOON, org_id="acme")).calls == 2


async def test_it_answers(ledger: Ledger) -> None:
    await ledger.ping()
