"""A ledger whose database is away or lacks its table says so, in our words."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.errors import Unavailable
from storyloom.kit.ids import new_job_id
from storyloom.outbound.schemas import OK, Account, Budget, Call, Ending
from tests.databases import free_port

AT = datetime(2026, 1, 1, tzinfo=UTC)
CALL = Call(
    account=Account(org_id="acme", job_id=new_job_id()),
    provider="google",
    model="gemini-3.8-flash",
    purpose="understand_code",
    prompt_version="1",
    input_hash="0" * 64,
    size_bytes=10,
    destination="127.0.0.1",
)
ASKED: dict[str, Callable[[SqlLedger], Awaitable[object]]] = {
    "open": lambda ledger: ledger.open(CALL, attempt=1, at=AT, budget=Budget()),
    "open within a budget": lambda ledger: ledger.open(
        CALL, attempt=1, at=AT, budget=Budget(per_job_usd=Decimal(1))
    ),
    "close": lambda ledger: ledger.close(new_job_id(), Ending(outcome=OK, duration_ms=1)),
    "answered": lambda ledger: ledger.answered("acme", "0" * 64),
    "of_job": lambda ledger: ledger.of_job(new_job_id()),
    "spent": lambda ledger: ledger.spent(since=AT, org_id="acme"),
    "forget": lambda ledger: ledger.forget(before=AT),
    "ping": lambda ledger: ledger.ping(),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
async def test_a_database_that_is_away(ask: Callable[[SqlLedger], Awaitable[object]]) -> None:
    async with open_database(f"postgresql://me@127.0.0.1:{free_port()}/jobs") as database:
        with pytest.raises(Unavailable):
            await ask(SqlLedger(database))


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
async def test_a_database_that_is_behind(
    postgres_url: str, ask: Callable[[SqlLedger], Awaitable[object]]
) -> None:
    async with open_database(postgres_url) as database:
        ledger = SqlLedger(database)
        # More often than there are connections: none may be lost.
        for _ in range(12):
            with pytest.raises(Unavailable, match="storyloom migrate"):
                await ask(ledger)
