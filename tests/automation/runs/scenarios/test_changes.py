"""Stories that are changed while their pictures are made, or after."""

import asyncio
from typing import Any

import pytest

from storyloom.automation.runs.commands import Wish
from storyloom.automation.runs.directing import scribe
from storyloom.automation.runs.schemas import ShotStatus
from storyloom.errors import ModelNotFound, Unreachable
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import new_job_id
from tests.automation.runs.scenarios.scenes import FIRST, LAST, SECOND, a_scene, one_made, painted
from tests.automation.runs.scenarios.test_orders import again
from tests.automation.runs.scenarios.world import ORG, World, is_making, made, scenario


@scenario
async def test_a_beat_that_changes_before_its_picture_is_written_anew() -> None:
    async with one_made() as (world, driven):
        await world.tell(FIRST, action="Too late")
        await world.tell(LAST, action="In time")
        await driven.ended()

    assert painted(world) == [f"Somebody does {FIRST}", f"Somebody does {SECOND}", "In time"]
    # What is made already is not paid for again.
    assert dict(world.author.written) == {FIRST: 1, SECOND: 1, LAST: 2}


@scenario
async def test_a_change_of_which_nobody_is_told_is_heeded_when_the_picture_is_begun() -> None:
    async with one_made() as (world, driven):
        world.announcer.changed = lambda key: None
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(scribe, "FOLLOW_S", 600)
            await asyncio.sleep(9)
            await world.tell(LAST, action="In the last moment")
            await driven.ended()

    assert painted(world)[-1] == "In the last moment"
    assert world.author.written[LAST] == 2


@scenario
async def test_a_run_that_goes_on_after_a_failure_writes_what_has_changed() -> None:
    world = World()
    missing = ModelNotFound("There is no model flux.")
    world.backend.says = lambda request, asked: (
        missing if FIRST in request.prompt and asked == 1 else None
    )
    await a_scene(world, lastResort="fail")
    await world.to_its_end()
    await world.tell(FIRST, action="Somebody sings")
    await world.tell(SECOND, action="Somebody sleeps")

    await world.orders.retry(ORG, world.id)
    await again(world)

    assert painted(world)[-1] == "Somebody sings"
    assert dict(world.author.written) == {FIRST: 2, SECOND: 1, LAST: 1}
    assert made(await world.shots) == 3


@scenario
async def test_another_picture_is_made_of_the_words_of_the_changed_beat() -> None:
    world = World()
    await a_scene(world)
    await world.to_its_end()
    await world.tell(SECOND, action="Somebody sleeps")

    await world.orders.regenerate(ORG, world.id, "0002-cinematic-1", Wish(seed=7))
    await again(world)

    _, second, _ = await world.shots
    assert [version.prompt.partition(",")[0] for version in second.versions] == [
        f"Somebody does {SECOND}",
        "Somebody sleeps",
    ]
    assert second.version is not None
    assert second.version.seed == 7
    assert second.origins[1] != second.origins[2]
    assert dict(world.author.written) == {FIRST: 1, SECOND: 2, LAST: 1}


@scenario
async def test_another_picture_is_asked_for_while_the_run_goes_on() -> None:
    world = World()
    await a_scene(world)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 2)
        await world.tell(FIRST, action="Somebody sings")
        await world.orders.regenerate(ORG, world.id, "0001-cinematic-1", Wish(seed=7))
        await driven.ended()

    assert painted(world)[-1] == "Somebody sings"
    assert world.author.written[FIRST] == 2


@scenario
async def test_words_that_somebody_has_given_stay() -> None:
    world = World()
    await a_scene(world)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        await world.prompts(**{SECOND: "Mine"})
        wish = Wish(seed=7, prompt="Mine too")
        await world.orders.regenerate(ORG, world.id, "0003-cinematic-1", wish)
        await world.tell(SECOND, action="Somebody sleeps")
        await world.tell(LAST, action="Somebody sleeps")
        await driven.ended()

    assert painted(world)[1:] == ["Mine", "Mine too"]
    assert dict(world.author.written) == {FIRST: 1, SECOND: 1, LAST: 1}


