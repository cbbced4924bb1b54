"""Slow figures: the last known value is told, and how old it is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio import CancelScope

from storyloom.adapters.prometheus._readings import Reading
from storyloom.errors import Unavailable
from storyloom.kit.questions import Questions


class Slow:
    """Something to read, that can be away or slow."""

    def __init__(self) -> None:
        self.looks = 0
        self.fault: Exception | None = None
        self.answers = anyio.Event()
        self.answers.set()

    async def look(self) -> int:
        self.looks += 1
        with CancelScope(shield=True):
            await self.answers.wait()
        if self.fault is not None:
            raise self.fault
        return self.looks


@asynccontextmanager
async def asking() -> AsyncGenerator[Questions]:
    async with anyio.create_task_group() as tasks:
        yield Questions(tasks)


async def again(reading: Reading[int], questions: Questions) -> None:
    reading._took_s = 0
    await reading.refresh(questions, fresh_s=0)


async def test_what_was_never_read_has_no_age() -> None:
    assert Reading("slow", Slow().look, 0).age_s is None


async def test_a_fresh_value_is_not_looked_up_again() -> None:
    slow = Slow()
    reading = Reading("slow", slow.look, 0)

    async with asking() as questions:
        await reading.refresh(questions)
        await reading.refresh(questions)

    assert (reading.value, slow.looks) == (1, 1)
    assert reading.age_s is not None


async def test_an_old_value_is_looked_up() -> None:
    slow = Slow()
    reading = Reading("slow", slow.look, 0)

    async with asking() as questions:
        await reading.refresh(questions)
        await again(reading, questions)

    assert reading.value == 2


async def test_what_takes_long_to_read_is_read_seldom() -> None:
    slow = Slow()
    reading = Reading("slow", slow.look, 0)

    async with asking() as questions:
        await reading.refresh(questions)
        reading._took_s = 60
        await reading.refresh(questions, fresh_s=0)

    assert slow.looks == 1


async def test_while_the_system_is_away_the_last_value_is_told() -> None:
    slow = Slow()
    reading = Reading("slow", slow.look, 0)

    async with asking() as questions:
        await reading.refresh(questions)
        slow.fault = Unavailable("Away.")
        await again(reading, questions)

    assert (reading.value, slow.looks) == (1, 2)


async def test_a_figure_that_is_broken_is_told_once_and_keeps_its_last_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = Slow()
    reading = Reading("slow", slow.look, 0)

    async with asking() as questions:
        await reading.refresh(questions)
        slow.fault = KeyError("used_memory")
        await again(reading, questions)
        await again(reading, questions)
        before = reading.value
        slow.fault = None
        await again(reading, questions)
        told = [record.message for record in caplog.records]
        slow.fault = KeyError("used_memory")
        await again(reading, questions)

    assert (before, reading.value) == (1, 4)
    assert told == ["a figure is broken"]
    assert len(caplog.records) == 2


async def test_what_is_slow_is_not_waited_for_and_told_when_it_is_known() -> None:
    slow = Slow()
    slow.answers = anyio.Event()
    reading = Reading("slow", slow.look, 0)

    async with asking() as questions:
        await reading.refresh(questions, patience_s=0.01)
        before = reading.value
        slow.answers.set()

    assert (before, reading.value) == (0, 1)
