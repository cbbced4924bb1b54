"""`storyloom costs`: what it takes and teaches."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

HELP = teach(
    "Show what an organisation has spent on models, day by day in UTC.\n\nIt is read where a "
    "server keeps it, or over HTTP with --server.",
    "storyloom costs",
    "storyloom costs --days 30 --server http://127.0.0.1:8000",
    "storyloom costs --org acme --json | jq -r .total.usd",
)


def costs(
    *,
    days: Annotated[int, typer.Option(min=1, max=90, help="Today included. [7]")] = 7,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.costs import show

    show(opt.JobsOptions(data_dir, server, org, as_json), days=days)
