"""The commands about events: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.app_jobs import JobIdArgument, OfServer
from storyloom.cli.teaching import teach

events = typer.Typer(name="events", invoke_without_command=True, rich_markup_mode=None)


@events.callback(
    help=teach(
        "Tell what has happened at a running server, and what happens.",
        "storyloom events list --after 0",
        "storyloom events follow 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    )
)
def _events(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@events.command(
    "list",
    help=teach(
        "List events, the oldest first.",
        "storyloom events list --after 120 --limit 20",
        "storyloom events list --json | jq .next_after",
    ),
)
def list_events(
    *,
    after: Annotated[int, typer.Option(min=0, help="Only those after this number. [0]")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many. [100]")] = 100,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.events import list_some

    list_some(opt.JobsOptions(None, server, org, as_json), after=after, limit=limit)


@events.command(
    "follow",
    help=teach(
        "Follow a job until it ends, across broken connections.",
        "storyloom events follow 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
        "storyloom events follow 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --after 0 --json",
    ),
)
def follow_job(
    job_id: JobIdArgument,
    *,
    after: Annotated[
        int | None, typer.Option(min=0, help="Begin after this number; 0 for all. [now]")
    ] = None,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.events import follow

    follow(opt.JobsOptions(None, server, org, as_json), job_id, after=after)
