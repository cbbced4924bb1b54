"""When it is quiet, and what is said when waiting has lasted too long."""

from datetime import UTC, datetime, time

import pytest

from storyloom.automation.runs.config import QuietHours
from storyloom.automation.runs.directing.obstacles import Obstacle, WaitedTooLong, quiet_until
from storyloom.automation.runs.schemas import WaitCode


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        ("22:00", "07:00", "2026-03-01T23:00", "2026-03-02T07:00"),
        ("22:00", "07:00", "2026-03-02T06:59", "2026-03-02T07:00"),
        ("22:00", "07:00", "2026-03-02T07:00", None),
        ("12:00", "13:00", "2026-03-02T12:30", "2026-03-02T13:00"),
        ("12:00", "13:00", "2026-03-02T11:59", None),
        ("12:00", "12:00", "2026-03-02T12:00", None),
    ],
)
def test_quiet_hours_may_go_past_midnight(
    start: str, end: str, now: str, until: str | None
) -> None:
    hours = QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))

    found = quiet_until(hours, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == (until and datetime.fromisoformat(until).replace(tzinfo=UTC))


def test_they_are_told_by_the_clock_on_the_wall() -> None:
    berlin = QuietHours(start=time(22), end=time(7), timezone="Europe/Berlin")

    summer = quiet_until(berlin, datetime(2026, 7, 1, 20, 30, tzinfo=UTC))

    assert summer == datetime(2026, 7, 2, 5, tzinfo=UTC)
    assert quiet_until(berlin, datetime(2026, 1, 1, 20, 30, tzinfo=UTC)) is None
    assert quiet_until(None, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_what_was_given_up_says_how_long_was_waited() -> None:
    hot = Obstacle(WaitCode.GPU_HOT, "The GPU is at 90 °C")

    assert str(WaitedTooLong(hot, 1800)) == (
        "After 30 minutes of waiting it was given up: The GPU is at 90 °C"
    )
    assert str(WaitedTooLong(hot, 30)).startswith("After 30 seconds")
    assert str(WaitedTooLong(hot, 0)) == "It was given up: The GPU is at 90 °C"
