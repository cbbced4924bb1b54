"""A script of one scene, which has three beats, and a run of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from tests.automation.runs.scenarios.world import Driven, World, made

FIRST, SECOND, LAST = "s1-b1", "s1-b2", "s1-b3"


async def a_scene(world: World, **config: Any) -> None:
    world.author.scenes_of = 1
    await world.session(scriptText="A night at sea.")
    await world.accept(**config)


@asynccontextmanager
async def one_made() -> AsyncGenerator[tuple[World, Driven]]:
    """The first picture is there, and the second is begun."""
    world = World()
    await a_scene(world)
    async with world.directed() as driven:
        await driven.until(lambda _, shots: made(shots) == 1)
        yield world, driven


def painted(world: World) -> list[str]:
    """What was asked of the backend, without the style."""
    return [request.prompt.partition(",")[0] for request in world.backend.requests]
