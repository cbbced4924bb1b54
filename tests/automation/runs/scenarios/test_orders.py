"""What people ask of a run while it goes on, and after it has ended."""

import asyncio
from collections.abc import Sequence

import pytest

from storyloom.automation.runs import commands
from storyloom.automation.runs.commands import Wish
from storyloom.automation.runs.errors import (
    NothingToDo,
    RunEnded,
    RunNotFound,
    ShotNotFound,
    VersionNotFound,
)
from storyloom.automation.runs.naming import next_job
from storyloom.automation.runs.schemas import Run, ShotStatus
from storyloom.automation.runs.views import waits_of
from storyloom.automation.runs.work import whole
from storyloom.errors import ModelNotFound
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import JobId, new_job_id
from storyloom.outbound.schemas import Entry
from tests.automation.runs.scenarios.world import ORG, World, is_making, made, scenario, took_s


async def again(world: World) -> Run:
    """Another pass over a run that was reopened."""
    assert world.engine.jobs[-1] == (await world.run).job
    world.seen.clear()
    return await world.to_its_end()


@scenario
async def test_a_pause_lets_the_picture_in_hand_be_finished() -> None:
    world = World()
    await world.with_prompts(4)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 1)
        await asyncio.sleep(5)
        await world.orders.pause(ORG, world.id)
        await asyncio.sleep(600)
        assert made(await world.shots) == 2
        assert [one.code for one in (await world.run).waiting_on] == ["paused"]
        await world.orders.resume(ORG, world.id)
        run = await driven.ended()

    assert made(await world.shots) == 4
    assert took_s(run) == pytest.approx(10 + 5 + 600 + 20, abs=2)


@scenario
async def test_a_pause_holds_up_the_writing_too() -> None:
    world = World()
    await world.session(scriptText="A night at sea.")
    await world.accept()

    async with world.directed() as driven:
        await world.orders.pause(ORG, world.id)
        await asyncio.sleep(60)
        assert sum(world.author.written.values()) == 0
        await world.orders.resume(ORG, world.id)
        await driven.ended()

    assert made(await world.shots) == 12


@scenario
async def test_a_cancelled_run_stops_at_once_and_keeps_what_is_made() -> None:
    world = World()
    world.backend.survives = False
    await world.with_prompts(4)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 2)
        await asyncio.sleep(3)
        asked_s = asyncio.get_running_loop().time()
        await world.orders.cancel(ORG, world.id)
        run = await driven.ended()
        assert asyncio.get_running_loop().time() - asked_s < 2

    assert run.status is JobStatus.CANCELLED
    assert [shot.status for shot in await world.shots] == [
        ShotStatus.DONE,
        ShotStatus.DONE,
        ShotStatus.CANCELLED,
        ShotStatus.CANCELLED,
    ]
    assert world.backend.interrupted == ["0003-cinematic-1"]
    assert world.herald.told == []
    assert run == await world.orders.cancel(ORG, world.id)
    with pytest.raises(RunEnded):
        await world.orders.pause(ORG, world.id)


@scenario
async def test_a_run_that_nobody_has_begun_is_cancelled_where_it_is() -> None:
    world = World()
    await world.with_prompts(2)

    assert (await world.orders.cancel(ORG, world.id)).status is JobStatus.CANCELLED
    async with world.directed() as driven:
        await driven.task

    assert world.backend.requests == []


@scenario
async def test_one_picture_is_cancelled_before_it_is_begun_or_in_the_middle_of_it() -> None:
    world = World()
    world.backend.survives = False
    await world.with_prompts(4)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        await world.orders.cancel_shot(ORG, world.id, "0001-cinematic-1")
        await world.orders.cancel_shot(ORG, world.id, "0003-cinematic-1")
        await driven.until(lambda _, shots: shots[1].status is ShotStatus.DONE)
        done = await world.orders.cancel_shot(ORG, world.id, "0002-cinematic-1")
        run = await driven.ended()

    assert done.status is ShotStatus.DONE
    assert [shot.status for shot in await world.shots] == [
        ShotStatus.CANCELLED,
        ShotStatus.DONE,
        ShotStatus.CANCELLED,
        ShotStatus.DONE,
    ]
    assert world.backend.interrupted == ["0001-cinematic-1"]
    assert run.status is JobStatus.COMPLETED
    assert took_s(run) < 24


@scenario
async def test_only_what_failed_is_made_anew() -> None:
    world = World()
    missing = ModelNotFound("There is no model flux.")
    world.backend.says = lambda request, asked: (
        missing if "b2" in request.prompt and asked == 1 else None
    )
    await world.with_prompts(3, lastResort="fail")
    first = await world.to_its_end()
    assert made(await world.shots) == 2

    await world.orders.retry(ORG, world.id)
    run = await again(world)

    assert run.job == next_job(first.job)
    assert made(await world.shots) == 3
    assert len(world.backend.made) == 3
    assert [shot.steps for shot in await world.shots] == [(), (), ()]
    # Another pass, another word to others.
    assert len(world.herald.told) == 2
    with pytest.raises(NothingToDo):
        await world.orders.retry(ORG, world.id)


@scenario
async def test_a_retry_that_was_cut_short_is_made_good_by_the_next_one() -> None:
    world = World()
    missing = ModelNotFound("There is no model flux.")
    world.backend.says = lambda request, asked: (
        missing if "b2" in request.prompt and asked == 1 else None
    )
    await world.with_prompts(2, lastResort="fail")
    await world.to_its_end()
    # The process died after this, and before the run was reopened.
    await world.runs.change_shot(world.id, "0002-cinematic-1", commands.retried(degraded=False))

    await world.orders.retry(ORG, world.id)
    await again(world)

    assert made(await world.shots) == 2
    with pytest.raises(NothingToDo):
        await world.orders.retry(ORG, world.id)


