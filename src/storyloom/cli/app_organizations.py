"""`storyloom organizations`: what it takes and teaches."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.app_jobs import OfServer
from storyloom.cli.teaching import teach

HELP = teach(
    "List the organisations that a server knows of, by their names.\n\nThe operator's key sees all "
    "of them, and every other its own.",
    "storyloom organizations",
    "storyloom organizations --json | jq -r '.data[].org_id'",
)


def organizations(
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many. [200]")] = 200,
    cursor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Those that come after this one.")
    ] = None,
    server: OfServer = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.organizations import show

    show(opt.JobsOptions(None, server, None, as_json), limit=limit, cursor=cursor)
