"""What every store of runs promises to those who look runs and exports up."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from storyloom.automation.runs.schemas import Shot, ShotStatus, Version
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.schemas import Handling, Sought
from storyloom.kit.ids import JobId, new_job_id
from tests.contracts.test_export_index import export_of, found, kept
from tests.contracts.test_run_store import NOON, STORES, Store, run_of, shot_of


def made(shot: Shot) -> Shot:
    """With another picture, which counts."""
    picture = ImageRef(
        key="shots/a.png", media_type=MediaType.PNG, size_bytes=9, width=64, height=64
    )
    number = len(shot.versions) + 1
    version = Version(
        number=number,
        picture=picture,
        backend="frames",
        model="m",
        prompt="a boat",
        duration_ms=1,
        made_at=NOON,
    )
    return shot.model_copy(update={"versions": (*shot.versions, version), "chosen": number})


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    async with STORES[request.param](request) as opened:
        yield opened


async def runs(store: Store, **sought: Any) -> list[JobId]:
    return [run.id for run in await store.seek("acme", Sought(**sought), limit=9)]


async def test_progress_is_how_many_shots_have_ended(store: Store) -> None:
    half, empty, other = run_of(), run_of(), run_of()
    for run in (half, empty, other):
        await store.add(run)
    statuses = [*ShotStatus]
    shots = [shot_of(place, status=one) for place, one in enumerate(statuses, start=1)]
    await store.add_shots(half.id, shots, epoch=0)
    await store.add_shots(other.id, [shot_of(1)], epoch=0)

    told = {**await store.progress([half.id, empty.id])}

    ended = sum(one.is_terminal for one in statuses)
    assert told.pop(half.id) == (ended, len(statuses))
    # Of a run without shots there may be no word.
    assert set(told.values()) <= {(0, 0)}
    assert await store.progress([]) == {}


async def test_the_first_picture_is_named_as_it_counts(store: Store) -> None:
    some, none, other = run_of(), run_of(), run_of()
    for run in (some, none, other):
        await store.add(run)
    await store.add_shots(none.id, [shot_of(1)], epoch=0)
    await store.add_shots(other.id, [made(shot_of(1))], epoch=0)
    await store.add_shots(some.id, [shot_of(1), made(shot_of(2)), made(shot_of(3))], epoch=0)
    wanted = [some.id, none.id]

    assert await store.first_pictures(wanted) == {some.id: "0002-cinematic-1.1"}
    await store.change_shot(some.id, "0002-cinematic-1", made)
    assert await store.first_pictures(wanted) == {some.id: "0002-cinematic-1.2"}
    await store.change_shot(some.id, "0001-cinematic-1", made)
    assert await store.first_pictures(wanted) == {some.id: "0001-cinematic-1.1"}
    assert await store.first_pictures([]) == {}


async def test_runs_are_found_by_their_titles(store: Store) -> None:
    boat = await store.add(run_of(title="The Boat at Night"))
    tea = await store.add(run_of(minutes=1, title="100% Tea_time"))
    nameless = await store.add(run_of(minutes=2))
    await store.add(run_of("beta", title="The Boat at Night"))

    assert await runs(store, text="bOAT at") == [boat.id]
    assert await runs(store, text="0% tea_") == [tea.id]
    assert await runs(store, text="t_a") == []
    assert await runs(store, text="%") == [tea.id]
    assert await runs(store, text="") == [nameless.id, tea.id, boat.id]


async def test_runs_are_found_by_their_labels(store: Store) -> None:
    web = Handling(labels={"team": "Web", "who": 'A "quoted" one'})
    ours = await store.add(run_of(handling=web))
    await store.add(run_of(minutes=1, handling=Handling(labels={"team": "Sales"})))
    await store.add(run_of(minutes=2))

    assert await runs(store, labels={"team": "Web"}) == [ours.id]
    assert await runs(store, labels=web.labels) == [ours.id]
    assert await runs(store, labels={"team": "web"}) == []
    assert await runs(store, labels={"team": "Web", "who": "me"}) == []
    assert await runs(store, text="team=web") == [ours.id]


async def test_runs_are_found_by_the_beginning_of_their_ids(store: Store) -> None:
    ours, other = await store.add(run_of()), await store.add(run_of(minutes=1))

    assert await runs(store, text=ours.id[:13]) == [ours.id]
    assert await runs(store, text=other.id.upper()) == [other.id]
    assert await runs(store, text=new_job_id()) == []


async def test_exports_are_found_by_their_names_and_ids_and_have_no_labels(store: Store) -> None:
    run = run_of(title="The Boat", handling=Handling(labels={"team": "web"}))
    first, second = await kept(store, run, export_of(run, 1, 2), export_of(run, 2, 1))
    page = await store.seek_exports("acme", Sought(), limit=9)

    assert await found(store, text="2.ED") == [second]
    assert await found(store, text=".edl") == [first, second]
    assert await found(store, text=page[0].id) == [first]
    assert await found(store, text="boat") == []
    assert await found(store, labels={"team": "web"}) == []


async def test_letters_are_folded_alike_wherever_runs_are_kept(store: Store) -> None:
    named = await store.add(run_of(title="İstanbul"))
    labelled = await store.add(run_of(minutes=1, handling=Handling(labels={"city": "İstanbul"})))
    await store.add(run_of(minutes=2, title="Other"))

    for text in ("istanbul", "İSTANBUL"):
        assert await runs(store, text=text) == [labelled.id, named.id], text
