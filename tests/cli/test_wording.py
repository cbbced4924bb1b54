from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from storyloom.cli.wording import ago, clock_time, duration, money, one_line, sentence_of, size
from storyloom.errors import InvalidInput, NotFound
from storyloom.outbound.costs import Cost

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("in_bytes", "told"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (4_200, "4.2 kB"),
        (45_000_000, "45.0 MB"),
        (1_234_000_000_000, "1,234.0 GB"),
    ],
)
def test_sizes_are_told_in_a_unit_that_fits(in_bytes: int, told: str) -> None:
    assert size(in_bytes) == told


def test_a_line_steers_no_terminal() -> None:
    assert one_line("two\nlines \x1b[31mred") == "two lines \ufffd[31mred"


def test_joiners_are_part_of_the_words() -> None:
    assert one_line("\u0645\u06cc\u200c\u062e") == "\u0645\u06cc\u200c\u062e"


@pytest.mark.parametrize(
    ("loc", "told"),
    [
        (("body", "icp_preset"), "--icp: no"),
        (("body", "stage"), "--stage: no"),
        (("body", "custom_headline"), "--headline: no"),
        (("body", "file_content"), "no"),
        (("body", "url"), "URL: no"),
        ((), "no"),
    ],
)
def test_a_fault_names_its_option(loc: tuple[str, ...], told: str) -> None:
    assert sentence_of(InvalidInput("no", loc=loc)) == told


def test_other_faults_speak_for_themselves() -> None:
    assert sentence_of(NotFound("gone")) == "gone"


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [(None, "-"), (0, "0 ms"), (999, "999 ms"), (3200, "3.2 s"), (125_000, "2 min 5 s")],
)
def test_durations_are_short(milliseconds: int | None, told: str) -> None:
    assert duration(milliseconds) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "just now"),
        (0.4, "just now"),
        (1, "1 second ago"),
        (59, "59 seconds ago"),
        (60, "1 minute ago"),
        (7200, "2 hours ago"),
        (86400 * 3, "3 days ago"),
    ],
)
def test_the_past_is_told_in_its_largest_unit(seconds: float, told: str) -> None:
    assert ago(NOON - timedelta(seconds=seconds), NOON) == told


def test_a_time_is_told_by_the_clock_of_this_machine() -> None:
    assert clock_time(NOON).startswith("2026-01-01 ")
    assert clock_time(None) == "-"


@pytest.mark.parametrize(
    ("known_usd", "calls", "unknown", "told"),
    [
        ("0", 0, 0, "$0 for 0 calls to models"),
        ("0.0674", 1, 0, "$0.0674 for 1 call to models"),
        ("0.05", 3, 1, "at least $0.05 for 3 calls to models; the price of 1 is unknown"),
    ],
)
def test_money_is_told_with_what_it_was_for(
    known_usd: str, calls: int, unknown: int, told: str
) -> None:
    known = Decimal(known_usd)
    cost = Cost(
        usd=None if unknown else known,
        known_usd=known,
        calls=calls,
        unknown_calls=unknown,
        input_tokens=0,
        output_tokens=0,
    )

    assert money(cost) == told
    assert money(None) == ""
