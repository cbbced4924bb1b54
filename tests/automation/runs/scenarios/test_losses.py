"""Sessions that go or cannot be read, and words that get lost, while pictures are made."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from storyloom.automation.runs.commands import Wish
from storyloom.automation.runs.schemas import ShotStatus
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import JobStatus
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import Aspect
from storyloom.story.readiness import Reading
from storyloom.story.schemas import SessionKey
from storyloom.story.script.schemas import FoundBeat
from tests.automation.runs.scenarios.doubles import prompts_of
from tests.automation.runs.scenarios.scenes import FIRST, LAST, SECOND, a_scene, one_made, painted
from tests.automation.runs.scenarios.world import ORG, World, made, scenario


async def put(world: World, body: bytes) -> None:
    """Another service writes straight into the store."""
    kept = await world.store.get(world.key)
    replacing = None if kept is None else kept.version
    assert await world.store.put(world.key, body, replacing=replacing, at=world.clock.now())


@scenario
async def test_a_session_that_goes_and_comes_again_is_followed_again() -> None:
    async with one_made() as (world, driven):
        document = await world.document()
        await world.sessions.delete(ORG, str(world.key.timestamp))
        await asyncio.sleep(3)
        await world.session(**document)
        await world.tell(LAST, action="In time")
        await driven.ended()

    assert painted(world)[-1] == "In time"


@scenario
async def test_a_session_that_cannot_be_read_for_a_moment_is_followed_again() -> None:
    async with one_made() as (world, driven):
        document = await world.document()
        await put(world, b'{"analyzedEpisode": ')
        await asyncio.sleep(3)
        for beat in document["analyzedEpisode"]["scenes"][0]["beats"]:
            del beat["prompts"]
        await put(world, json.dumps(document).encode())
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert made(await world.shots) == 3


@scenario
async def test_a_picture_is_asked_for_of_a_beat_that_was_changed_before_its_session_went() -> None:
    async with one_made() as (world, driven):
        await world.tell(FIRST, action="Somebody sings")
        await asyncio.sleep(3)
        await world.sessions.delete(ORG, str(world.key.timestamp))
        await asyncio.sleep(3)
        await world.orders.regenerate(ORG, world.id, "0001-cinematic-1", Wish(seed=7))
        await driven.ended()

    assert painted(world)[-1] == f"Somebody does {FIRST}", "of the words that there were"


@scenario
async def test_what_cannot_be_written_anew_is_painted_of_the_words_that_are_there() -> None:
    async with one_made() as (world, driven):
        world.author.says = lambda beat, asked: InvalidInput("It is too long")
        await world.tell(LAST, action="Somebody sleeps")
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert painted(world)[-1] == f"Somebody does {LAST}"
    assert made(await world.shots) == 3


@scenario
async def test_words_that_a_session_loses_are_written_again() -> None:
    def without(document: dict[str, Any]) -> None:
        last = document["analyzedEpisode"]["scenes"][0]["beats"][-1]
        last["imageDecision"]["reason"] = "It says nothing else"
        del last["prompts"], last["promptOrigins"]

    async with one_made() as (world, driven):
        await world.edit(without)
        run = await driven.ended()

    assert run.status is JobStatus.COMPLETED
    assert made(await world.shots) == 3
    assert dict(world.author.written) == {FIRST: 1, SECOND: 1, LAST: 2}


@scenario
async def test_words_that_are_lost_before_anybody_has_looked_are_written_again() -> None:
    world = World()
    await a_scene(world)
    keep = world.sessions.add_written
    losses = iter([True])

    async def kept_and_lost(key: SessionKey, written: Sequence[BeatPrompts]) -> Reading:
        before = await world.store.get(key)
        reading = await keep(key, written)
        if next(losses, False):
            assert before is not None
            await put(world, before.body or b"")
        return reading

    world.sessions.add_written = kept_and_lost
    run = await world.to_its_end()

    assert run.status is JobStatus.COMPLETED
    assert made(await world.shots) == 3


@scenario
async def test_words_that_nobody_finds_are_not_asked_for_for_ever() -> None:
    world = World()

    def wide(beat: FoundBeat) -> BeatPrompts:
        both = prompts_of(beat)
        return both.model_copy(
            update={"prompts": {one: both.prompts[one] for one in [Aspect.CINEMATIC]}}
        )

    world.author.prompts_for = wide
    await a_scene(world, aspects=["cinematic", "vertical"])
    await world.to_its_end()

    assert made(await world.shots) == 3
    assert dict(world.author.written) == {FIRST: 1, SECOND: 1, LAST: 1}


@scenario
async def test_older_words_that_somebody_saves_over_renewed_ones_are_written_anew_again() -> None:
    async with one_made() as (world, driven):
        await world.tell(LAST, action="In time")
        read = await world.document()
        await driven.until(
            lambda _, shots: world.author.written[LAST] == 2 and shots[2].status is ShotStatus.READY
        )
        await world.session(**read)
        await driven.ended()

    assert painted(world)[-1] == "In time"
    assert world.author.written[LAST] == 3
