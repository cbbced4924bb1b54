"""The commands about the machine: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

swarmui = typer.Typer(name="swarmui", invoke_without_command=True, rich_markup_mode=None)
GPU_HELP = teach(
    "Show the GPUs of this machine, or of a server's.\n\nThe exit status is 0 when one can be used, 1 "
    "when none can, and 6 when nvidia-smi is missing or fails.",
    "storyloom gpu",
    "storyloom gpu --server http://127.0.0.1:8000 --json | jq .temperature",
)
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The server that does it. [http://127.0.0.1:8000]"),
]


def gpu(*, server: opt.Server = None, as_json: opt.AsJson = False) -> int:
    """Show the GPUs."""
    from storyloom.cli.machine import show_gpu

    return show_gpu(server, as_json=as_json)


@swarmui.callback(
    help=teach(
        "Start, watch and stop the SwarmUI of a running server.\n\n"
        "Where it is installed says STORYLOOM_SWARMUI_DIR, which the server reads.",
        "storyloom swarmui start",
        "storyloom swarmui status",
        "storyloom swarmui stop",
    )
)
def _swarmui(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@swarmui.command(
    help=teach(
        "Return when SwarmUI answers. One that runs is taken as it is.",
        "storyloom swarmui start",
        "storyloom swarmui start --server http://gpu-box:8000 --json | jq -r .apiUrl",
    )
)
def start(*, server: Server = None, as_json: opt.AsJson = False) -> None:
    """Start it."""
    from storyloom.cli.machine import start_swarmui

    start_swarmui(server, as_json=as_json)


@swarmui.command(
    help=teach(
        "End the SwarmUI that the server launched; never another one.",
        "storyloom swarmui stop",
        "storyloom swarmui stop --force              # also while it generates",
    )
)
def stop(
    *,
    force: Annotated[bool, typer.Option("--force", help="Also while it generates.")] = False,
    server: Server = None,
    as_json: opt.AsJson = False,
) -> None:
    """Stop it."""
    from storyloom.cli.machine import stop_swarmui

    stop_swarmui(server, force=force, as_json=as_json)


@swarmui.command(
    help=teach(
        "Show how far SwarmUI is, and the end of what it printed.",
        "storyloom swarmui status",
        "storyloom swarmui status --json | jq -r .phase",
    )
)
def status(*, server: Server = None, as_json: opt.AsJson = False) -> None:
    """Show it."""
    from storyloom.cli.machine import show_swarmui

    show_swarmui(server, as_json=as_json)


@swarmui.command(
    help=teach(
        "Print the last lines of what the server's machine launched.",
        "storyloom swarmui log",
        "storyloom swarmui log --lines 20",
    )
)
def log(
    *,
    lines: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 200,
    server: Server = None,
    as_json: opt.AsJson = False,
) -> None:
    """Print what it printed."""
    from storyloom.cli.machine import show_swarmui_log

    show_swarmui_log(server, lines, as_json=as_json)
