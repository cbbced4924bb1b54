"""What an organisation has spent on models, day by day."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel, Field

from storyloom.outbound.costs import Cost
from storyloom.outbound.ports import Ledger
from storyloom.outbound.schemas import Spent

MAX_DAYS = 90


class DayOfSpending(BaseModel):
    """What was spent in one day."""

    day: date = Field(description="A day in UTC")
    cost: Cost


class Spending(BaseModel):
    """What an organisation has spent on models."""

    org_id: str
    total: Cost
    days: list[DayOfSpending] = Field(description="Each day, the newest first")


async def spending(ledger: Ledger | None, org_id: str, *, days: int, now: datetime) -> Spending:
    """Of the last days (1 to 90), today included. Where there is no ledger, nothing was spent."""
    today = now.astimezone(UTC).date()
    asked = [today - timedelta(days=ago) for ago in reversed(range(days))]
    starts = [datetime.combine(day, time(), UTC) for day in asked]
    spent = (
        [Spent()] * days
        if ledger is None
        else await ledger.spent_between(times=starts, org_id=org_id)
    )
    told = [
        DayOfSpending(day=day, cost=Cost.of([one])) for day, one in zip(asked, spent, strict=True)
    ]
    return Spending(org_id=org_id, total=Cost.of(spent), days=told[::-1])
