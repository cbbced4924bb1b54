"""`storyloom migrate`: the tables of PostgreSQL, brought up to date."""

import typer

from storyloom.bootstrap.migrations import apply_missing, missing, script_of_missing
from storyloom.cli.output import complain, print_json
from storyloom.settings import Settings

_BEHIND = 1


def migrate(settings: Settings, *, as_json: bool) -> None:
    """Apply what is missing, and name it."""
    applied = apply_missing(settings)
    if as_json:
        print_json({"applied": applied})
    else:
        typer.echo(
            "\n".join(f"Applied {name}" for name in applied) or "The database is up to date."
        )


def check(settings: Settings, *, as_json: bool) -> int:
    """Say whether anything is missing; the exit status says so too."""
    lacking = missing(settings)
    if as_json:
        print_json({"up_to_date": not lacking, "missing": lacking})
    elif lacking:
        complain(f"The database lacks {', '.join(lacking)}: run `storyloom migrate`.")
    else:
        typer.echo("The database is up to date.")
    return _BEHIND if lacking else 0


def show_sql(settings: Settings) -> None:
    """Print what would run, so that somebody else can run it."""
    typer.echo(script_of_missing(settings), nl=False)