@scenario
async def test_a_retry_while_the_run_goes_on() -> None:
    world = World()
    missing = ModelNotFound("There is no model flux.")
    world.backend.says = lambda request, asked: (
        missing if "b1" in request.prompt and asked == 1 else None
    )
    await world.with_prompts(3)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: bool(shots) and shots[0].status is ShotStatus.DEGRADED)
        await world.orders.retry(ORG, world.id, degraded=True)
        await driven.ended()

    first, *_ = await world.shots
    assert first.status is ShotStatus.DONE
    assert [version.is_frame for version in first.versions] == [True, False]
    assert world.engine.jobs == []


@scenario
async def test_a_retry_in_the_last_moment_is_not_lost() -> None:
    world = World()
    missing = ModelNotFound("There is no model flux.")
    world.backend.says = lambda request, asked: missing if asked == 1 else None
    await world.with_prompts(1, lastResort="fail")
    report = world.ledger.of_job

    async def at_the_end(job_id: JobId) -> Sequence[Entry]:
        if not (await world.run).edits:
            await world.orders.retry(ORG, world.id)
        return await report(job_id)

    world.ledger.of_job = at_the_end
    run = await world.to_its_end()

    assert run.status is JobStatus.COMPLETED
    assert made(await world.shots) == 1
    assert world.engine.jobs == []


@scenario
async def test_between_two_passes_a_run_waits_for_nothing() -> None:
    world = World()
    await world.with_prompts(2)
    first = await world.to_its_end()
    await asyncio.sleep(600)

    await world.orders.regenerate(ORG, world.id, "0002-cinematic-1", Wish(seed=7))
    reopened = await world.run
    await asyncio.sleep(30)
    second = await again(world)

    assert [wait.since for wait in waits_of(reopened)] == [reopened.asked_at]
    metrics = whole(second, await world.shots).metrics
    assert metrics.queue_s == pytest.approx(30, abs=2)
    assert metrics.run_s == pytest.approx(took_s(second))
    assert second.report is not None
    both = took_s(first) + took_s(second)
    assert second.report.wall_seconds == pytest.approx(both, abs=1)


@scenario
async def test_another_picture_with_another_seed_and_other_words() -> None:
    world = World()
    await world.with_prompts(2)
    await world.to_its_end()

    wish = Wish(seed=7, prompt="A storm", negative_prompt="calm")
    await world.orders.regenerate(ORG, world.id, "0002-cinematic-1", wish)
    await again(world)

    shot = (await world.shots)[1]
    assert [version.prompt for version in shot.versions] == ["A picture of b2", "A storm"]
    assert shot.version is not None
    assert (shot.version.number, shot.version.seed) == (2, 7)
    assert world.backend.requests[-1].negative_prompt == "calm"

    restored = await world.orders.restore(ORG, world.id, shot.id, 1)
    assert restored.version is not None
    assert restored.version.prompt == "A picture of b2"
    with pytest.raises(VersionNotFound):
        await world.orders.restore(ORG, world.id, shot.id, 3)


@scenario
async def test_another_picture_is_wished_while_this_one_is_made() -> None:
    world = World()
    world.backend.survives = False
    await world.with_prompts(2)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        wish = Wish(seed=7, prompt="A storm")
        await world.orders.regenerate(ORG, world.id, "0001-cinematic-1", wish)
        await world.prompts(b1="From the session")
        await driven.ended()

    first = (await world.shots)[0]
    assert world.backend.interrupted == ["0001-cinematic-1"]
    # A person's words are not changed by a session.
    assert [version.prompt for version in first.versions] == ["A storm"]


@scenario
async def test_prompts_may_be_waited_for_once_more() -> None:
    world = World()
    await world.session(promptMode="storyswarm", analyzedEpisode={"beats": [{"beatId": "a"}]})
    await world.accept(maxPromptsWait=60)
    await world.to_its_end()

    await world.orders.retry(ORG, world.id)
    await world.prompts(a="A ship")
    run = await again(world)

    assert run.status is JobStatus.COMPLETED
    assert made(await world.shots) == 1


@scenario
async def test_what_is_not_there_or_not_ours_is_not_found() -> None:
    world = World()
    await world.with_prompts(1)
    await world.to_its_end()

    for org, name in (("rival", world.id), (ORG, new_job_id()), (ORG, "no-id")):
        with pytest.raises(RunNotFound):
            await world.orders.get(org, name)
    with pytest.raises(ShotNotFound):
        await world.orders.cancel_shot(ORG, world.id, "0009-cinematic-1")
    with pytest.raises(ShotNotFound):
        await world.orders.shot(await world.run, "0009-cinematic-1")
    assert (await world.orders.shot(await world.run, "0001-cinematic-1")).take == 1
    assert [run.id for run in await world.orders.newest(ORG, limit=5, before=None)] == [world.id]


@scenario
async def test_a_shot_without_words_cannot_be_made_anew() -> None:
    world = World()
    await world.session(promptMode="storyswarm", analyzedEpisode={"beats": [{"beatId": "a"}]})
    await world.accept(maxPromptsWait=10)
    await world.to_its_end()

    with pytest.raises(NothingToDo):
        await world.orders.regenerate(ORG, world.id, "0001-cinematic-1", Wish(seed=1))
    wish = Wish(seed=1, prompt="A ship")
    await world.orders.regenerate(ORG, world.id, "0001-cinematic-1", wish)
    await again(world)

    [shot] = await world.shots
    assert shot.status is ShotStatus.DONE
