"""The commands about queues: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.app_jobs import OfServer
from storyloom.cli.teaching import teach

queues = typer.Typer(name="queues", invoke_without_command=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="QUEUE", help="As `queues list` shows it.")]


@queues.callback(
    help=teach(
        "Hold the queues of a running server, for instance while a GPU is needed elsewhere.",
        "storyloom queues list",
        "storyloom queues pause storyboards",
    )
)
def _queues(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@queues.command(
    "list", help=teach("List the queues, and which of them are paused.", "storyloom queues list")
)
def list_queues(
    *, server: OfServer = None, org: opt.Org = None, as_json: opt.AsJson = False
) -> None:
    from storyloom.cli.queues import list_all

    list_all(opt.JobsOptions(None, server, org, as_json))


@queues.command(
    "pause",
    help=teach(
        "Let nothing more of a queue begin, also after a restart; what runs goes on.",
        "storyloom queues pause storyboards",
    ),
)
def pause_queue(
    name: Name, *, server: OfServer = None, org: opt.Org = None, as_json: opt.AsJson = False
) -> None:
    from storyloom.cli.queues import order

    order(opt.JobsOptions(None, server, org, as_json), name, "pause")


@queues.command("resume", help=teach("Let a queue go on.", "storyloom queues resume storyboards"))
def resume_queue(
    name: Name, *, server: OfServer = None, org: opt.Org = None, as_json: opt.AsJson = False
) -> None:
    from storyloom.cli.queues import order

    order(opt.JobsOptions(None, server, org, as_json), name, "resume")
