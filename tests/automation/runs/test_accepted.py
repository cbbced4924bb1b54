"""Exports that nobody makes are found, and that is mended."""

import pytest

from storyloom.automation.runs.accepted import AcceptedExports
from storyloom.automation.runs.exported import Export
from storyloom.automation.runs.exporting import PIPELINE
from storyloom.automation.runs.naming import export_job
from storyloom.automation.runs.schemas import Run
from storyloom.boards.export.schemas import ExportKind
from storyloom.jobs.ports import RunState
from storyloom.jobs.reconciler import Reconciler
from storyloom.jobs.schemas import JobStatus, Priority
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from tests.automation.runs.test_exporting import World
from tests.storyboard.test_reconciler import KnownStates

LATER_S = 6.0
END = {"message": "It is over.", "code": "internal"}


@pytest.fixture
async def world(clock: ManualClock) -> World:
    made = World(clock)
    await made.begin()
    return made


@pytest.fixture
def accepted(world: World) -> AcceptedExports:
    return AcceptedExports(world.runs, world.runs, world.clock)


@pytest.fixture
def engine() -> KnownStates:
    return KnownStates()


@pytest.fixture
def reconciler(accepted: AcceptedExports, engine: KnownStates, clock: ManualClock) -> Reconciler:
    return Reconciler(accepted, engine, clock=clock)


async def begun(world: World) -> Export:
    """An export that somebody is at."""
    (export,) = await world.ask(ExportKind.EDL)

    def edit(run: Run) -> Run:
        at = {"status": JobStatus.PROCESSING, "started_at": world.clock.now()}
        return run.model_copy(update={"exports": (run.exports[0].model_copy(update=at),)})

    await world.runs.change(world.run_id, edit)
    return export


async def test_an_export_that_never_came_to_the_engine_is_started(
    world: World, engine: KnownStates, reconciler: Reconciler
) -> None:
    (export,) = await world.ask(ExportKind.EDL, priority=Priority.HIGH)
    assert await reconciler.run_once() == 0

    world.clock.advance(LATER_S)

    assert await reconciler.run_once() == 1
    assert engine.started == [(export.job, PIPELINE)]
    assert engine.priorities == [Priority.HIGH]


async def test_one_that_is_being_made_is_left_alone(
    world: World, engine: KnownStates, reconciler: Reconciler
) -> None:
    engine.known[(await begun(world)).job] = RunState.ACTIVE
    world.clock.advance(LATER_S)

    assert await reconciler.run_once() == 0
    assert [one.status for one in await world.all()] == [JobStatus.PROCESSING]


async def test_one_whose_job_ended_without_an_end_fails_and_can_be_made_again(
    world: World, engine: KnownStates, reconciler: Reconciler
) -> None:
    export = await begun(world)
    engine.known[export.job] = RunState.ENDED
    world.clock.advance(LATER_S)

    assert await reconciler.run_once() == 1

    (failed,) = await world.all()
    assert (failed.status, failed.error_code) == (JobStatus.FAILED, "internal")
    assert failed.error_message == "The run ended unexpectedly; please try again."
    assert failed.ended_at == world.clock.now()
    assert await reconciler.run_once() == 0
    (again,) = await world.ask(ExportKind.EDL)
    assert again.job != export.job
    await world.make()
    assert [one.status for one in await world.all()] == [JobStatus.COMPLETED]


async def test_only_a_present_job_that_has_not_ended_is_failed(
    world: World, accepted: AcceptedExports
) -> None:
    (first,) = await world.ask(ExportKind.EDL)
    await world.make()
    assert not await accepted.fail(first.job, **END)

    (again,) = await world.ask(ExportKind.EDL)
    assert not await accepted.fail(first.job, **END)
    assert not await accepted.fail(new_job_id(), **END)

    assert await accepted.fail(again.job, **END)
    (failed,) = await world.all()
    assert failed.error_message == "It is over."


async def test_jobs_that_are_to_make_nothing_any_more_are_named(
    world: World, accepted: AcceptedExports
) -> None:
    first = await begun(world)
    stranger = export_job(new_job_id(), 1)
    assert await accepted.ended([first.job, stranger]) == [stranger]

    await world.cancel(first)
    assert await accepted.ended([first.job]) == [first.job]

    (anew,) = await world.ask(ExportKind.EDL)
    assert await accepted.ended([first.job, anew.job]) == [first.job]
