"""Whole nights: what may happen between the evening and the morning, and what is found then."""

import asyncio
from collections.abc import Sequence

from storyloom.automation.runs.schemas import ShotStatus, Stage
from storyloom.errors import BudgetUsedUp, DiskFull, RateLimited, Unreachable
from storyloom.jobs.schemas import JobStatus
from storyloom.story.author import SceneFound
from storyloom.story.errors import SessionNotFound
from storyloom.story.prompting.schemas import FindingCode, LintFinding, Severity
from storyloom.story.readiness import Reading
from storyloom.story.schemas import SessionKey
from storyloom.story.script.schemas import DecisionType, FoundBeat, ImageDecision
from tests.automation.runs.scenarios.doubles import Swarm, Turn, prompts_of
from tests.automation.runs.scenarios.world import World, is_making, made, scenario, took_s


@scenario
async def test_a_script_becomes_pictures_while_it_is_still_being_read() -> None:
    world = World()
    await world.session(scriptText="A night at sea.", selectedLLM="google:gemini")
    await world.accept()

    run = await world.to_its_end()

    assert (run.status, run.stage) == (JobStatus.COMPLETED, Stage.COMPLETE)
    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 12
    assert set(world.backend.made.values()) == {1}
    # A second for the first scene, one for its first prompt, and twelve pictures.
    assert took_s(run) < 1 + 1 + 12 * 10 + 3
    assert world.asking == ["google:gemini"]
    [(key, facts, _)] = world.herald.told
    assert (key, facts.total_beats, facts.total_prompts) == (world.key, 12, 12)


@scenario
async def test_an_engine_starts_while_prompts_are_written() -> None:
    world = World()
    world.backend.is_up = False
    world.swarm = Swarm(world.backend)
    world.author.takes_s = 20
    await world.session(scriptText="A night at sea.")
    await world.accept(autoShutdown=True)

    run = await world.to_its_end()

    # Two calls of twenty seconds before the first picture; the engine takes thirty.
    assert took_s(run) < 40 + 12 * 10 + 3
    assert (world.swarm.starts, world.swarm.stops) == (1, 1)
    assert {"engine_starting", "engine_loading", "writing_prompts"} <= set(world.codes())


@scenario
async def test_beats_that_reuse_a_picture_or_want_none_get_none() -> None:
    world = World()
    world.author.decisions = {
        "s1-b2": ImageDecision(type=DecisionType.REUSE, reuse_of="s1-b1"),
        "s1-b3": ImageDecision(type=DecisionType.NONE),
    }
    world.author.scenes_of = 1
    await world.session(scriptText="A night at sea.")
    await world.accept()

    run = await world.to_its_end()

    assert [shot.beat_id for shot in await world.shots] == ["s1-b1"]
    assert run.report is not None
    assert (run.report.beats, run.report.reused, run.report.total) == (3, 1, 1)


@scenario
async def test_scenes_that_come_at_once_are_kept_at_once() -> None:
    world = World()
    world.author.scenes_of, world.author.beats_in, world.author.takes_s = 100, 1, 0
    writes: list[int] = []
    add_scenes = world.sessions.add_scenes

    async def counted(key: SessionKey, found: Sequence[SceneFound]) -> Reading:
        writes.append(len(found))
        await asyncio.sleep(1)
        return await add_scenes(key, found)

    world.sessions.add_scenes = counted
    await world.session(scriptText="A night at sea.")
    await world.accept(stopAfter="beats")

    run = await world.to_its_end()

    assert run.report is not None
    assert run.report.beats == sum(writes) == 100
    assert len(writes) <= 3


@scenario
async def test_scenes_before_a_fault_are_kept() -> None:
    world = World()
    world.author.scenes_of, world.author.takes_s = 3, 0
    world.author.ends_after = 2
    await world.session(scriptText="A night at sea.")
    await world.accept(stopAfter="beats")

    run = await world.to_its_end()

    assert (run.status, run.error_code) == (JobStatus.FAILED, "invalid_input")
    assert run.report is not None
    assert run.report.beats == 2 * 3


