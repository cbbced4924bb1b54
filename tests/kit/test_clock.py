"""The time, as a value that tests can own."""

from datetime import UTC, timedelta

from storyloom.kit.clock import ManualClock, SystemClock, elapsed_ms


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_manual_clock_moves_when_told_to() -> None:
    clock = ManualClock()
    start = clock.now()

    clock.advance(1.5)

    assert elapsed_ms(start, clock.now()) == 1500


def test_time_that_runs_backwards_is_no_time() -> None:
    now = ManualClock().now()

    assert elapsed_ms(now, now - timedelta(seconds=1)) == 0
