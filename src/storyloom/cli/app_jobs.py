"""The commands about jobs: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

jobs = typer.Typer(name="jobs", invoke_without_command=True, rich_markup_mode=None)


@jobs.callback(
    help=teach(
        "Look at the jobs of a server.\n\nThey are read in its data directory, or over HTTP with --server.",
        "storyloom jobs list --status failed",
        "storyloom jobs watch 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    )
)
def _jobs(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@jobs.command(
    "list",
    help=teach(
        "List the newest jobs.",
        "storyloom jobs list",
        "storyloom jobs list --status failed --limit 5",
        "storyloom jobs list --server http://127.0.0.1:8000 --json | jq -r '.jobs[].job_id'",
    ),
)
def list_jobs(
    *,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many. [20]")] = 20,
    status: Annotated[opt.StatusName | None, typer.Option(help="Only these.")] = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.jobs import list_newest

    list_newest(opt.JobsOptions(data_dir, server, org, as_json), limit=limit, status=status)


JobIdArgument = Annotated[str, typer.Argument(metavar="ID", help="As `jobs list` shows it.")]


@jobs.command(
    "show",
    help=teach(
        "Show one job.",
        "storyloom jobs show 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
        "storyloom jobs show 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --json | jq .understanding",
    ),
)
def show_job(
    job_id: JobIdArgument,
    *,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.jobs import show_one

    show_one(opt.JobsOptions(data_dir, server, org, as_json), job_id)


@jobs.command(
    "watch",
    help=teach(
        "Wait until a job ends. The exit status is 0 when it completed, 1 when it failed.",
        "storyloom jobs watch 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a && echo done",
    ),
)
def watch_job(
    job_id: JobIdArgument,
    *,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> int:
    from storyloom.cli.jobs import watch_one

    return watch_one(opt.JobsOptions(data_dir, server, org, as_json), job_id)


OfServer = Annotated[
    str | None,
    typer.Option(
        "--server", metavar="URL", help="The server that has them. [http://127.0.0.1:8000]"
    ),
]


@jobs.command(
    "all",
    help=teach("List the newest work of every kind: storyboards and runs.", "storyloom jobs all"),
)
def list_work(
    *,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many. [20]")] = 20,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.work import list_all

    list_all(opt.JobsOptions(None, server, org, as_json), limit=limit)


@jobs.command(
    "figures",
    help=teach(
        "Show what storyboards and runs came to, day by day in UTC.",
        "storyloom jobs figures",
        "storyloom jobs figures --days 90 --json | jq -r '.days[] | [.day, .completed] | @tsv'",
    ),
)
def show_figures(
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="Today included. [30]")] = 30,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.figures import show

    show(opt.JobsOptions(None, server, org, as_json), days=days)


@jobs.command(
    "cancel",
    help=teach(
        "Stop a job of any kind, and the call that it is at.",
        "storyloom jobs cancel 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def cancel_job(
    job_id: JobIdArgument,
    *,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.work import order

    order(opt.JobsOptions(None, server, org, as_json), job_id, "cancel")


@jobs.command(
    "retry",
    help=teach(
        "Do again only what has failed.",
        "storyloom jobs retry 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def retry_job(
    job_id: JobIdArgument,
    *,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.work import order

    order(opt.JobsOptions(None, server, org, as_json), job_id, "retry")


@jobs.command(
    "explain",
    help=teach(
        "Say why a job is where it is, and when it may have ended.",
        "storyloom jobs explain 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def explain_job(
    job_id: JobIdArgument,
    *,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.work import explain

    explain(opt.JobsOptions(None, server, org, as_json), job_id)


@jobs.command(
    "cost",
    help=teach(
        "Say what the calls of a job to models have cost so far.",
        "storyloom jobs cost 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def show_cost(
    job_id: JobIdArgument,
    *,
    server: OfServer = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.work import show_cost as show

    show(opt.JobsOptions(None, server, org, as_json), job_id)
