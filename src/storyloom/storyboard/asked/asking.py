"""Asking a language model, and asking once more when its answer cannot stand.

What a provider fails at (time, quota, key, refusal) is the job's affair and passes through. What the
model answers wrongly is ours: it is told what was wrong, once; after that the rules read the source,
and the result says why.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from anyio import to_thread

from storyloom.boards.text import clean
from storyloom.errors import BadAnswer, Truncated
from storyloom.llm.ports import Asks
from storyloom.llm.schemas import Question
from storyloom.storyboard.asked.evidence import Complaint, Judged
from storyloom.storyboard.asked.faults import Fault
from storyloom.storyboard.asked.schemas import SevenFields
from storyloom.storyboard.notes import BY_RULES
from storyloom.storyboard.schemas import Understanding

A = TypeVar("A", bound=SevenFields)
_WHOLE = "the answer"
_MOST_TOLD = 12
_MOST_NOTED = 3
_LONGEST_TOLD = 400


async def asked(model: Asks, question: Question[A], judge: Callable[[A], Judged]) -> Judged:
    """Ask, and once more with what was wrong. What comes back may still have complaints."""
    first = await _tried(model, question, judge)
    if not first.complaints:
        return first
    longer = 2 if any(one.fault is _CUT_OFF for one in first.complaints) else 1
    again = replace(
        question,
        complaint=_told(first.complaints),
        max_output_tokens=question.max_output_tokens * longer,
    )
    return await _tried(model, again, judge)


def by_rules(static: Understanding, *why: str) -> Understanding:
    """The reading by rules, and why there is no better one."""
    return static.model_copy(update={"degraded": (*filter(None, why), *static.degraded)})


def why_not(complaints: Sequence[Complaint]) -> str:
    """Say what was wrong with an answer, without a word of it."""
    reasons = list(dict.fromkeys(f"{one.field} held {one.fault.noted}" for one in complaints))
    more = ["and more"] if len(reasons) > _MOST_NOTED else []
    return f"{BY_RULES}: {', '.join([*reasons[:_MOST_NOTED], *more])}."


_CUT_OFF = Fault("was cut off; be shorter", "only its beginning")


async def _tried(model: Asks, question: Question[A], judge: Callable[[A], Judged]) -> Judged:
    try:
        answer = await model.ask(question)
    except Truncated:
        return Judged({}, complaints=(Complaint(_WHOLE, _CUT_OFF),))
    except BadAnswer as fault:
        told = f"does not have the shape that was asked for: {clean(fault.message, _LONGEST_TOLD)}"
        return Judged(
            {}, complaints=(Complaint(_WHOLE, Fault(told, "something of another shape")),)
        )
    verdict = await to_thread.run_sync(judge, answer.value)
    return replace(verdict, stand_in="" if answer.stand_in is None else answer.stand_in.says)


def _told(complaints: Sequence[Complaint]) -> str:
    rows = dict.fromkeys(f"- {one.field} {one.fault.told}" for one in complaints)
    shown = [clean(row, _LONGEST_TOLD) for row in list(rows)[:_MOST_TOLD]]
    return "\n".join(
        ["The earlier answer cannot be used. Mend this, and answer again in full:", *shown]
    )
