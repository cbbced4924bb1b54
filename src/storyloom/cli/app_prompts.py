"""The commands about prompts: what each takes and teaches."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

prompts = typer.Typer(name="prompts", invoke_without_command=True, rich_markup_mode=None)


@prompts.callback(
    help=teach(
        "List what models are asked with: prompts are files with a version.",
        "storyloom prompts",
        "storyloom prompts --json | jq -r '.prompts[].version'",
        "storyloom prompts show understand_code",
    )
)
def _prompts(context: typer.Context, *, as_json: opt.AsJson = False) -> None:
    from storyloom.cli.prompts import show_all

    if context.invoked_subcommand is None:
        show_all(as_json=as_json)


@prompts.command("show", help=teach("Print one prompt.", "storyloom prompts show understand_code"))
def show_prompt(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `prompts` lists it.")],
    *,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.prompts import show_one

    show_one(name, as_json=as_json)
