"""`storyloom mcp`: what it takes and teaches."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from pathlib import Path
from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

HELP = teach(
    "Let coding agents make storyboards and stories: an MCP server, over stdin and stdout.\n\n"
    "It needs no other server; files are read and written below one folder alone.",
    "storyloom mcp",
    "storyloom mcp --root ~/projects/shop",
    "storyloom mcp --server http://127.0.0.1:8000     # that server does the work",
    "storyloom mcp --http --port 8765                 # at http://127.0.0.1:8765/mcp",
)


def mcp(
    *,
    root: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The folder that tools may read and write in. [the current one]"
        ),
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Answer at this machine's own address instead.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="With --http; 0 takes a free one. [8765]")
    ] = 8765,
    server: opt.Server = None,
    org: opt.Org = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where jobs and pictures are kept, in a folder of it."),
    ] = None,
) -> None:
    """Serve until stdin closes, or until Ctrl+C."""
    from importlib import import_module

    from storyloom.errors import Unsupported
    from storyloom.settings import Settings

    try:
        import_module("mcp")
    except ModuleNotFoundError as fault:
        raise Unsupported(
            "An MCP server needs a package more: pip install 'storyloom[mcp]'", system="mcp"
        ) from fault
    from storyloom.cli.mcp.serving import Serving, serve

    serving = Serving(root or Path(), server, org, port if http else None)
    serve(serving, Settings.load(data_dir=data_dir))
