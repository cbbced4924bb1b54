"""`storyloom diff`: what it takes and teaches."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from pathlib import Path
from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

HELP = teach(
    "Redraw the storyboards whose code has changed, and say which of their words are others now.\n\n"
    "`.storyloom/storyboards.toml` says which files have one; --init writes it.",
    "storyloom diff --init src/roi.py src/billing.go",
    "storyloom diff",
    "storyloom diff --base origin/main --check",
    "storyloom diff --base origin/main --markdown comment.md --json",
    "storyloom diff src/roi.py -o boards/ --audience btl_champion",
)


def diff(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="Only these. [all that have one]")
    ] = None,
    *,
    base: Annotated[
        str,
        typer.Option(metavar="REV", help="Compare with where this git revision was left. [HEAD]"),
    ] = "HEAD",
    every: Annotated[
        bool, typer.Option("--all", help="Look at unchanged files too; git is not asked.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; the exit status is 1 for a change.")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="The exit status is 1 too when one is redrawn.")
    ] = False,
    init: Annotated[
        bool, typer.Option("--init", help="Note in the manifest that these files have one.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Keep pictures there, in place of what the manifest says.",
        ),
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Append a report for a comment or a summary to it."),
    ] = None,
    audience: opt.Audience = None,
    stage: opt.Stage = None,
    icp: opt.Icp = None,
    page_format: opt.PageFormat = None,
    render: opt.Render = None,
    model: opt.Model = None,
    file_format: Annotated[
        opt.PictureFormatName | None, typer.Option(help="The kind of file. [png]")
    ] = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> int:
    """Compare, redraw and report."""
    from storyloom.cli.diff.command import Asked, run
    from storyloom.cli.options import DrawOptions

    options = DrawOptions(
        output=output,
        audience=audience,
        stage=stage,
        icp=icp,
        page_format=page_format,
        render=render,
        model=model,
        file_format=file_format,
        server=server,
        org=org,
        as_json=as_json,
    )
    asked = Asked(tuple(paths or ()), base, every, check, exit_code, init, markdown)
    return run(asked, options)
