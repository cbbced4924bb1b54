"""The route of figures: parse, call one method, return."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BeforeValidator, Field

from storyloom.kit.written import written
from storyloom.work.counting import Counting
from storyloom.work.router import Asking
from storyloom.work.statistics import Statistics

# There was nothing before, and days can be reckoned with on both sides.
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)
Day = Annotated[date, BeforeValidator(written), Field(ge=_FIRST, le=_LAST)]
router = APIRouter(
    tags=["jobs"],
    responses={503: {"description": "A store is away for now"}},
)


async def _counting(request: Request) -> Counting:
    return request.state.counting


@router.get("/v1/statistics")
async def work_statistics(
    counting: Annotated[Counting, Depends(_counting)],
    whose: Asking,
    *,
    since: Annotated[
        Day | None,
        Query(description="The first day; without it, 29 days before the last"),
    ] = None,
    until: Annotated[
        Day | None,
        Query(description="The last day, included; without it, today"),
    ] = None,
) -> Statistics:
    """Tell what an organisation's storyboards and runs came to, day by day in UTC."""
    return await counting.tell(whose, since, until)
