"""Pictures that are refused: every step down the ladder can be seen in the morning."""

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.schemas import Remedy, ShotStatus
from storyloom.errors import ContentBlocked, Interrupted, ModelNotFound, ServerFault
from storyloom.imaging.schemas import ImageRequest
from storyloom.outbound.schemas import StandIn
from tests.automation.runs.scenarios.doubles import PictureBackend
from tests.automation.runs.scenarios.world import World, beats, scenario

BLOODY = "A bloody knife"


async def refused(world: World, prompt: str = BLOODY, **config: object) -> None:
    await world.session(analyzedEpisode={"beats": beats("b1", b1=prompt)})
    await world.accept(**config)


@scenario
async def test_another_seed_may_do() -> None:
    world = World()
    world.backend.says = lambda request, asked: ContentBlocked("No.") if asked == 1 else None
    await refused(world)

    await world.to_its_end()

    [shot] = await world.shots
    assert (shot.status, [step.remedy for step in shot.steps]) == (
        ShotStatus.DONE,
        [Remedy.RESEED],
    )
    first, second = world.backend.requests
    assert (first.prompt, first.seed != second.seed) == (second.prompt, True)


@scenario
async def test_milder_words_may_do_and_are_shown() -> None:
    world = World()
    world.backend.says = lambda request, _: (
        ContentBlocked("No.") if "bloody" in request.prompt else None
    )
    await refused(world)

    run = await world.to_its_end()

    [shot] = await world.shots
    assert [step.remedy for step in shot.steps] == [Remedy.RESEED, Remedy.SOFTEN]
    softening = shot.steps[-1]
    assert softening.before == BLOODY
    assert softening.after.startswith("A battered knife")
    assert shot.status is ShotStatus.DEGRADED
    assert shot.version is not None
    assert shot.version.prompt == softening.after
    assert run.report is not None
    assert run.report.decisions[0].says == "It was painted with milder words: No."


@scenario
async def test_another_backend_may_do() -> None:
    other = PictureBackend("comfyui")
    world = World(others={Backend.COMFYUI: other})
    world.backend.says = lambda request, _: ContentBlocked("No.")
    await refused(world)

    run = await world.to_its_end()

    [shot] = await world.shots
    assert [step.remedy for step in shot.steps] == [
        Remedy.RESEED,
        Remedy.SOFTEN,
        Remedy.OTHER_BACKEND,
    ]
    assert (shot.steps[-1].before, shot.steps[-1].after) == ("swarmui", "comfyui")
    assert shot.version is not None
    assert shot.version.backend == "comfyui"
    assert run.report is not None
    assert run.report.decisions[0].says == "Another backend made it: No."


@scenario
async def test_another_model_of_the_backend_is_told() -> None:
    says = "a:one (quota: No more) did not answer, so b:two answered in its place."
    world = World()
    world.backend.stand_in = StandIn("a:one", "b:two", "quota", says)
    await refused(world, "A ship")

    run = await world.to_its_end()

    [shot] = await world.shots
    [step] = shot.steps
    assert (shot.status, step.remedy, step.code) == (
        ShotStatus.DEGRADED,
        Remedy.OTHER_MODEL,
        "quota",
    )
    assert (step.backend, step.before, step.after) == ("swarmui", "a:one", "b:two")
    assert run.report is not None
    assert run.report.degraded == 1
    [decision] = run.report.decisions
    assert (decision.code, decision.says) == ("quota", f"Another model made it: {says}")


@scenario
async def test_nobody_makes_it() -> None:
    other = PictureBackend("comfyui", says=lambda request, _: ContentBlocked("Never."))
    for last_resort, status in (("frame", ShotStatus.DEGRADED), ("fail", ShotStatus.FAILED)):
        world = World(others={Backend.COMFYUI: other})
        world.backend.says = lambda request, _: ContentBlocked("No.")
        await refused(world, lastResort=last_resort)

        run = await world.to_its_end()

        [shot] = await world.shots
        assert shot.status is status
        # The words are mild by then; another seed is tried at the other backend too.
        assert [step.remedy for step in shot.steps][2:4] == [Remedy.OTHER_BACKEND, Remedy.RESEED]
        assert run.report is not None
        assert run.report.decisions[-1].code == "blocked"
        assert "Never." in run.report.decisions[-1].says


@scenario
async def test_a_model_that_is_missing_is_not_asked_for_again() -> None:
    world = World()
    world.backend.says = lambda request, _: ModelNotFound("There is no model flux.")
    await refused(world, "A ship")

    await world.to_its_end()

    [shot] = await world.shots
    assert [step.remedy for step in shot.steps] == [Remedy.FRAME]
    assert world.backend.asked["0001-cinematic-1"] == 1


@scenario
async def test_an_interrupted_picture_is_made_again_but_not_for_ever() -> None:
    for fault in (Interrupted("Somebody stopped it."), ServerFault("A bug.")):
        world = World()
        world.backend.says = lambda request, _, fault=fault: fault
        await refused(world, "A ship", lastResort="fail")

        await world.to_its_end()

        [shot] = await world.shots
        assert shot.status is ShotStatus.FAILED
        assert [step.remedy for step in shot.steps] == [Remedy.AGAIN] * 3
        assert len({request.work for request in world.backend.requests}) == 4


@scenario
async def test_a_fault_that_nobody_expected_costs_one_picture() -> None:
    world = World()

    def says(request: ImageRequest, asked: int) -> None:
        # Not in all of the request: ids in it may have the same letters.
        if "b1" in request.prompt:
            raise ZeroDivisionError

    world.backend.says = says
    await world.with_prompts(2, lastResort="fail")

    await world.to_its_end()

    first, second = await world.shots
    assert (first.status, first.error_code) == (ShotStatus.FAILED, "internal")
    assert second.status is ShotStatus.DONE


@scenario
async def test_a_prompt_that_is_too_long_says_so() -> None:
    world = World()
    await refused(world, "x" * 8001, lastResort="fail")

    await world.to_its_end()

    [shot] = await world.shots
    assert (shot.status, shot.error_code) == (ShotStatus.FAILED, "invalid_input")
    assert "prompt" in (shot.error_message or "")


@scenario
async def test_even_frames_may_fail() -> None:
    world = World()
    world.backend.says = lambda request, _: ModelNotFound("There is no model flux.")
    world.frames.says = lambda request, _: ServerFault("No fonts.")
    await refused(world, "A ship")

    await world.to_its_end()

    [shot] = await world.shots
    assert (shot.status, shot.error_message) == (ShotStatus.FAILED, "No fonts.")
