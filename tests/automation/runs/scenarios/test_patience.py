"""How long things are borne, and what is told of them meanwhile."""

import asyncio
import json
from itertools import pairwise

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.errors import NotStopped
from storyloom.automation.runs.directing.notices import WORDS_EVERY_S
from storyloom.automation.runs.directing.obstacles import Obstacle
from storyloom.automation.runs.schemas import Remedy, ShotStatus, Stage, WaitCode
from storyloom.automation.runs.state import Runs
from storyloom.automation.runs.told import RunTeller
from storyloom.automation.schemas import Phase, SwarmStopped
from storyloom.errors import (
    Busy,
    ContentBlocked,
    InvalidInput,
    KeyRefused,
    OutOfMemory,
    RateLimited,
    Unavailable,
)
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import ImageRequest, Picture, Progress
from storyloom.jobs.schemas import JobStatus
from tests.automation.runs.scenarios.doubles import PictureBackend, Swarm, Turn, Writer
from tests.automation.runs.scenarios.world import World, made, scenario, took_s
from tests.storyboard.test_telling import Noted


class Loading(PictureBackend):
    """Loads its model for a minute."""

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        watch(Progress(fraction=0, says="loading the model"))
        await asyncio.sleep(60)
        watch(Progress(fraction=0.1))
        return await super().generate(request, watch)


@scenario
async def test_a_backend_tells_why_nothing_moves() -> None:
    world = World(backend=Loading("swarmui"))
    await world.with_prompts(1)

    await world.to_its_end()

    assert world.codes() == ["engine_loading"]
    [detail] = {one.detail for run in world.seen for one in run.waiting_on}
    assert detail == "loading the model"
    assert Stage.GENERATING_IMAGES in {run.stage for run in world.seen}


@scenario
async def test_progress_is_told_once_a_second() -> None:
    world = World()
    await world.with_prompts(1)

    async with world.directed() as driven:
        await asyncio.sleep(3)
        [shot] = await world.shots
        assert (shot.status, shot.progress) == (ShotStatus.MAKING, 0.5)
        await driven.ended()

    [shot] = await world.shots
    assert shot.progress is None


@scenario
async def test_other_words_of_the_same_reason_are_told_now_and_then() -> None:
    noted, world = Noted(), World()
    world.turn = Turn(_busier_each_moment)
    world.backend.needs_gpu = True
    world.runs = MemoryRunStore(RunTeller(noted, world.clock))
    world.orders = Runs(world.runs, world.engine, world.bells, world.clock)
    await world.with_prompts(1)

    await world.to_its_end()

    waits = [draft for draft in noted.drafts if "waiting_on" in draft.data]
    said = [json.dumps(draft.data["waiting_on"]) for draft in waits]
    assert [draft.type for draft in waits] == ["job.waiting", *["job.progress"] * (len(waits) - 1)]
    assert len(said) == len(set(said))
    between = [(two.at - one.at).total_seconds() for one, two in pairwise(waits)]
    assert min(between) >= WORDS_EVERY_S
    assert 60 / (WORDS_EVERY_S + 2.5) <= len(waits) <= 60 / WORDS_EVERY_S + 1


def _busier_each_moment(now: float) -> Obstacle | None:
    return None if now > 60 else Obstacle(WaitCode.GPU_BUSY, f"It is busy for {now:.2f} seconds")


@scenario
async def test_a_picture_that_is_never_finished_is_given_up() -> None:
    world = World()
    world.backend.takes_s = 10**9
    await world.with_prompts(1)

    await world.to_its_end()

    [shot] = await world.shots
    assert [step.remedy for step in shot.steps] == [Remedy.AGAIN] * 3 + [Remedy.FRAME]
    assert shot.steps[0].code == "timeout"


@scenario
async def test_a_backend_that_is_busy_all_night_is_given_up() -> None:
    world = World()
    world.backend.says = lambda request, _: Busy("All backends are occupied.")
    await world.with_prompts(2, maxGpuWait=600)

    run = await world.to_its_end()

    assert "engine_busy" in world.codes()
    assert [shot.steps[-1].remedy for shot in await world.shots] == [Remedy.FRAME] * 2
    assert took_s(run) < 1200


@scenario
async def test_the_gpu_is_not_kept_from_others_while_there_is_nothing_to_make() -> None:
    world = World(turn=Turn())
    world.backend.needs_gpu = True
    world.author.takes_s = 200
    world.author.scenes_of = world.author.beats_in = 1
    await world.session(scriptText="A night at sea.")
    await world.accept()

    async with world.directed() as driven:
        assert world.turn is not None
        await asyncio.sleep(30)
        assert (world.turn.looks, world.turn.given_back) == (1, 0)
        await asyncio.sleep(60)
        assert world.turn.given_back == 1
        await driven.ended()

    assert world.turn.looks == 2
    assert made(await world.shots) == 1


@scenario
async def test_the_gpu_is_not_warmed_up_for_what_is_made_already() -> None:
    world = World(turn=Turn())
    world.backend.needs_gpu = True
    await world.with_prompts(1)
    await world.to_its_end()
    assert world.turn is not None
    before = world.turn.looks

    await world.runs.change(
        world.id, lambda run: run.model_copy(update={"status": JobStatus.PROCESSING})
    )
    await world.to_its_end()

    assert world.turn.looks == before


