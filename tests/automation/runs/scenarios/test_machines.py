"""Nights in which the GPU or the engine is the matter."""

from storyloom.automation.errors import LaunchedTooSoon, SwarmUiFailed
from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.directing.obstacles import Obstacle
from storyloom.automation.runs.schemas import Remedy, ShotStatus, WaitCode
from storyloom.automation.schemas import Phase
from storyloom.errors import Misconfigured, OutOfMemory
from storyloom.imaging.schemas import ImageRequest
from storyloom.jobs.schemas import JobStatus
from tests.automation.runs.scenarios.doubles import PictureBackend, Swarm, Turn
from tests.automation.runs.scenarios.world import World, is_making, made, scenario, took_s

HOT = Obstacle(WaitCode.GPU_HOT, "The GPU is at 90 °C")
BUSY = Obstacle(WaitCode.GPU_BUSY, "Somebody computes on the GPU")
LEASED = Obstacle(WaitCode.GPU_LEASED, "Another run holds the GPU")


def on_gpu() -> World:
    world = World(turn=Turn())
    world.backend.needs_gpu = True
    return world


@scenario
async def test_the_gpu_becomes_hot_and_cools_down() -> None:
    world = on_gpu()
    assert world.turn is not None
    world.turn.in_the_way = lambda now: HOT if 25 < now < 400 else None
    await world.with_prompts(5)

    run = await world.to_its_end()

    assert made(await world.shots) == 5
    assert "gpu_hot" in world.codes()
    assert 400 < took_s(run) < 440
    assert run.gpu_ms == 50_000
    assert world.turn.given_back > 0


@scenario
async def test_others_use_the_gpu_for_longer_than_may_be_waited() -> None:
    for last_resort, status in (("frame", JobStatus.COMPLETED), ("fail", JobStatus.FAILED)):
        world = on_gpu()
        assert world.turn is not None
        world.turn.in_the_way = lambda now: BUSY
        await world.with_prompts(3, maxGpuWait=900, lastResort=last_resort)

        run = await world.to_its_end()

        assert run.status is status
        assert 900 <= took_s(run) < 910
        assert world.codes() == ["gpu_busy"]
        assert run.report is not None
        assert "15 minutes of waiting" in run.report.decisions[-1].says
        assert run.report.frames == (3 if last_resort == "frame" else 0)


@scenario
async def test_the_gpu_is_taken_away_in_the_middle_of_a_picture() -> None:
    world = on_gpu()
    world.backend.survives = False
    turn = world.turn
    assert turn is not None
    await world.with_prompts(2)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        turn.in_the_way = lambda now: LEASED if now < 100 else None
        turn.lost.set()
        run = await driven.ended()

    assert world.backend.interrupted == ["0001-cinematic-1"]
    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 2
    assert "gpu_leased" in world.codes()
    assert took_s(run) > 100


@scenario
async def test_quiet_hours() -> None:
    world = on_gpu()
    # It is eight in the evening; the fifth minute past begins the quiet, which ends at nine.
    quiet = {"start": "20:05", "end": "21:00"}
    await world.with_prompts(40, quietHours=quiet, maxGpuWait=60)

    run = await world.to_its_end()

    assert made(await world.shots) == 40
    assert world.codes() == ["quiet_hours"]
    [until] = {one.until for seen in world.seen for one in seen.waiting_on}
    assert until is not None
    assert until.hour == 21
    assert 3600 < took_s(run) < 3600 + 110


@scenario
async def test_the_engine_dies_at_image_37_of_48() -> None:
    world = World()
    world.swarm = Swarm(world.backend, phase=Phase.READY)
    await world.with_prompts(48)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 36)
        world.backend.die()
        run = await driven.ended()

    assert world.swarm.starts == 1
    assert [shot.status for shot in await world.shots] == [ShotStatus.DONE] * 48
    assert len(world.backend.made) == 48
    [mended] = [shot for shot in await world.shots if shot.steps]
    assert [step.remedy for step in mended.steps] == [Remedy.RESTART_ENGINE]
    assert run.report is not None
    assert (run.report.done, run.report.degraded) == (48, 0)
    assert {"engine_starting", "engine_loading"} <= set(world.codes())


