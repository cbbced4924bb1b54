"""What every store of runs promises."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.errors import RunNotFound, ShotNotFound, Superseded
from storyloom.automation.runs.ports import ExportIndex, RunHistory, RunIndex, RunStore
from storyloom.automation.runs.schemas import (
    Run,
    Shot,
    ShotStatus,
    Version,
    WaitCode,
    WaitingOn,
    shot_id,
)
from storyloom.errors import Conflict
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.schemas import JobStatus, Place, Sought
from storyloom.kit.ids import JobId, new_job_id
from storyloom.story.origins import Origin
from storyloom.story.prompts import Aspect, PromptSet

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


class Store(RunStore, RunIndex, ExportIndex, RunHistory, Protocol):
    """All sides of one store."""


@asynccontextmanager
async def in_memory(_: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    yield MemoryRunStore()


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/runs.sqlite") as database:
        yield SqlRunStore(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlRunStore(database)


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    async with STORES[request.param](request) as opened:
        yield opened


def run_of(org_id: str = "acme", minutes: int = 0, **fields: Any) -> Run:
    return Run(
        id=new_job_id(),
        job=new_job_id(),
        org_id=org_id,
        session_timestamp=1738195200000,
        config=RunConfig(),
        created_at=NOON + timedelta(minutes=minutes),
        **fields,
    )


def shot_of(place: int, aspect: Aspect = Aspect.CINEMATIC, **fields: Any) -> Shot:
    name = shot_id(place, aspect, 1)
    return Shot(id=name, place=place, beat_id=f"b{place}", aspect=aspect, take=1, **fields)


def counted(run: Run) -> Run:
    return run.model_copy(update={"gpu_ms": run.gpu_ms + 1})


def begun(shot: Shot) -> Shot:
    return shot.model_copy(update={"rounds": shot.rounds + 1})


def claimed(run: Run) -> Run:
    return run.model_copy(update={"epoch": run.epoch + 1})


def ended(run: Run, minutes: int) -> Run:
    at = NOON + timedelta(minutes=minutes)
    return run.model_copy(update={"status": JobStatus.COMPLETED, "completed_at": at})


async def at_once(*changes: Awaitable[Any]) -> list[Any]:
    """Make them all at the same time."""
    done: list[Any] = []

    async def make(change: Awaitable[Any]) -> None:
        done.append(await change)

    async with asyncio.TaskGroup() as tasks:
        for change in changes:
            tasks.create_task(make(change))
    return done


async def test_a_run_comes_back_as_it_was_kept(store: Store) -> None:
    waiting = WaitingOn(code=WaitCode.GPU_HOT, detail="\x00 91 °C 🚀", since=NOON, until=LATER)
    run = run_of(waiting_on=(waiting,), degraded=("beats by rules",))

    assert await store.add(run) == run

    assert await store.get(run.id) == run
    assert await store.get(new_job_id()) is None


async def test_a_shot_comes_back_as_it_was_kept(store: Store) -> None:
    picture = ImageRef(
        key="pictures/a.png", media_type=MediaType.PNG, size_bytes=9, width=64, height=64
    )
    version = Version(
        number=1,
        picture=picture,
        backend="swarmui",
        model="m",
        seed=2**32 - 1,
        prompt="a \x00 boat",
        parameters={"cfgscale": 7.5},
        duration_ms=12000,
        cost_usd=Decimal("0.040"),
        made_at=NOON,
    )
    prompt = PromptSet(prompt="a \x00 boat", parameters={"steps": 20})
    origin = Origin(beat="9f", looks={"character/maria": "7e"}, words="5d")
    shot = shot_of(1, prompt=prompt, versions=(version,), chosen=1, status=ShotStatus.DONE)
    shot = shot.model_copy(update={"origin": origin, "origins": {1: origin}})
    run = await store.add(run_of())

    await store.add_shots(run.id, [shot], epoch=0)

    assert await store.shots(run.id) == [shot]


async def test_half_a_character_among_parameters_costs_nothing(store: Store) -> None:
    run = await store.add(run_of())
    prompt = PromptSet(prompt="a boat", parameters={"note": "\ud83d", "steps": 20})

    await store.add_shots(run.id, [shot_of(1, prompt=prompt)], epoch=0)

    (shot,) = await store.shots(run.id)
    assert shot.prompt is not None
    assert shot.prompt.parameters["steps"] == 20


async def test_an_id_is_kept_once(store: Store) -> None:
    run = await store.add(run_of())

    with pytest.raises(Conflict):
        await store.add(counted(run))
    with pytest.raises(Conflict):
        await store.add(counted(run), "some cause")

    assert await store.get(run.id) == run


async def test_the_second_run_of_a_cause_is_the_first(store: Store) -> None:
    first = await store.add(run_of(), "prompts ready")
    changed = await store.change(first.id, counted)

    assert await store.add(run_of(), "prompts ready") == changed
    assert (await store.add(run_of(), "another")).id != first.id
    assert (await store.add(run_of("other"), "prompts ready")).org_id == "other"
    assert len({(await store.add(run_of())).id for _ in range(2)}) == 2


async def test_of_many_with_one_cause_one_is_kept(store: Store) -> None:
    runs = await at_once(*(store.add(run_of(), "double click") for _ in range(8)))

    assert len({run.id for run in runs}) == 1
    assert len(await store.page("acme", limit=10, before=None)) == 1


async def test_pages_have_the_newest_first(store: Store) -> None:
    runs = [await store.add(run_of(minutes=minutes)) for minutes in (3, 1, 2)]
    await store.add(run_of("other", minutes=4))
    third, first, second = runs

    assert await store.page("acme", limit=2, before=None) == [third, second]
    assert await store.page("acme", limit=2, before=second.created_at) == [first]
    assert await store.page("nobody", limit=2, before=None) == []


async def test_the_unfinished_come_oldest_first_and_the_ended_do_not(store: Store) -> None:
    runs = [await store.add(run_of(org, minutes=n)) for n, org in enumerate("baaab")]
    await store.change(runs[1].id, lambda run: ended(run, 9))
    await store.change(
        runs[2].id, lambda run: run.model_copy(update={"status": JobStatus.PROCESSING})
    )

    found = await store.unfinished(created_before=LATER, limit=3)
    between = await store.unfinished(
        created_after=runs[0].created_at, created_before=runs[4].created_at, limit=9
    )

    assert [run.id for run in found] == [runs[0].id, runs[2].id, runs[3].id]
    assert [run.id for run in between] == [runs[2].id, runs[3].id]


async def test_a_run_that_is_taken_up_again_is_unfinished_again(store: Store) -> None:
    run = await store.add(run_of())
    await store.change(run.id, lambda run: ended(run, 1))
    reopened = {"status": JobStatus.PENDING, "completed_at": None}
    await store.change(run.id, lambda run: run.model_copy(update=reopened))

    assert await store.unfinished(created_before=LATER, limit=9) == [run]
    assert await store.forget(ended_before=LATER, limit=9) == []


async def test_changes_at_the_same_time_lose_nothing(store: Store) -> None:
    run = await store.add(run_of())
    await store.add_shots(run.id, [shot_of(1)], epoch=0)
    name = shot_of(1).id

    await at_once(
        *(store.change(run.id, counted) for _ in range(10)),
        *(store.change_shot(run.id, name, begun, epoch=0) for _ in range(10)),
        *(store.change_shot(run.id, name, begun) for _ in range(10)),
    )

    changed = await store.get(run.id)
    (shot,) = await store.shots(run.id)
    assert changed is not None
    assert (changed.gpu_ms, shot.rounds) == (10, 20)


async def test_an_edit_that_raises_changes_nothing(store: Store) -> None:
    run = await store.add(run_of())
    await store.add_shots(run.id, [shot_of(1)], epoch=0)

    def refuse(_: object) -> Any:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.change(run.id, refuse)
    with pytest.raises(ValueError, match="no"):
        await store.change_shot(run.id, shot_of(1).id, refuse)

    assert await store.get(run.id) == run
    assert await store.shots(run.id) == [shot_of(1)]


async def test_who_was_superseded_changes_nothing_more(store: Store) -> None:
    run = await store.add(run_of())
    await store.add_shots(run.id, [shot_of(1)], epoch=0)
    name = shot_of(1).id

    mine = await store.change(run.id, claimed, epoch=0)

    with pytest.raises(Superseded):
        await store.change(run.id, counted, epoch=0)
    with pytest.raises(Superseded):
        await store.change_shot(run.id, name, begun, epoch=0)
    with pytest.raises(Superseded):
        await store.add_shots(run.id, [shot_of(2)], epoch=0)
    assert await store.get(run.id) == mine
    assert await store.shots(run.id) == [shot_of(1)]
    assert (await store.change_shot(run.id, name, begun, epoch=1)).rounds == 1
    assert (await store.change(run.id, counted, epoch=1)).gpu_ms == 1


async def test_of_many_who_claim_an_epoch_one_gets_it(store: Store) -> None:
    run = await store.add(run_of())

    async def claim() -> bool:
        try:
            await store.change(run.id, claimed, epoch=0)
        except Superseded:
            return False
        return True

    assert sum(await at_once(*(claim() for _ in range(6)))) == 1


async def test_what_is_not_there_is_named(store: Store) -> None:
    run = await store.add(run_of())
    nowhere, name = new_job_id(), shot_of(1).id

    with pytest.raises(RunNotFound):
        await store.change(nowhere, counted)
    with pytest.raises(RunNotFound):
        await store.add_shots(nowhere, [shot_of(1)], epoch=0)
    for epoch in (None, 0):
        with pytest.raises(RunNotFound):
            await store.change_shot(nowhere, name, begun, epoch=epoch)
        with pytest.raises(ShotNotFound):
            await store.change_shot(run.id, name, begun, epoch=epoch)
    assert await store.shots(nowhere) == []


async def test_shots_come_in_the_order_of_the_story(store: Store) -> None:
    run = await store.add(run_of())
    other = await store.add(run_of())
    shots = [
        shot_of(2, Aspect.VERTICAL),
        shot_of(10000),
        shot_of(2),
        shot_of(9999),
        shot_of(1, Aspect.VERTICAL),
    ]

    await store.add_shots(run.id, shots[:3], epoch=0)
    await store.add_shots(run.id, shots[3:], epoch=0)
    await store.add_shots(run.id, [], epoch=0)
    await store.add_shots(other.id, [shot_of(1)], epoch=0)

    assert [shot.id for shot in await store.shots(run.id)] == [
        "0001-vertical-1",
        "0002-cinematic-1",
        "0002-vertical-1",
        "9999-cinematic-1",
        "10000-cinematic-1",
    ]


async def test_a_shot_that_is_there_already_is_left_as_it_is(store: Store) -> None:
    run = await store.add(run_of())
    await store.add_shots(run.id, [shot_of(1)], epoch=0)
    await store.change_shot(run.id, shot_of(1).id, begun)

    await store.add_shots(run.id, [shot_of(1, caption="new"), shot_of(2)], epoch=0)

    assert [(shot.rounds, shot.caption) for shot in await store.shots(run.id)] == [(1, ""), (0, "")]


async def test_what_ended_first_is_forgotten_first_with_its_shots(store: Store) -> None:
    runs = [await store.add(run_of(minutes=n), f"cause {n}") for n in range(4)]
    for run in runs:
        await store.add_shots(run.id, [shot_of(1)], epoch=0)
    for run, minutes in zip(runs[1:], (30, 10, 20), strict=True):
        await store.change(run.id, lambda run, minutes=minutes: ended(run, minutes))

    assert await store.ended(before=NOON + timedelta(minutes=30)) == 2

    async def forget() -> list[JobId]:
        gone = await store.forget(ended_before=NOON + timedelta(minutes=30), limit=1)
        return [run.id for run in gone]

    assert await forget() == [runs[2].id]
    assert await forget() == [runs[3].id]
    assert await forget() == []
    assert await store.get(runs[2].id) is None
    assert await store.shots(runs[2].id) == []
    assert await store.shots(runs[0].id) == [shot_of(1)]
    assert (await store.add(run_of(), "cause 2")).id != runs[2].id


async def test_the_oldest_is_told(store: Store) -> None:
    assert await store.oldest() is None

    for minutes in (2, 1, 3):
        await store.add(run_of(minutes=minutes))

    assert await store.oldest() == NOON + timedelta(minutes=1)


async def test_the_oldest_is_told_as_if_others_had_been_forgotten(store: Store) -> None:
    runs = [await store.add(run_of(minutes=minutes)) for minutes in (1, 2, 3)]
    for run, minutes in zip(runs[:2], (10, 20), strict=True):
        await store.change(run.id, lambda run, minutes=minutes: ended(run, minutes))

    async def oldest(minutes: int) -> datetime | None:
        return await store.oldest(without_ended_before=NOON + timedelta(minutes=minutes))

    assert [await oldest(at) for at in (10, 11, 21)] == [run.created_at for run in runs]
    assert await store.ended(before=NOON) == 0


async def test_pages_of_runs_follow_one_another_though_runs_arrive_meanwhile(store: Store) -> None:
    """Also where several were made at the same time."""
    made = [run_of(minutes=n // 3) for n in range(8)]
    for run in (*made, run_of("beta")):
        await store.add(run)
    expected = [run.id for run in sorted(made, key=lambda r: (r.created_at, r.id), reverse=True)]

    seen: list[JobId] = []
    after: Place | None = None
    while page := await store.seek("acme", Sought(after=after), limit=3):
        seen += [run.id for run in page]
        after = Place(page[-1].created_at, page[-1].id)
        await store.add(run_of(minutes=60))

    assert seen == expected


async def test_a_page_of_runs_is_of_what_is_sought(store: Store) -> None:
    old, new = run_of(minutes=1), run_of(minutes=2, status=JobStatus.PROCESSING)
    for run in (old, new):
        await store.add(run)

    async def found(**sought: Any) -> list[JobId]:
        return [run.id for run in await store.seek("acme", Sought(**sought), limit=9)]

    assert await found(statuses=frozenset({JobStatus.PROCESSING, JobStatus.FAILED})) == [new.id]
    assert await found(created_after=old.created_at) == [new.id]
    assert await found(created_before=new.created_at) == [old.id]
    assert await found() == [new.id, old.id]
