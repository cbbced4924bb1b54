"""When it is quiet, and what is said when waiting has lasted too long."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyloom.automation.runs.config import QuietHours
from storyloom.automation.runs.directing.obstacles import Obstacle, WaitedTooLong, quiet_until
from storyloom.automation.runs.schemas import WaitCode

#: Clocks change by an hour at night, by an hour at midnight, by half an hour, and never.
ZONES = ("Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "UTC")
FIRST, DAYS = datetime(2026, 1, 1, tzinfo=UTC), 730
STEP = timedelta(minutes=30)
MINUTES = st.integers(0, 24 * 60 - 1) | st.integers(0, 4 * 60)
TIMES = MINUTES.map(lambda minutes: time(*divmod(minutes, 60)))
A_MOMENT = timedelta(microseconds=1)


def is_steady(zone: str, at: datetime, around: timedelta) -> bool:
    """Whether no clock changes so shortly before or after."""
    return len({(at + by).astimezone(ZoneInfo(zone)).utcoffset() for by in (-around, around)}) == 1


def changes(zone: str) -> Iterator[datetime]:
    """When clocks change."""
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        if not is_steady(zone, day, timedelta(days=1)):
            steps = (day + step * STEP for step in range(48))
            yield from (at for at in steps if not is_steady(zone, at, STEP / 2))


CHANGES = {zone: list(changes(zone)) for zone in ZONES}


@st.composite
def moments(draw: st.DrawFn) -> tuple[QuietHours, datetime]:
    """Quiet hours and a moment, often one near which clocks change."""
    zone = draw(st.sampled_from(ZONES))
    hours = QuietHours(start=draw(TIMES), end=draw(TIMES), timezone=zone)
    if CHANGES[zone] and draw(st.booleans()):
        near = draw(st.sampled_from(CHANGES[zone]))
        return hours, near + timedelta(minutes=draw(st.integers(-150, 150)))
    return hours, FIRST + timedelta(minutes=draw(st.integers(0, DAYS * 24 * 60)))


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


@settings(max_examples=300)
@given(moments())
def test_it_is_quiet_in_all_of_the_hours_and_until_their_end(
    moment: tuple[QuietHours, datetime],
) -> None:
    hours, now = moment
    wall = now.astimezone(ZoneInfo(hours.timezone)).time()
    if hours.start <= hours.end:
        is_within = hours.start <= wall < hours.end
    else:
        is_within = wall >= hours.start or wall < hours.end

    until = quiet_until(hours, now)

    # Where clocks change it may be quiet for longer, and never for less.
    assert until is not None or not is_within
    if is_steady(hours.timezone, now, timedelta(days=2)):
        assert (until is not None) == is_within
    if until is not None:
        assert until > now
        assert quiet_until(hours, until - A_MOMENT) == until
        assert quiet_until(hours, until) is None


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        # In the night of 29 March it is three after two: it never is half past two.
        ("22:00", "02:30", "2026-03-29T00:59", "2026-03-29T01:30"),
        ("02:30", "07:00", "2026-03-29T01:00", "2026-03-29T05:00"),
        # In the night of 25 October it is two once more after three.
        ("22:00", "02:30", "2026-10-25T00:45", "2026-10-25T01:30"),
        ("02:30", "07:00", "2026-10-25T00:30", "2026-10-25T06:00"),
        ("02:15", "02:45", "2026-10-25T00:50", "2026-10-25T01:45"),
        ("02:15", "02:45", "2026-10-25T01:45", None),
    ],
)
def test_in_the_night_in_which_clocks_change(
    start: str, end: str, now: str, until: str | None
) -> None:
    hours = QuietHours(
        start=time.fromisoformat(start), end=time.fromisoformat(end), timezone="Europe/Berlin"
    )

    found = quiet_until(hours, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == (until and datetime.fromisoformat(until).replace(tzinfo=UTC))


def test_what_was_given_up_says_how_long_was_waited() -> None:
    hot = Obstacle(WaitCode.GPU_HOT, "The GPU is at 90 °C")

    assert str(WaitedTooLong(hot, 1800)) == (
        "After 30 minutes of waiting it was given up: The GPU is at 90 °C"
    )
    assert str(WaitedTooLong(hot, 30)).startswith("After 30 seconds")
    assert str(WaitedTooLong(hot, 0)) == "It was given up: The GPU is at 90 °C"
