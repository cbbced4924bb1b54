"""`storyloom organizations`: whose work a server knows of."""

from collections.abc import Sequence
from datetime import datetime
from shlex import quote

from rich.markup import escape

from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table, warn
from storyloom.cli.wording import ago, dollars, one_line
from storyloom.client import operations as ops
from storyloom.kit.clock import SystemClock
from storyloom.work.organizations import Organization, OrganizationList


def show(options: JobsOptions, *, limit: int, cursor: str | None) -> None:
    """Show one page of them."""
    told = asked(options, ops.LIST_ORGANIZATIONS, query={"limit": limit, "cursor": cursor})
    if options.as_json:
        print_json(told)
        return
    found, now = OrganizationList.model_validate(told), SystemClock().now()
    table = new_table("Organisation", "Jobs", "Last work", "US dollars this month")
    for one in found.data:
        table.add_row(*_cells(one, now))
    print_table(table)
    for sentence in found.degraded:
        warn(sentence)
    if found.next_cursor is not None:
        warn(f"There are more: --cursor {quote(found.next_cursor)}")


def _cells(one: Organization, now: datetime) -> Sequence[str]:
    return (
        escape(one_line(one.org_id)),
        f"{one.jobs:,}",
        "never" if one.last_work_at is None else ago(one.last_work_at, now),
        dollars(one.spent.known_usd, is_all=one.spent.usd is not None),
    )