@scenario
async def test_both_shapes_and_several_takes() -> None:
    world = World()
    world.author.scenes_of = world.author.beats_in = 1
    await world.session(scriptText="A night at sea.")
    await world.accept(aspects=["cinematic", "vertical"], imagesPerPrompt=2)

    await world.to_its_end()

    shots = await world.shots
    assert [s.id for s in shots] == [
        "0001-cinematic-1",
        "0001-cinematic-2",
        "0001-vertical-1",
        "0001-vertical-2",
    ]
    assert len({shot.version and shot.version.seed for shot in shots}) == 4


@scenario
async def test_another_service_sends_prompts_one_by_one() -> None:
    world = World()
    await world.session(
        promptMode="storyswarm", analyzedEpisode={"beats": [{"beatId": b} for b in ("a", "b", "c")]}
    )
    await world.accept()

    async with world.directed() as driven:
        await driven.until(lambda run, _: "prompts_missing" in {w.code for w in run.waiting_on})
        assert world.announcer.waiting == [world.key]
        for beat in ("c", "a", "b"):
            await world.prompts(**{beat: f"A picture of {beat}"})
            await driven.until(lambda _, shots: made(shots) == len(world.backend.made) > 0)
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert [request.prompt[-1] for request in world.backend.requests] == ["c", "a", "b"]
    # Nothing was warmed up for prompts that may take a night.
    assert len(world.backend.made) == 3


@scenario
async def test_a_shape_that_another_service_sends_no_prompt_for_borrows_the_words() -> None:
    world = World()
    await world.session(promptMode="storyswarm", analyzedEpisode={"beats": [{"beatId": "a"}]})
    await world.prompts(a="A ship")
    await world.accept(aspects=["vertical"])

    await world.to_its_end()

    [request] = world.backend.requests
    assert (request.prompt, request.width < request.height) == ("A ship", True)
    assert not request.shows_caption


@scenario
async def test_prompts_never_come() -> None:
    world = World()
    await world.session(
        promptMode="storyswarm", analyzedEpisode={"beats": [{"beatId": b} for b in ("a", "b")]}
    )
    await world.accept(maxPromptsWait=600)

    run = await world.to_its_end()

    assert (run.status, run.error_code) == (JobStatus.FAILED, "prompts_missing")
    assert "0 of 2 beats" in (run.error_message or "")
    assert run.report is not None
    assert run.report.decisions[0].offers == ("retry",)
    assert 600 <= took_s(run) < 605


@scenario
async def test_some_prompts_come_and_their_pictures_are_worth_keeping() -> None:
    world = World()
    await world.session(
        promptMode="storyswarm", analyzedEpisode={"beats": [{"beatId": b} for b in ("a", "b")]}
    )
    await world.prompts(a="A ship")
    await world.accept(maxPromptsWait=600)

    run = await world.to_its_end()

    assert run.status is JobStatus.COMPLETED
    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE, ShotStatus.FAILED]


@scenario
async def test_the_disk_is_full_for_a_while() -> None:
    world = World()
    world.images.fault = lambda now: (
        DiskFull("The disk of the image store is full.") if 25 < now < 900 else None
    )
    await world.with_prompts(6)

    run = await world.to_its_end()

    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 6
    # What was in hand was kept, and none was made twice.
    assert set(world.backend.made.values()) == {1}
    assert "disk_full" in world.codes()
    assert took_s(run) < 900 + 60


@scenario
async def test_the_budget_is_used_up() -> None:
    world = World()
    world.backend.says = lambda request, _: (
        BudgetUsedUp("The day's budget is used up.") if len(world.backend.made) == 2 else None
    )
    await world.with_prompts(5)

    run = await world.to_its_end()

    assert run.report is not None
    assert (run.report.done, run.report.degraded, run.report.frames) == (2, 3, 3)
    assert run.report.decisions[0].says == ("A drawn frame stands in: The day's budget is used up.")
    # It is asked once more, and not for every picture.
    assert sum(world.backend.asked.values()) == 3


