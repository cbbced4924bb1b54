"""Whether the next call keeps within the budget."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from storyloom.errors import BudgetUsedUp
from storyloom.outbound.schemas import Budget, Call

_NOTHING = Decimal(0)


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """The first moment of the UTC day, and that of the next."""
    start = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1)


def refuse_beyond(
    budget: Budget, call: Call, *, of_job: Decimal = _NOTHING, of_org_day: Decimal = _NOTHING
) -> None:
    """Raise `BudgetUsedUp` when the call may cost more than is left; both are what was spent."""
    most = call.estimate_usd or _NOTHING
    if budget.per_job_usd is not None and of_job + most > budget.per_job_usd:
        raise _used_up("This job", of_job, budget.per_job_usd, call)
    if budget.per_org_day_usd is not None and of_org_day + most > budget.per_org_day_usd:
        raise _used_up("Today the organisation", of_org_day, budget.per_org_day_usd, call)


def _used_up(who: str, spent: Decimal, limit: Decimal, call: Call) -> BudgetUsedUp:
    most = call.estimate_usd or _NOTHING
    return BudgetUsedUp(
        f"{who} has spent {_dollars(spent)} of {_dollars(limit)}, and asking "
        f"{call.provider}:{call.model} may cost {_dollars(most)}, so it was not asked."
    )


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.4f}"
