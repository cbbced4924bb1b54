"""Times as people write them."""

from datetime import UTC, datetime

import pytest

from storyloom.kit.written import in_utc, written


@pytest.mark.parametrize("value", [0, 1.5, True, "0", "0.5", "-1", " 7 ", ""])
def test_a_number_is_no_time(value: object) -> None:
    with pytest.raises(ValueError, match="RFC 3339"):
        written(value)


@pytest.mark.parametrize("value", ["22:00", "2026-01-29T10:00:00Z", None])
def test_everything_else_is_for_the_next_to_judge(value: object) -> None:
    assert written(value) == value


@pytest.mark.parametrize("text", ["2026-01-29T10:00:00", "2026-01-29T12:00:00+02:00"])
def test_a_time_is_in_utc_and_one_without_a_zone_was_meant_so(text: str) -> None:
    at = in_utc(datetime.fromisoformat(text))

    assert (at, at.tzinfo) == (datetime(2026, 1, 29, 10, tzinfo=UTC), UTC)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"])
def test_a_time_outside_the_calendar_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="1 to 9999"):
        in_utc(datetime.fromisoformat(text))
