"""`storyloom organizations`: whose work a server knows of."""

from rich.markup import escape

from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table, warn
from storyloom.cli.wording import ago
from storyloom.client import operations as ops
from storyloom.kit.clock import SystemClock
from storyloom.work.organizations import OrganizationList


def show(options: JobsOptions, *, limit: int, cursor: str | None) -> None:
    """Show one page of them."""
    told = asked(options, ops.LIST_ORGANIZATIONS, query={"limit": limit, "cursor": cursor})
    if options.as_json:
        print_json(told)
        return
    found, now = OrganizationList.model_validate(told), SystemClock().now()
    table = new_table("Organisation", "Jobs", "Last work", "US dollars this month")
    for one in found.data:
        known = f"{one.spent.known_usd:.4f}"
        table.add_row(
            escape(one.org_id),
            f"{one.jobs:,}",
            "never" if one.last_work_at is None else ago(one.last_work_at, now),
            known if one.spent.usd is not None else f"at least {known}",
        )
    print_table(table)
    for sentence in found.degraded:
        warn(sentence)
    if found.next_cursor is not None:
        warn(f"There are more: --cursor '{found.next_cursor}'")
