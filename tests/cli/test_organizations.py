"""`organizations`: what a row of the table says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storyloom.cli.organizations import _cells
from storyloom.outbound.costs import Cost
from storyloom.outbound.schemas import Spent
from storyloom.work.organizations import Organization

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def cells(
    name: str = "acme", last: datetime | None = None, spent: Spent | None = None
) -> tuple[str, ...]:
    cost = Cost.of([spent or Spent()])
    one = Organization(org_id=name, jobs=1234, last_work_at=last, spent=cost)
    return tuple(_cells(one, NOW))


def test_an_organisation_is_told_with_its_work_and_what_it_spent() -> None:
    spent = Spent(cost_usd=Decimal("1.5"), calls=2)

    told = cells(last=NOW - timedelta(hours=3), spent=spent)

    assert told == ("acme", "1,234", "3 hours ago", "1.5000")


def test_what_is_not_known_is_not_called_nothing() -> None:
    spent = Spent(cost_usd=Decimal("1.5"), calls=2, unknown_calls=1)

    assert cells(spent=spent)[2:] == ("never", "at least 1.5000")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("[b]acme[/b]", r"\[b]acme\[/b]"), ("a\n\x1b[2Jb", "a \ufffd[2Jb")],
)
def test_a_name_that_others_have_written_steers_no_terminal(name: str, shown: str) -> None:
    assert cells(name)[0] == shown
