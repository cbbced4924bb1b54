from datetime import timedelta

from storyloom.automation.runs.schemas import ShotStatus, WaitCode, WaitingOn
from storyloom.jobs.schemas import JobStatus
from tests.work.conftest import ACME, Desk, drawn, shot_of


async def test_a_job_that_waits_is_told_its_place_and_its_time(desk: Desk) -> None:
    for _ in range(3):
        await desk.ended(await desk.storyboard(), JobStatus.COMPLETED)
    job = await desk.storyboard()
    desk.engine.places[job.id] = 3

    told = await desk.works.explain(ACME, job.id)

    assert (told.position, told.ahead) == (4, 3)
    assert told.eta is not None
    assert told.eta.seconds == 12.0, "two rounds of two at a time"
    assert told.says == (
        "In the queue 'storyboards' 3 others go first. It may have ended in about 12 s: the last 3 "
        "took about 6.0 s, 3 others go first, and a worker runs 2 at a time."
    )
    queue = (await desk.works.get(ACME, job.id)).queue
    assert queue is not None
    assert (queue.name, queue.position, queue.eta_s) == ("storyboards", 4, 12.0)


async def test_where_nothing_is_known_nothing_is_claimed(desk: Desk) -> None:
    job = await desk.storyboard()

    told = await desk.works.explain(ACME, job.id)

    assert (told.position, told.eta) == (None, None)
    assert told.says == "It is accepted, and is being handed to a worker."


async def test_a_paused_queue_says_so_and_gives_no_time(desk: Desk) -> None:
    await desk.ended(await desk.storyboard(), JobStatus.COMPLETED)
    job, run = await desk.storyboard(), await desk.run()
    desk.engine.places |= {job.id: 0, run.job: 1}
    await desk.works.queues.pause("storyboards")
    await desk.works.queues.pause("stories")

    told, of_run = [await desk.works.explain(ACME, one.id) for one in (job, run)]

    assert told.eta is None
    assert [wait.code for wait in told.waiting_on] == ["queue_paused", "queued"]
    assert told.says == (
        "The queue 'storyboards' is paused, until an operator resumes it. "
        "It is the next in the queue 'storyboards'."
    )
    assert "1 other goes first" in of_run.says
    assert of_run.waiting_on[0].code == "queue_paused"


async def test_a_job_that_runs_is_told_what_is_left(desk: Desk) -> None:
    await desk.ended(await desk.storyboard(), JobStatus.COMPLETED)
    job = await desk.storyboard()
    await desk.archive.begin(job.id, desk.clock.now() - timedelta(seconds=2))

    told = await desk.works.explain(ACME, job.id)

    assert told.says == "It is running. It may have ended in about 4 s: the last one took 6.0 s."


async def test_ends_are_told(desk: Desk) -> None:
    done, failed, stopped = [await desk.storyboard() for _ in range(3)]
    await desk.ended(done, JobStatus.COMPLETED)
    await desk.ended(failed, JobStatus.FAILED, error_code="timeout", error_message="Too slow.")
    await desk.works.cancel(ACME, stopped.id)

    says = [(await desk.works.explain(ACME, one.id)).says for one in (done, failed, stopped)]

    assert says == [
        "It has succeeded.",
        "It has failed: Too slow.",
        "It was cancelled on request.",
    ]


async def test_a_run_says_what_it_waits_for_and_when_it_may_end(desk: Desk) -> None:
    wait = WaitingOn(code=WaitCode.GPU_HOT, detail="The GPU has 91 °C", since=desk.clock.now())
    run = await desk.run(status=JobStatus.PROCESSING, waiting_on=(wait,))
    made = shot_of(1, status=ShotStatus.DONE, versions=(drawn(desk.clock.now()),), chosen=1)
    await desk.store.add_shots(run.id, [made, shot_of(2)], epoch=0)

    told = await desk.works.explain(ACME, run.id)

    assert told.says.startswith(
        "It has begun, and nothing moves now. The GPU has 91 °C. It may have ended in about 12 s"
    )
    assert (await desk.works.cost(ACME, run.id)).calls == 0
