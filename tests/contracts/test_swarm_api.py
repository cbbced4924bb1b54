"""What everything promises that speaks to SwarmUI; `SWARMUI_URL` names a real one to try it on."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from storyloom.adapters.swarmui._late import open_late_swarm_api
from storyloom.adapters.swarmui.swarm_api import open_swarm_api
from storyloom.automation.ports import SwarmApi
from tests.swarmui.double import Behaviour, swarm_double

REAL = "SWARMUI_URL"


@pytest.fixture(params=["double", "late", "real"])
def kind(request: pytest.FixtureRequest) -> str:
    if request.param == "real" and REAL not in os.environ:  # noqa: TID251
        pytest.skip(f"{REAL} names no SwarmUI")
    return request.param


@asynccontextmanager
async def opened(kind: str) -> AsyncGenerator[tuple[SwarmApi, str]]:
    async with (open_late_swarm_api if kind == "late" else open_swarm_api)() as api:
        if kind == "real":
            yield api, os.environ[REAL]  # noqa: TID251
            return
        async with swarm_double(Behaviour()) as double:
            yield api, double.url


async def test_a_look_says_who_answers(kind: str) -> None:
    async with opened(kind) as (api, url):
        look = await api.look(url)

    assert look.version
    assert look.backend_status


async def test_a_look_is_one_of_three(kind: str) -> None:
    async with opened(kind) as (api, url):
        look = await api.look(url)

    assert not (look.is_broken and look.is_usable)
    assert not (look.is_broken and look.is_loading)


async def test_the_work_is_counted(kind: str) -> None:
    async with opened(kind) as (api, url):
        usage = await api.usage(url)

    assert usage.generations >= 0


async def test_memory_can_be_freed(kind: str) -> None:
    async with opened(kind) as (api, url):
        await api.free_memory(url)
