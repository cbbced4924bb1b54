"""`storyloom costs`: what was spent on models, read beside a server or over HTTP."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio
from rich.table import Table

from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import dollars
from storyloom.kit.clock import SystemClock
from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.outbound.costs import Cost
from storyloom.settings import Settings
from storyloom.storyboard.spending import Spending, spending

Read = Callable[[int], Coroutine[None, None, Spending]]


def show(options: JobsOptions, *, days: int) -> None:
    """Show the last days, today included."""
    opening = _reader(options)

    async def read() -> Spending:
        async with opening as told:
            return await told(days)

    spent = anyio.run(read)
    if options.as_json:
        print_json(spent.model_dump(mode="json"))
    else:
        print_table(_listed(spent))


def _reader(options: JobsOptions) -> AbstractAsyncContextManager[Read]:
    if options.server is not None:
        return _at_server(options.server, options.org)
    return _in_ledger(Settings.load(data_dir=options.data_dir), options.org or DEFAULT_ORG)


def _at_server(url: str, org: str | None) -> AbstractAsyncContextManager[Read]:
    from storyloom.cli.server import open_server  # noqa: PLC0415 - one of two is needed

    opening = open_server(url, org)

    @asynccontextmanager
    async def reading() -> AsyncGenerator[Read]:
        async with opening as server:
            yield lambda days: server.api.storyboards.costs(days=days)

    return reading()


@asynccontextmanager
async def _in_ledger(settings: Settings, org: str) -> AsyncGenerator[Read]:
    from storyloom.bootstrap.archive import open_records  # noqa: PLC0415

    async with open_records(settings) as records:

        async def told(days: int) -> Spending:
            return await spending(records.ledger, org, days=days, now=SystemClock().now())

        yield told


def _listed(spent: Spending) -> Table:
    table = new_table(
        *("Day", "US dollars", "Calls", "Tokens read", "Tokens written"),
        title=f"Spent on models by {spent.org_id}",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for one in spent.days:
        if one.cost.calls:
            table.add_row(f"{one.day}", *_cells(one.cost))
    table.add_row("all", *_cells(spent.total))
    return table


def _cells(cost: Cost) -> tuple[str, str, str, str]:
    usd = dollars(cost.known_usd, is_all=cost.usd is not None)
    return usd, f"{cost.calls}", f"{cost.input_tokens:,}", f"{cost.output_tokens:,}"
