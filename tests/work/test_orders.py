import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from storyloom.automation.runs.schemas import ShotStatus
from storyloom.jobs.schemas import Handling, JobStatus, Priority
from storyloom.kit.ids import JobId
from storyloom.outbound.schemas import Account, Budget, Call, Ending, Usage
from storyloom.storyboard.schemas import JobView
from storyloom.work.errors import NothingFailed, WorkNotFound
from storyloom.work.schemas import WorkStatus
from tests.work.conftest import ACME, BETA, Desk, shot_of

S = WorkStatus


def call(job_id: JobId) -> Call:
    return Call(
        account=Account(org_id="acme", job_id=job_id, step="understand"),
        provider="google",
        model="m",
        purpose="understand_code",
        prompt_version="1",
        input_hash="0" * 64,
        size_bytes=1,
        destination="localhost",
    )


async def test_a_storyboard_is_cancelled_once_and_for_all(desk: Desk) -> None:
    job = await desk.storyboard()
    entry = await desk.ledger.open(call(job.id), attempt=1, at=desk.clock.now(), budget=Budget())
    paid = Ending(outcome="ok", usage=Usage(cost_usd=Decimal("0.02")), duration_ms=1)
    await desk.ledger.close(entry, paid)
    await desk.ledger.open(call(job.id), attempt=1, at=desk.clock.now(), budget=Budget())

    first = await desk.works.cancel(ACME, job.id)
    again = await desk.works.cancel(ACME, job.id)

    assert first == again
    assert first.status is S.CANCELED
    assert first.error is None
    assert first.cost is not None
    assert (first.cost.known_usd, first.cost.unknown_calls) == (Decimal("0.02"), 1)
    polled = JobView.of(await desk.stored(job.id))
    assert (polled.status, polled.error_code) == (JobStatus.FAILED, "cancelled")
    assert polled.error_message == "The job was cancelled on request."


async def test_whoever_runs_the_job_here_is_stopped_at_once(desk: Desk) -> None:
    job = await desk.storyboard()

    with desk.stops.run(job.id):
        await desk.works.cancel(ACME, job.id)

        assert desk.stops.running == []


async def test_what_has_ended_stays_as_it_is(desk: Desk) -> None:
    job = await desk.storyboard()
    await desk.ended(job, JobStatus.COMPLETED, result_image="aGVsbG8=")

    assert (await desk.works.cancel(ACME, job.id)).status is S.SUCCEEDED


async def test_a_run_that_is_at_work_is_stopping_and_one_that_waits_has_ended(desk: Desk) -> None:
    waiting, working = await desk.run(), await desk.run(status=JobStatus.PROCESSING)

    assert (await desk.works.cancel(ACME, waiting.id)).status is S.CANCELED
    assert (await desk.works.cancel(ACME, working.id)).status is S.CANCELING


async def test_foreign_work_can_be_neither_cancelled_nor_tried_again(desk: Desk) -> None:
    for work in (await desk.storyboard(), await desk.run()):
        with pytest.raises(WorkNotFound):
            await desk.works.cancel(BETA, work.id)
        with pytest.raises(WorkNotFound):
            await desk.works.retry(BETA, work.id)


async def test_a_failed_storyboard_is_tried_again_by_a_child(desk: Desk) -> None:
    handling = Handling(labels={"team": "web"}, priority=Priority.HIGH)
    job = await desk.storyboard(handling)
    await desk.ended(job, JobStatus.FAILED, error_code="timeout")

    child = await desk.works.retry(ACME, job.id)

    assert (child.parent_id, child.attempt) == (job.id, 2)
    assert (child.status, child.labels, child.priority) == (S.QUEUED, {"team": "web"}, "high")
    assert child.input == {"file_name": "a.py"}
    assert desk.engine.started == [(child.id, "code_to_storyboard")]
    assert (await desk.works.retry(ACME, job.id)).id == child.id, "asking twice is asking once"


async def test_the_child_is_tried_again_when_it_fails_too(desk: Desk) -> None:
    job = await desk.storyboard()
    await desk.works.cancel(ACME, job.id)
    child = await desk.works.retry(ACME, job.id)
    await desk.works.cancel(ACME, child.id)

    grandchild = await desk.works.retry(ACME, job.id)

    assert (grandchild.parent_id, grandchild.attempt) == (child.id, 3)
    done = await desk.stored(JobId(grandchild.id))
    await desk.ended(done, JobStatus.COMPLETED)
    assert (await desk.works.retry(ACME, job.id)).status is S.SUCCEEDED


async def test_those_who_ask_at_the_same_time_get_the_same_child(desk: Desk) -> None:
    job = await desk.storyboard()
    await desk.works.cancel(ACME, job.id)
    children: set[str] = set()

    async def ask() -> None:
        children.add((await desk.works.retry(ACME, job.id)).id)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(ask())

    assert len(children) == 1
    assert len(desk.engine.started) == 1


@pytest.mark.parametrize("status", [JobStatus.PENDING, JobStatus.COMPLETED])
async def test_what_has_not_failed_is_not_tried_again(desk: Desk, status: JobStatus) -> None:
    job = await desk.storyboard()
    if status.is_terminal:
        await desk.ended(job, status)

    with pytest.raises(NothingFailed):
        await desk.works.retry(ACME, job.id)


async def test_of_a_run_only_what_has_failed_is_made_anew(desk: Desk) -> None:
    at = desk.clock.now() + timedelta(hours=1)
    run = await desk.run(status=JobStatus.COMPLETED, completed_at=at)
    good, bad = shot_of(1, status=ShotStatus.DONE), shot_of(2, status=ShotStatus.FAILED)
    await desk.store.add_shots(run.id, [good], epoch=0)
    with pytest.raises(NothingFailed):
        await desk.works.retry(ACME, run.id)
    await desk.store.add_shots(run.id, [bad], epoch=0)

    work = await desk.works.retry(ACME, run.id)

    assert (work.id, work.status) == (run.id, S.QUEUED)
    assert (work.progress.done, work.progress.total) == (1, 2)
