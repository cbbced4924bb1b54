"""`storyloom revise`: what it takes and teaches."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

HELP = teach(
    "Make another storyboard from a finished one, at a running server.\n\nOther words, presets "
    "and shapes ask no model; --new-art asks an image model once. For other readers, rules read "
    "the source anew where they have read it before and it is still kept.",
    "storyloom revise 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --audience btl_champion",
    'storyloom revise 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --headline "Know the payback"',
    "storyloom revise 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --found-headline",
    'storyloom revise 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --wording business_value="Saves a day."',
    "storyloom revise 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --new-art -o anew.pdf",
)


def revise(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="As `jobs list` shows it.")],
    *,
    output: opt.Output = None,
    audience: Annotated[str | None, typer.Option(metavar="KEY", help="Who looks at it.")] = None,
    stage: Annotated[str | None, typer.Option(metavar="KEY", help="How far it is.")] = None,
    icp: Annotated[str | None, typer.Option(metavar="KEY", help="Whose customers.")] = None,
    headline: opt.Headline = None,
    found_headline: Annotated[
        bool, typer.Option("--found-headline", help="The headline that was found in the source.")
    ] = False,
    wording: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=TEXT", help="Your own words for a field; may be repeated."),
    ] = None,
    page_format: Annotated[
        opt.PageFormatName | None, typer.Option("--format", help="The page's shape.")
    ] = None,
    render: Annotated[opt.RenderName | None, typer.Option(help="How the page is made.")] = None,
    new_art: Annotated[
        bool, typer.Option("--new-art", help="Ask the image model for another picture.")
    ] = False,
    file_format: opt.FileFormat = None,
    server: Annotated[
        str, typer.Option(metavar="URL", help="Where the job is. [http://127.0.0.1:8000]")
    ] = "http://127.0.0.1:8000",
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> int:
    """Revise one storyboard."""
    from storyloom.cli.revising import revise as run

    changes = {
        "custom_headline": headline,
        "found_headline": found_headline,
        "audience": audience,
        "stage": stage,
        "icp_preset": icp,
        "format": page_format,
        "render": render,
        "new_art": new_art or None,
    }
    options = opt.DrawOptions(
        output=output, file_format=file_format, server=server, org=org, as_json=as_json
    )
    return run(job_id, changes, wording or [], options)