@scenario
async def test_what_gave_up_warming_up_may_be_there_when_it_is_needed() -> None:
    world = World(turn=Turn())
    assert world.turn is not None
    busy = Obstacle(WaitCode.GPU_BUSY, "Somebody computes on the GPU")
    world.turn.in_the_way = lambda now: busy if now < 100 else None
    world.backend.needs_gpu = True
    world.author.takes_s = 100
    world.author.scenes_of = world.author.beats_in = 1
    await world.session(scriptText="A night at sea.")
    await world.accept(maxGpuWait=10)

    await world.to_its_end()

    [shot] = await world.shots
    assert shot.status is ShotStatus.DONE


@scenario
async def test_a_model_that_may_not_be_asked_is_replaced_by_the_usual_one() -> None:
    world = World()
    world.forbidden = {"x:y"}
    await world.session(scriptText="A night at sea.", selectedLLM="x:y")
    await world.accept()

    run = await world.to_its_end()

    assert run.degraded[0].endswith("x:y, so the usual author writes.")
    assert sum(world.author.written.values()) == 12


@scenario
async def test_a_language_model_may_ask_us_to_wait_or_refuse_our_key() -> None:
    for fault, waits in (
        (RateLimited("Slow down.", retry_after_s=30), True),
        (KeyRefused(), False),
    ):
        world = World()
        world.author.says = lambda beat, asked, fault=fault: fault if asked == 1 else None
        await world.session(scriptText="A night at sea.")
        await world.accept()

        run = await world.to_its_end()

        assert made(await world.shots) == 12
        assert ("rate_limit" in world.codes()) is waits
        assert bool(run.degraded) is not waits


class Unreadable(Writer):
    """A script that nobody can read, or that cannot be read at the first try."""

    faults: list[Exception]

    async def _work(self) -> None:
        if self.faults:
            raise self.faults.pop(0)


@scenario
async def test_a_script_that_cannot_be_read_says_so() -> None:
    world = World(author=Unreadable())
    world.author.faults = [InvalidInput("It is no script.")]  # pyright: ignore[reportAttributeAccessIssue]
    await world.session(scriptText="\x00")
    await world.accept()

    run = await world.to_its_end()

    assert (run.status, run.error_message) == (JobStatus.FAILED, "It is no script.")


@scenario
async def test_reading_a_script_goes_on_after_a_fault() -> None:
    world = World(author=Unreadable())
    world.author.faults = [Unavailable("Away."), Unavailable("Away.")]  # pyright: ignore[reportAttributeAccessIssue]
    await world.session(scriptText="A night at sea.")
    await world.accept()

    run = await world.to_its_end()

    assert made(await world.shots) == 12
    assert run.degraded == ()


class Grudging(PictureBackend):
    """Does not give its memory back."""

    async def free(self) -> None:
        raise Unavailable("It does not answer.")


@scenario
async def test_memory_that_is_not_given_back_is_no_end() -> None:
    world = World(backend=Grudging("swarmui"))
    world.backend.says = lambda request, asked: OutOfMemory() if asked == 1 else None
    await world.with_prompts(1)

    await world.to_its_end()

    assert made(await world.shots) == 1


class Silent:
    """A softener that is away."""

    async def soften(self, prompt: str, why: str) -> str:
        raise Unavailable("Away.")


@scenario
async def test_without_milder_words_the_next_step_is_taken() -> None:
    world = World(softener=Silent())
    world.backend.says = lambda request, _: ContentBlocked("No.")
    await world.with_prompts(1)

    await world.to_its_end()

    [shot] = await world.shots
    assert [step.remedy for step in shot.steps] == [Remedy.RESEED, Remedy.FRAME]


class Busybody(Swarm):
    """Somebody else uses it."""

    async def stop(self, *, force: bool) -> SwarmStopped:
        self.stops += 1
        raise NotStopped("It is generating.")


@scenario
async def test_an_engine_that_others_use_is_left_running() -> None:
    world = World()
    world.backend.is_up = False
    world.swarm = Busybody(world.backend)
    await world.with_prompts(1, autoShutdown=True)

    run = await world.to_its_end()

    assert (run.status, world.swarm.stops) == (JobStatus.COMPLETED, 1)


@scenario
async def test_an_engine_that_was_there_before_is_left_running() -> None:
    world = World()
    world.swarm = Swarm(world.backend, phase=Phase.READY)
    await world.with_prompts(1, autoShutdown=True)

    run = await world.to_its_end()

    assert (run.started_engine, world.swarm.stops) == (False, 0)


@scenario
async def test_an_engine_that_refuses_us_is_not_waited_for() -> None:
    class Refusing(PictureBackend):
        async def ping(self) -> None:
            raise KeyRefused("It wants to know who asks.")

    world = World(backend=Refusing("swarmui"))
    await world.with_prompts(1)

    run = await world.to_its_end()

    assert run.report is not None
    assert "who asks" in run.report.decisions[0].says
    assert took_s(run) < 2