@scenario
async def test_a_look_counts_for_those_pictures_that_show_it() -> None:
    world = World()
    maria = {"id": "maria", "name": "Maria", "look": "red cap"}
    beats = [
        {"beatId": "a", "action": "Teo waits"},
        {"beatId": "b", "action": "Maria waits", "characters": ["maria"]},
        {"beatId": "c", "action": "Maria runs", "characters": ["maria"]},
    ]
    bible = {"characters": [maria]}
    await world.session(analyzedEpisode={"scenes": [{"beats": beats}], "bible": bible})
    await world.accept()

    def dressed(document: dict[str, Any]) -> None:
        document["analyzedEpisode"]["bible"] = {"characters": [maria | {"look": "blue cap"}]}

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 1)
        await asyncio.sleep(1)
        await world.edit(dressed)
        await driven.ended()

    # The second was being made just then.
    assert dict(world.author.written) == {"a": 1, "b": 1, "c": 2}


@scenario
async def test_a_process_dies_while_it_writes_anew() -> None:
    async with one_made() as (world, driven):
        world.author.takes_s = 60
        await world.tell(LAST, action="In time")
        await driven.until(lambda _, shots: shots[2].status is ShotStatus.WAITING)
        await driven.crash()
    world.author.takes_s = 1
    await world.to_its_end()

    assert painted(world)[-1] == "In time"
    assert list(world.backend.made.values()) == [1] * 3


@scenario
async def test_a_beat_changes_while_nobody_has_the_run() -> None:
    async with one_made() as (world, driven):
        await driven.crash()
    await world.tell(SECOND, action="Begun with other words")
    await world.tell(LAST, action="In time")
    await world.to_its_end()

    # The second had been begun: the engine has it already.
    assert painted(world)[-1] == "In time"
    assert list(world.backend.made.values()) == [1] * 3
    assert dict(world.author.written) == {FIRST: 1, SECOND: 1, LAST: 2}


@scenario
async def test_a_beat_that_changes_twice_is_written_twice() -> None:
    world = World()
    await a_scene(world)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: is_making(shots))
        world.author.takes_s = 5
        await world.tell(LAST, action="Once")
        await driven.until(lambda _, shots: shots[2].status is ShotStatus.WAITING)
        await world.tell(LAST, action="Twice")
        await driven.ended()

    assert painted(world)[-1] == "Twice"
    assert world.author.written[LAST] == 3


@scenario
async def test_the_picture_waits_for_its_words_also_when_it_is_the_last() -> None:
    world = World()
    await a_scene(world)

    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 2)
        world.author.takes_s = 40
        await world.orders.cancel_shot(ORG, world.id, "0003-cinematic-1")
        await world.tell(FIRST, action="Somebody sings")
        await world.orders.regenerate(ORG, world.id, "0001-cinematic-1", Wish(seed=7))
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert painted(world)[-1] == "Somebody sings"
    assert "writing_prompts" in world.codes()


@scenario
async def test_a_session_that_goes_while_its_words_are_written_anew() -> None:
    async with one_made() as (world, driven):
        world.author.takes_s = 30
        await world.tell(LAST, action="Somebody sleeps")
        await driven.until(lambda _, shots: shots[2].status is ShotStatus.WAITING)
        await world.sessions.delete(ORG, str(world.key.timestamp))
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert painted(world)[-1] == f"Somebody does {LAST}", "of the words that there were"


@scenario
async def test_a_model_that_is_away_is_waited_for_here_too() -> None:
    async with one_made() as (world, driven):
        world.author.says = lambda beat, asked: (
            Unreachable("The model does not answer.") if asked in {2, 3} else None
        )
        await world.tell(LAST, action="In time")
        await driven.ended()

    assert painted(world)[-1] == "In time"


@scenario
async def test_prompts_that_another_service_writes_are_not_written_here() -> None:
    world = World()
    await a_scene(world, stopAfter="prompts")
    await world.to_its_end()

    def elsewhere(document: dict[str, Any]) -> None:
        document["promptMode"] = "storyswarm"

    await world.edit(elsewhere)
    await world.tell(FIRST, action="Somebody sings")
    world.id = new_job_id()
    await world.accept()
    await world.to_its_end()

    assert painted(world)[0] == f"Somebody does {FIRST}"
    assert sum(world.author.written.values()) == 3


@scenario
async def test_a_run_that_stops_before_pictures_writes_anew_too() -> None:
    world = World()
    await a_scene(world, stopAfter="prompts")
    await world.to_its_end()
    await world.tell(FIRST, action="Somebody sings")

    world.id = new_job_id()
    await world.accept(stopAfter="prompts")
    await world.to_its_end()

    assert dict(world.author.written) == {FIRST: 2, SECOND: 1, LAST: 1}
