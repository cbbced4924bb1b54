"""Asking a language model, once more with what was wrong, and then no more.

What a provider fails at (time, quota, key) passes through: whoever runs the story waits or gives up. What a
model answers wrongly, or refuses for its content, is ours: rules take over, and say so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from anyio import to_thread
from pydantic import BaseModel

from storyloom.errors import BadAnswer, ContentBlocked, Truncated
from storyloom.llm.ports import Asks
from storyloom.llm.schemas import Question
from storyloom.story.script.hygiene import on_one_line

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")
_MOST_TOLD = 12
_LONGEST_TOLD = 300


@dataclass(frozen=True, slots=True)
class Verdict(Generic[T]):
    """What stands of an answer; with complaints, the model can do better."""

    value: T | None  #: None where nothing of it can be used
    complaints: tuple[str, ...] = ()  #: what was wrong, for the model
    stand_in: str = ""  #: says which model answered in place of the wanted one, where one did


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of asking."""

    value: T | None
    why: str = ""  #: a phrase that says why there is nothing, or less
    remarks: tuple[str, ...] = ()  #: sentences on how the answer came about


async def asked(model: Asks, question: Question[A], judge: Callable[[A], Verdict[T]]) -> Outcome[T]:
    """Ask, and once more with the complaints; then what stands is taken, or nothing."""
    try:
        first = await _tried(model, question, judge)
        if not first.complaints:
            return Outcome(first.value, remarks=_remarks(first))
        again = replace(
            question,
            complaint=_told(first.complaints),
            max_output_tokens=question.max_output_tokens * 2,
        )
        second = await _tried(model, again, judge)
    except ContentBlocked as fault:
        return Outcome(None, f"it refuses the content ({on_one_line(fault.message)[:120]})")
    why = "its answer could not be used" if second.value is None else ""
    return Outcome(second.value, why, _remarks(second))


async def _tried(
    model: Asks, question: Question[A], judge: Callable[[A], Verdict[T]]
) -> Verdict[T]:
    try:
        answer = await model.ask(question)
    except Truncated:
        return Verdict(None, ("the answer was cut off; be shorter",))
    except BadAnswer as fault:
        return Verdict(None, (f"the answer has not the shape that was asked for: {fault.message}",))
    verdict = await to_thread.run_sync(judge, answer.value)
    return replace(verdict, stand_in="" if answer.stand_in is None else answer.stand_in.says)


def _remarks(verdict: Verdict[T]) -> tuple[str, ...]:
    return (verdict.stand_in,) if verdict.stand_in else ()


def _told(complaints: tuple[str, ...]) -> str:
    rows = [f"- {on_one_line(one)[:_LONGEST_TOLD]}" for one in dict.fromkeys(complaints)]
    begin = "The earlier answer cannot be used as it is. Mend this, and answer again in full:"
    return "\n".join([begin, *rows[:_MOST_TOLD]])
