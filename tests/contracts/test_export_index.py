"""What every store of runs promises to those who list exports."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any, Protocol

import pytest

from storyloom.automation.runs.exported import Export
from storyloom.automation.runs.naming import export_job
from storyloom.automation.runs.ports import ExportIndex, RunHistory, RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.boards.export.schemas import ExportKind, ExportOptions
from storyloom.jobs.schemas import JobStatus, Place, Sought
from storyloom.kit.ids import JobId, new_job_id
from tests.contracts.test_run_store import NOON, STORES, ended, run_of


class Store(RunStore, ExportIndex, RunHistory, Protocol):
    """The sides of one store."""


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    async with STORES[request.param](request) as opened:
        yield opened


def export_of(run: Run, number: int, minute: int, **fields: Any) -> Export:
    return Export(
        name=f"{number}.edl",
        kind=ExportKind.EDL,
        options=ExportOptions(),
        job=export_job(run.id, number),
        asked_at=NOON + timedelta(minutes=minute),
        **fields,
    )


async def kept(store: Store, run: Run, *exports: Export) -> list[str]:
    """A run with these exports; their names in the order in which lists have them."""
    await store.add(run)
    await store.change(run.id, lambda found: found.model_copy(update={"exports": exports}))
    return [f"{run.id}/{one.name}" for one in sorted(exports, key=lambda one: -one.asked_at.minute)]


async def found(store: Store, org_id: str = "acme", limit: int = 9, **sought: Any) -> list[str]:
    page = await store.seek_exports(org_id, Sought(**sought), limit=limit)
    return [f"{one.run_id}/{one.export.name}" for one in page]


async def test_pages_of_exports_follow_one_another_across_runs(store: Store) -> None:
    first, second, foreign = run_of(), run_of(minutes=1), run_of("beta")
    await kept(store, first, export_of(first, 1, 5), export_of(first, 2, 2))
    await kept(store, second, export_of(second, 1, 4), export_of(second, 2, 4))
    await kept(store, foreign, export_of(foreign, 1, 3))

    seen: list[JobId] = []
    times: list[int] = []
    after: Place | None = None
    while page := await store.seek_exports("acme", Sought(after=after), limit=1):
        seen += [one.id for one in page]
        times += [one.export.asked_at.minute for one in page]
        after = Place(page[-1].export.asked_at, page[-1].id)

    assert times == [5, 4, 4, 2]
    assert len(set(seen)) == 4
    assert seen[1] > seen[2]


async def test_a_page_of_exports_is_of_what_is_sought(store: Store) -> None:
    run = run_of()
    old, new = await kept(
        store, run, export_of(run, 1, 2, status=JobStatus.FAILED), export_of(run, 2, 1)
    )

    assert await found(store) == [old, new]
    assert await found(store, statuses=frozenset({JobStatus.FAILED})) == [old]
    assert await found(store, created_after=NOON + timedelta(minutes=1)) == [old]
    assert await found(store, created_before=NOON + timedelta(minutes=2)) == [new]
    assert await found(store, limit=1) == [old]


async def test_one_is_found_by_its_id_as_it_is_now(store: Store) -> None:
    run = run_of()
    await kept(store, run, export_of(run, 1, 1))
    (one,) = await store.seek_exports("acme", Sought(), limit=9)

    anew = export_of(run, 1, 7, status=JobStatus.PROCESSING, started_at=NOON)
    await store.change(run.id, lambda kept: kept.model_copy(update={"exports": (anew,)}))

    now = await store.export(one.id)
    assert now is not None
    assert (now.id, now.run_id, now.org_id, now.export) == (one.id, run.id, "acme", anew)
    assert await store.export(new_job_id()) is None


async def test_exports_are_forgotten_with_their_run(store: Store) -> None:
    run = run_of()
    await kept(store, run, export_of(run, 1, 1))
    await store.change(run.id, lambda kept: ended(kept, 2))

    await store.forget(ended_before=NOON + timedelta(minutes=3), limit=9)

    assert await found(store) == []


async def test_those_of_some_runs_that_have_not_ended_are_found(store: Store) -> None:
    first, second, other = run_of(), run_of("beta"), run_of(minutes=1)
    done = export_of(first, 2, 2, status=JobStatus.CANCELLED, ended_at=NOON)
    begun = export_of(first, 3, 3, status=JobStatus.PROCESSING, started_at=NOON)
    await kept(store, first, export_of(first, 1, 1), done, begun)
    await kept(store, second, export_of(second, 1, 1))
    await kept(store, other, export_of(other, 1, 1))

    found = await store.open_exports({first.id, second.id, new_job_id()})

    jobs = {export_job(first.id, 1), export_job(first.id, 3), export_job(second.id, 1)}
    assert {one.export.job for one in found} == jobs
    assert await store.open_exports(set()) == []


async def test_what_has_not_ended_comes_in_the_order_in_which_it_was_asked_for(
    store: Store,
) -> None:
    run, foreign = run_of(), run_of("beta")
    done = export_of(run, 2, 2, status=JobStatus.COMPLETED, ended_at=NOON)
    begun = export_of(run, 4, 4, status=JobStatus.PROCESSING, started_at=NOON)
    await kept(store, run, export_of(run, 5, 5), begun, done)
    await kept(store, foreign, export_of(foreign, 1, 1))

    async def unfinished(before: int, after: int | None = None, limit: int = 9) -> list[str]:
        page = await store.unfinished_exports(
            created_before=NOON + timedelta(minutes=before),
            created_after=None if after is None else NOON + timedelta(minutes=after),
            limit=limit,
        )
        return [one.export.name for one in page]

    assert await unfinished(6) == ["1.edl", "4.edl", "5.edl"]
    assert await unfinished(5) == ["1.edl", "4.edl"]
    assert await unfinished(6, after=1) == ["4.edl", "5.edl"]
    assert await unfinished(6, limit=1) == ["1.edl"]