@scenario
async def test_a_provider_asks_us_to_wait() -> None:
    world = World()
    world.backend.says = lambda request, asked: (
        RateLimited("Slow down.", retry_after_s=90) if asked == 1 else None
    )
    await world.with_prompts(2)

    run = await world.to_its_end()

    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 2
    assert [shot.steps for shot in await world.shots] == [(), ()]
    assert "rate_limit" in world.codes()
    assert took_s(run) > 180


@scenario
async def test_a_language_model_is_away_for_the_night() -> None:
    world = World()
    world.author.says = lambda beat, asked: Unreachable("The model does not answer.")
    await world.session(scriptText="A night at sea.")
    await world.accept()

    run = await world.to_its_end()

    assert run.status is JobStatus.COMPLETED
    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 12
    assert run.degraded == (
        "Rules write in place of the language model. The model does not answer.",
    )
    assert run.report is not None
    assert run.report.remarks == run.degraded


@scenario
async def test_prompts_that_contradict_themselves_cost_nothing() -> None:
    world = World()
    finding = LintFinding(
        code=FindingCode.CONTRADICTION,
        severity=Severity.ERROR,
        message="Night is not day.",
        beat_id="s1-b1",
    )

    def prompts(beat: FoundBeat):
        found = (finding,) if beat.beat_id == "s1-b1" else ()
        return prompts_of(beat).model_copy(update={"findings": found})

    world.author.prompts_for = prompts
    world.author.scenes_of, world.author.beats_in = 1, 2
    await world.session(scriptText="A night at sea.")
    await world.accept(lastResort="fail")

    run = await world.to_its_end()

    first, second = await world.shots
    assert (first.status, first.error_message) == (ShotStatus.FAILED, "Night is not day.")
    assert second.status is ShotStatus.DONE
    assert run.report is not None
    assert run.report.decisions[0].offers == ("edit_prompt",)


@scenario
async def test_a_session_with_nothing_in_it() -> None:
    world = World()
    await world.session(scriptText="  ")
    await world.accept()

    run = await world.to_its_end()

    assert (run.status, run.error_code) == (JobStatus.FAILED, "nothing_to_tell")


@scenario
async def test_a_session_that_is_deleted_while_its_pictures_are_made() -> None:
    world = World()
    await world.with_prompts(3)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 1)
        await world.sessions.delete("acme", str(world.key.timestamp))
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert made(await world.shots) == 3
    assert world.herald.told[0][1].total_beats == 0


@scenario
async def test_there_is_no_session() -> None:
    world = World()
    await world.accept()

    run = await world.to_its_end()

    assert (run.status, run.error_code) == (JobStatus.FAILED, SessionNotFound.code)


@scenario
async def test_a_prompt_that_changes_before_its_picture_is_made() -> None:
    world = World()
    await world.with_prompts(3)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        await world.prompts(b1="Too late", b3="In time")
        await driven.ended()

    assert [request.prompt for request in world.backend.requests] == [
        "A picture of b1",
        "A picture of b2",
        "In time",
    ]


@scenario
async def test_a_run_may_stop_before_its_pictures() -> None:
    for last, beats, prompts in (("beats", 12, 0), ("prompts", 12, 12)):
        world = World(turn=Turn())
        world.backend.is_up, world.backend.needs_gpu = False, True
        world.swarm = Swarm(world.backend)
        await world.session(scriptText="A night at sea.")
        await world.accept(stopAfter=last)

        run = await world.to_its_end()

        status = await world.sessions.status("acme", str(world.key.timestamp))
        assert (status.total_beats, status.total_prompts) == (beats, prompts)
        assert run.status is JobStatus.COMPLETED
        assert (await world.shots, world.backend.requests, world.herald.told) == ([], [], [])
        assert world.turn is not None
        assert (world.swarm.starts, world.turn.looks) == (0, 0), "nobody needs them"
