"""The doctor of a server: one examination at a time, believed for some seconds."""

from pathlib import Path

import anyio
import pytest

from storyloom.bootstrap.diagnosis.doctor import BELIEVED_FOR, Doctor
from storyloom.kit.clock import ManualClock
from storyloom.kit.diagnosis import Diagnosis
from storyloom.settings import Settings


@pytest.fixture(autouse=True)
def _no_blocking_calls(blocking_calls_allowed: None) -> None:
    """It has an event loop of its own, which serves nobody."""


@pytest.fixture
def doctor(tmp_path: Path, clock: ManualClock) -> Doctor:
    return Doctor(Settings(data_dir=tmp_path / "data", nvidia_smi="none"), clock)


async def test_it_is_looked_at_anew_when_it_is_old_or_when_asked_to(
    doctor: Doctor, clock: ManualClock
) -> None:
    first = await doctor.diagnosis()
    clock.advance(BELIEVED_FOR.total_seconds())
    second = await doctor.diagnosis()
    clock.advance(1)
    third = await doctor.diagnosis(fresh=True)
    clock.advance(BELIEVED_FOR.total_seconds() + 1)
    fourth = await doctor.diagnosis()

    assert first is second
    assert first.looked_at < third.looked_at < fourth.looked_at
    assert first.ok
    assert {row.part: row.state for row in first.rows}["GPUs"] == "off"


async def test_those_who_ask_at_the_same_time_are_told_the_same(doctor: Doctor) -> None:
    told: list[Diagnosis] = []

    async def ask() -> None:
        told.append(await doctor.diagnosis(fresh=True))

    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(ask)

    assert told[0] is told[1] is told[2]
