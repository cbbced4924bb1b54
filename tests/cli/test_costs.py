"""`costs`, in the ledger and over HTTP."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.bootstrap.database import database_file
from storyloom.kit.clock import SystemClock
from storyloom.outbound.schemas import OK, Account, Budget, Call, Ending, Usage
from tests.cli.conftest import Run, json_of
from tests.servers import running

FIRST = Usage(input_tokens=1200, output_tokens=30, cost_usd=Decimal("0.07"), price_source="x")


async def _fill(folder: Path, *usages: Usage) -> None:
    async with open_database(f"sqlite+aiosqlite:///{database_file(folder)}") as database:
        ledger = SqlLedger(database)
        for usage in usages:
            call = Call(
                account=Account(org_id="acme"),
                provider="google",
                model="gemini-3.8-flash",
                purpose="understand_code",
                prompt_version="1",
                input_hash="0" * 64,
                size_bytes=1,
                destination="127.0.0.1",
            )
            entry = await ledger.open(call, attempt=1, at=SystemClock().now(), budget=Budget())
            await ledger.close(entry, Ending(outcome=OK, usage=usage, duration_ms=1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    asyncio.run(_fill(tmp_path / "data", FIRST, FIRST))
    return tmp_path / "data"


@pytest.mark.usefixtures("folder")
def test_people_see_days_with_calls_and_all(run: Run) -> None:
    result = run("costs", "--org", "acme")

    rows = [line.split() for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [row[1:] for row in rows if row[1:2] == ["0.1400"]] == [
        ["0.1400", "2", "2,400", "60"]
    ] * 2


def test_what_is_not_known_is_not_called_nothing(run: Run, folder: Path) -> None:
    asyncio.run(_fill(folder, Usage(input_tokens=1, output_tokens=1)))

    people, programs = run("costs", "--org", "acme"), run("costs", "--org", "acme", "--json")

    assert "at least 0.1400" in people.stdout
    total = json_of(programs)["total"]
    assert (total["usd"], total["known_usd"], total["unknown_calls"]) == (None, "0.14", 1)


@pytest.mark.usefixtures("folder")
def test_others_have_spent_nothing(run: Run) -> None:
    told = json_of(run("costs", "--days", "3", "--json"))

    assert told["org_id"] == "default"
    assert told["total"]["calls"] == 0
    assert [day["cost"]["usd"] for day in told["days"]] == ["0"] * 3


def test_there_is_nothing_yet(run: Run) -> None:
    result = run("costs")

    assert result.exit_code == 8
    assert "no jobs yet" in result.stderr


def test_a_server_tells_the_same(run: Run, folder: Path) -> None:
    here = json_of(run("costs", "--org", "acme", "--json"))
    with running(folder) as server:
        there = run("costs", "--server", server.url, "--org", "acme", "--json")
        wrong = run("costs", "--server", server.url, "--days", "91")

    assert json_of(there) == here
    assert wrong.exit_code == 2
