"""Writing to the terminal: JSON, tables and single lines."""

import json
import sys
from collections.abc import Mapping

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from storyloom.cli.wording import one_line

# Wide enough for a job's id and its neighbours where the output is no terminal.
_PIPED_WIDTH = 200


def print_json(value: Mapping[str, object]) -> None:
    """Print one JSON value on stdout."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_table(table: Table) -> None:
    """Print a table on stdout."""
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    Console(width=width, highlight=False, emoji=False).print(table)


def new_table(*headings: str, title: str | None = None) -> Table:
    """A table that takes little room."""
    return Table(*headings, title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)


def warn(sentence: str) -> None:
    """Say on stderr what is not as it should be."""
    typer.secho(f"warning: {one_line(sentence)}", fg="yellow", err=True)


def complain(sentence: str) -> None:
    """Say on stderr what failed."""
    typer.secho(f"error: {one_line(sentence)}", fg="red", err=True)
