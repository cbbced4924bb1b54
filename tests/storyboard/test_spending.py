"""What an organisation has spent, day by day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.kit.ids import new_job_id
from storyloom.outbound.schemas import OK, Account, Budget, Call, Ending, Usage
from storyloom.storyboard.spending import MAX_DAYS, spending

NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)


async def spend(ledger: MemoryLedger, usd: str | None, at: datetime, org_id: str = "acme") -> None:
    call = Call(
        account=Account(org_id=org_id, job_id=new_job_id()),
        provider="google",
        model="m",
        purpose="p",
        prompt_version="1",
        input_hash="0",
        size_bytes=1,
        destination="d",
    )
    cost = None if usd is None else Decimal(usd)
    entry = await ledger.open(call, attempt=1, at=at, budget=Budget())
    await ledger.close(
        entry, Ending(outcome=OK, usage=Usage(input_tokens=5, cost_usd=cost), duration_ms=1)
    )


async def test_each_day_is_told_the_newest_first() -> None:
    ledger = MemoryLedger()
    await spend(ledger, "0.5", NOW)
    await spend(ledger, "0.25", NOW - timedelta(days=2))
    await spend(ledger, "8", NOW - timedelta(days=3))
    await spend(ledger, "9", NOW, org_id="other")

    told = await spending(ledger, "acme", days=3, now=NOW)

    assert [(day.day, day.cost.usd) for day in told.days] == [
        (date(2026, 3, 3), Decimal("0.5")),
        (date(2026, 3, 2), Decimal(0)),
        (date(2026, 3, 1), Decimal("0.25")),
    ]
    assert (told.total.usd, told.total.calls, told.total.input_tokens) == (Decimal("0.75"), 2, 10)


async def test_an_unknown_price_makes_the_day_and_the_sum_unknown() -> None:
    ledger = MemoryLedger()
    await spend(ledger, None, NOW)
    await spend(ledger, "1", NOW - timedelta(days=1))

    told = await spending(ledger, "acme", days=2, now=NOW)

    assert [day.cost.usd for day in told.days] == [None, Decimal(1)]
    assert (told.total.usd, told.total.known_usd) == (None, Decimal(1))
    assert told.total.unknown_calls == 1


@pytest.mark.parametrize("days", [1, MAX_DAYS])
async def test_without_a_ledger_nothing_was_spent(days: int) -> None:
    told = await spending(None, "acme", days=days, now=NOW)

    assert (len(told.days), told.total.usd, told.total.calls) == (days, Decimal(0), 0)
