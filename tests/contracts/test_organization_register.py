"""What everything that knows organisations promises."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from storyloom.access.schemas import Scope, StoredKey
from storyloom.adapters.sql._tables import presets, sessions
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.adapters.supabase.job_archive import SupabaseJobArchive
from storyloom.kit.ids import new_job_id
from tests.contracts.test_work_figures import (
    BOTH,
    MONDAY,
    PLACES,
    TUESDAY,
    WEDNESDAY,
    Kept,
    noon,
)


@pytest.fixture(params=PLACES)
async def kept(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    async with PLACES[request.param](request) as opened:
        yield opened


async def test_where_nothing_is_nobody_is_known(kept: Kept) -> None:
    assert set(await kept.organizations.names()) == set()
    assert (await kept.organizations.tell([], BOTH, noon(MONDAY))).jobs == {}


async def test_they_are_known_by_all_that_is_kept_of_them(kept: Kept) -> None:
    for org_id in ("beta", "Acme", "beta"):
        await kept.made(noon(MONDAY), org_id)
    await kept.run(noon(MONDAY), org_id="runs & more")
    await kept.call(noon(MONDAY), "small", "1", new_job_id(), org_id="callers")
    key = StoredKey(
        id="k", digest="0", name="k", org_id="keys", scopes=(Scope.GPU,), created_at=noon(MONDAY)
    )
    await SqlKeyStore(kept.database).add(key)
    saved = {"timestamp": 1, "body": "{}", "version": "0", "updated_at": noon(MONDAY)}
    async with kept.database.begin() as connection:
        await connection.execute(sa.insert(presets), {"org_id": "brands", "key": "k", "body": "{}"})
        await connection.execute(sa.insert(sessions), {"org_id": "stories", **saved})

    names = await kept.organizations.names()

    expected = {"beta", "Acme", "runs & more", "callers", "keys", "brands", "stories"}
    assert set(names) == expected
    assert len(names) == len(expected)


async def test_work_and_spending_are_told_as_far_as_the_scopes_reach(kept: Kept) -> None:
    await kept.made(noon(MONDAY))
    await kept.made(noon(TUESDAY))
    run = await kept.run(noon(WEDNESDAY))
    await kept.made(noon(WEDNESDAY), "beta")
    for at, usd, scope in [
        (noon(MONDAY) - timedelta(days=1), "100", Scope.STORIES),
        (noon(MONDAY), "0.5", Scope.STORIES),
        (noon(MONDAY), "0.25", Scope.STORYBOARDS),
    ]:
        await kept.call(at, "small", usd, run.id, scope=scope)

    async def told(*scopes: Scope) -> Sequence[object]:
        found = await kept.organizations.tell(["acme"], scopes, noon(MONDAY))
        spent = found.spent["acme"].cost_usd if "acme" in found.spent else None
        return [found.jobs.get("acme", 0), spent]

    assert await told(*BOTH) == [3, Decimal("0.75")]
    assert await told(Scope.STORYBOARDS) == [2, Decimal("0.25")]
    assert await told(Scope.STORIES) == [1, Decimal("0.5")]
    assert await told() == [0, None]
    several = await kept.organizations.tell(["acme", "beta", "nobody"], BOTH, noon(MONDAY))
    assert {name: several.jobs.get(name, 0) for name in ("acme", "beta", "nobody")} == {
        "acme": 3,
        "beta": 1,
        "nobody": 0,
    }


async def test_the_last_work_is_told_or_it_is_said_that_it_is_not(kept: Kept) -> None:
    await kept.run(noon(MONDAY))
    await kept.made(noon(TUESDAY))

    runs = await kept.organizations.tell(["acme"], {Scope.STORIES}, noon(MONDAY))
    boards = await kept.organizations.tell(["acme"], {Scope.STORYBOARDS}, noon(MONDAY))

    counts_alone = isinstance(kept.archive, SupabaseJobArchive)
    assert (runs.last_work_at, list(runs.missing)) == ({"acme": noon(MONDAY)}, [])
    assert boards.last_work_at == ({} if counts_alone else {"acme": noon(TUESDAY)})
    assert len(boards.missing) == counts_alone
