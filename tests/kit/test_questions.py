"""Asking parts that may be slow or away."""

import anyio
import pytest
from anyio import CancelScope

from storyloom.errors import Unavailable
from storyloom.kit.questions import Questions


class Part:
    """A part whose statements are shielded, as those of a database are."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers = anyio.Event()

    async def answer(self) -> None:
        self.asked += 1
        with CancelScope(shield=True):
            await self.answers.wait()


async def test_an_answer_is_waited_for() -> None:
    async with anyio.create_task_group() as tasks:
        questions = Questions(tasks)
        part = Part()
        part.answers.set()

        await questions.ask("part", part.answer, 10)

        assert part.asked == 1


async def test_what_hangs_is_waited_for_only_so_long_though_it_is_shielded() -> None:
    async with anyio.create_task_group() as tasks:
        questions = Questions(tasks)
        part = Part()

        with pytest.raises(TimeoutError):
            await questions.ask("part", part.answer, 0.01)

        part.answers.set()


async def test_a_question_that_is_open_is_not_asked_again() -> None:
    async with anyio.create_task_group() as tasks:
        questions = Questions(tasks)
        part = Part()

        for _ in range(3):
            with pytest.raises(TimeoutError):
                await questions.ask("part", part.answer, 0.01)

        assert part.asked == 1
        part.answers.set()


async def test_when_it_is_answered_it_can_be_asked_again() -> None:
    async with anyio.create_task_group() as tasks:
        questions = Questions(tasks)
        part = Part()
        part.answers.set()

        await questions.ask("part", part.answer, 10)
        await questions.ask("part", part.answer, 10)

        assert part.asked == 2


@pytest.mark.parametrize("fault", [Unavailable("Away."), RuntimeError("a bug")])
async def test_a_fault_is_for_who_asked_and_for_nobody_else(fault: Exception) -> None:
    async with anyio.create_task_group() as tasks:
        questions = Questions(tasks)

        async def fails() -> None:
            raise fault

        with pytest.raises(type(fault), match=str(fault)):
            await questions.ask("part", fails, 10)

        part = Part()
        part.answers.set()
        await questions.ask("other", part.answer, 10)
        assert part.asked == 1
