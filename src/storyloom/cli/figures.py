"""`storyloom jobs figures`: what the work of a server came to, day by day."""

from datetime import UTC, timedelta
from decimal import Decimal

from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table, warn
from storyloom.cli.wording import dollars, duration
from storyloom.client import operations as ops
from storyloom.kit.clock import SystemClock
from storyloom.work.statistics import DayOfWork, Statistics

_COUNTS = ("Accepted", "Completed", "Failed", "Canceled", "Pictures", "At once")
_TIMES = ("Half within", "19 of 20 within")


def show(options: JobsOptions, *, days: int) -> None:
    """Show the last days, today included; in a table, those on which there was something."""
    today = SystemClock().now().astimezone(UTC).date()
    query = {"since": f"{today - timedelta(days=days - 1)}", "until": f"{today}"}
    told = asked(options, ops.GET_STATISTICS, query=query)
    if options.as_json:
        print_json(told)
        return
    figures = Statistics.model_validate(told)
    table = new_table("Day", *_COUNTS, *_TIMES, "US dollars", title=f"Work of {figures.org_id}")
    for column in table.columns[1:]:
        column.justify = "right"
    for day in figures.days:
        cells = _cells(day)
        if any(cells):
            table.add_row(f"{day.day}", *cells)
    print_table(table)
    for sentence in figures.degraded:
        warn(sentence)


def _cells(day: DayOfWork) -> list[str]:
    """Empty where there is nothing, so that the eye finds what is."""
    ended = (day.completed, day.failed, day.canceled)
    counts = (day.accepted, *ended, day.pictures, day.concurrency.peak)
    times = (day.duration.p50_s, day.duration.p95_s)
    return [
        *(str(count) if count else "" for count in counts),
        *("" if time is None else duration(round(time * 1000)) for time in times),
        _spent(day),
    ]


def _spent(day: DayOfWork) -> str:
    if not day.spend:
        return ""
    known = sum((one.cost.known_usd for one in day.spend), Decimal(0))
    return dollars(known, is_all=all(one.cost.usd is not None for one in day.spend))