@scenario
async def test_an_engine_that_was_launched_a_moment_ago_is_not_launched_at_once() -> None:
    world = World()
    world.backend.is_up = False
    world.swarm = Swarm(world.backend)
    world.swarm.faults = [LaunchedTooSoon(40), SwarmUiFailed("it ended with the exit code 1")]
    await world.with_prompts(2)

    run = await world.to_its_end()

    assert made(await world.shots) == 2
    assert world.codes() == ["engine_starting", "engine_down", "engine_starting", "engine_loading"]
    assert took_s(run) < 40 + 15 + 30 + 20 + 5


@scenario
async def test_an_engine_that_is_not_installed_is_not_waited_for() -> None:
    world = World()
    world.backend.is_up = False
    failure = SwarmUiFailed("STORYLOOM_SWARMUI_DIR is not set")
    failure.__cause__ = Misconfigured("STORYLOOM_SWARMUI_DIR is not set")
    world.swarm = Swarm(world.backend, faults=[failure] * 9)
    await world.with_prompts(2)

    run = await world.to_its_end()

    assert run.report is not None
    assert run.report.frames == 2
    assert "STORYLOOM_SWARMUI_DIR" in run.report.decisions[0].says
    assert took_s(run) < 5


@scenario
async def test_no_gpu_is_waited_for_where_no_engine_is_installed() -> None:
    world = on_gpu()
    assert world.turn is not None
    world.turn.in_the_way = lambda now: HOT
    world.backend.is_up = False
    missing = Misconfigured("STORYLOOM_SWARMUI_DIR is no folder: /opt/none")
    world.swarm = Swarm(world.backend, missing=missing)
    await world.with_prompts(2)

    run = await world.to_its_end()

    assert run.report is not None
    assert run.report.frames == 2
    assert "STORYLOOM_SWARMUI_DIR" in run.report.decisions[0].says
    assert took_s(run) < 5


@scenario
async def test_an_engine_that_may_not_be_started() -> None:
    world = World()
    world.backend.is_up = False
    world.swarm = Swarm(world.backend)
    await world.with_prompts(1, autoStart=False, maxGpuWait=30)

    run = await world.to_its_end()

    assert world.swarm.starts == 0
    assert run.report is not None
    assert "autoStart is off" in run.report.decisions[0].says


@scenario
async def test_an_engine_that_somebody_else_has_to_start() -> None:
    world = World()
    world.backend.is_up = False
    await world.with_prompts(1)

    async with world.directed() as driven:
        await driven.until(lambda run, _: "engine_down" in {one.code for one in run.waiting_on})
        world.backend.is_up = True
        await driven.ended()

    assert made(await world.shots) == 1


@scenario
async def test_memory_does_not_suffice_once_or_for_good() -> None:
    world = World()

    def says(request: ImageRequest, asked: int) -> OutOfMemory | None:
        is_large = request.prompt.endswith("b2")
        return OutOfMemory("CUDA out of memory") if asked == 1 or is_large else None

    world.backend.says = says
    await world.with_prompts(2)

    await world.to_its_end()

    first, second = await world.shots
    assert (first.status, [step.remedy for step in first.steps]) == (
        ShotStatus.DONE,
        [Remedy.FREE_MEMORY],
    )
    assert (second.status, [step.remedy for step in second.steps]) == (
        ShotStatus.DEGRADED,
        [Remedy.FREE_MEMORY, Remedy.FRAME],
    )
    assert world.backend.freed == 2


@scenario
async def test_a_backend_that_makes_several_at_a_time_is_given_several() -> None:
    world = World()
    world.backend.at_once = 4
    await world.with_prompts(12)

    run = await world.to_its_end()

    assert world.backend.most == 4
    assert took_s(run) < 40


@scenario
async def test_another_backend_stands_in_with_needs_of_its_own() -> None:
    model = PictureBackend("model", takes_s=3)
    world = World(others={Backend.MODEL: model})
    world.backend.is_up = False
    await world.with_prompts(3, maxGpuWait=60)

    run = await world.to_its_end()

    assert [shot.version and shot.version.backend for shot in await world.shots] == ["model"] * 3
    assert run.report is not None
    assert (run.report.degraded, run.report.frames) == (3, 0)


@scenario
async def test_nothing_but_frames_is_configured() -> None:
    world = World()
    await world.with_prompts(3, backend="frames")

    run = await world.to_its_end()

    assert run.report is not None
    assert (run.report.done, run.report.frames) == (3, 0)
    assert all(shot.version and shot.version.is_frame for shot in await world.shots)
