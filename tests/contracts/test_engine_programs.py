"""What everybody promises who knows the engine's processes."""

import os

import pytest

from storyloom.adapters.procfs.engine_programs import ProcfsEnginePrograms
from storyloom.automation.runs.ports import EnginePrograms
from storyloom.errors import Unreachable


async def nowhere() -> str:
    raise Unreachable("nothing answers", system="engine")


@pytest.fixture(params=["launched", "unknown"])
def programs(request: pytest.FixtureRequest) -> EnginePrograms:
    if request.param == "launched":
        return ProcfsEnginePrograms(nowhere, os.getpid)
    return ProcfsEnginePrograms(nowhere)


async def test_of_what_it_is_asked_some_are_its_or_nobody_can_tell(
    programs: EnginePrograms,
) -> None:
    asked = frozenset({os.getpid(), 1})

    found = await programs.among(asked)

    assert found is None or found <= asked


async def test_of_nothing_nothing_is_its(programs: EnginePrograms) -> None:
    assert await programs.among(frozenset()) == frozenset()
