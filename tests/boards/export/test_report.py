"""The morning report in words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storyloom.boards.export.report import duration, facts_of, headline_of, when_of
from storyloom.boards.export.schemas import Reel, ReelReport, Remark

DECISION = Remark(number=3, text="Write another prompt.")


@pytest.mark.parametrize(
    ("report", "headline"),
    [
        (ReelReport(total=1, done=1), "1 of 1 picture made. Nothing needs you."),
        (
            ReelReport(total=4, done=1, degraded=1, failed=2, decisions=(DECISION,)),
            "2 of 4 pictures made, 1 of them otherwise than asked; 2 failed. 1 needs your decision.",
        ),
        (ReelReport(headline="All is well."), "All is well."),
    ],
)
def test_one_sentence_says_what_there_is(report: ReelReport, headline: str) -> None:
    assert headline_of(report) == headline


@pytest.mark.parametrize(
    ("report", "spent"),
    [
        (ReelReport(spent_usd=Decimal("1.2")), "$1.20"),
        (ReelReport(spent_usd=Decimal(0)), "nothing"),
        (ReelReport(spent_usd=Decimal("0.004")), "less than $0.01"),
        (ReelReport(unpriced_calls=2), "2 of unknown price"),
        (ReelReport(spent_usd=Decimal(1), unpriced_calls=2), "$1.00 + 2 of unknown price"),
    ],
)
def test_what_was_spent_is_told_as_far_as_it_is_known(report: ReelReport, spent: str) -> None:
    assert list(facts_of(report)) == [("spent", spent)]


def test_figures_that_nobody_knows_are_left_out() -> None:
    assert list(facts_of(ReelReport())) == []
    assert list(facts_of(ReelReport(gpu_s=95, wall_s=3900))) == [
        ("GPU time", "1 min 35 s"),
        ("from start to end", "1 h 05 min"),
    ]
    assert duration(44.6) == "45 s"


def test_times_are_told_where_they_are_known() -> None:
    start, end = datetime(2026, 5, 4, 23, 10, tzinfo=UTC), datetime(2026, 5, 5, 0, 37, tzinfo=UTC)

    assert when_of(Reel(title="x"), ReelReport()) == ""
    assert when_of(Reel(title="x", made_at=end), ReelReport()) == "05 May 2026, 00:37 UTC"
    both = ReelReport(started_at=start, ended_at=end)
    assert when_of(Reel(title="x"), both) == "23:10 to 05 May 2026, 00:37 UTC"
    short = ReelReport(started_at=end, ended_at=end.replace(second=9))
    assert when_of(Reel(title="x"), short) == "05 May 2026, 00:37 UTC"
    a_day = ReelReport(started_at=end - timedelta(days=1), ended_at=end)
    assert when_of(Reel(title="x"), a_day) == "00:37 to 05 May 2026, 00:37 UTC"
