"""What calls to models cost, as queries sum it up, and who may see it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from storyloom.access.schemas import Scope
from storyloom.adapters.sql._tables import model_calls as t
from storyloom.adapters.sql._types import UsDollars

_NOTHING = sa.literal(Decimal(0), UsDollars)
_STEPS_OF_RUNS = ("beats", "prompts", "images")


def sums(calls: sa.FromClause) -> Sequence[sa.ColumnElement[Any]]:
    """The fields of `Spent`, over the calls of a group."""
    c = calls.c
    return (
        sa.func.coalesce(sa.func.sum(c.cost_usd), _NOTHING).label("cost_usd"),
        sa.func.count().label("calls"),
        sa.func.count().filter(c.cost_usd.is_(None)).label("unknown_calls"),
        sa.func.coalesce(sa.func.sum(c.input_tokens), 0).label("input_tokens"),
        sa.func.coalesce(sa.func.sum(c.output_tokens), 0).label("output_tokens"),
    )


def scope_of_call() -> sa.ColumnElement[str]:
    """What a key has to cover to see a call. Of calls that were kept without it, their steps tell."""
    by_step = sa.case((t.c.step.in_(_STEPS_OF_RUNS), Scope.STORIES), else_=Scope.STORYBOARDS)
    return sa.func.coalesce(t.c.scope, by_step)
