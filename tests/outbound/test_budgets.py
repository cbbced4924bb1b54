"""What is left of a budget."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storyloom.outbound.budgets import day_of

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("hours", [-11, 0, 9])
def test_the_day_is_that_of_utc_wherever_the_time_comes_from(hours: int) -> None:
    here = timezone(timedelta(hours=hours))
    last = MIDNIGHT - timedelta(microseconds=1)

    assert day_of(MIDNIGHT.astimezone(here)) == (MIDNIGHT, MIDNIGHT + DAY)
    assert day_of(last.astimezone(here)) == (MIDNIGHT - DAY, MIDNIGHT)
