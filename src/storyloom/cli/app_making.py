"""The command that makes a story: what it takes and teaches. The work is imported when it runs."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from pathlib import Path
from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.story_options import AspectName, BackendName, StoryOptions
from storyloom.cli.teaching import teach

HELP = teach(
    "Make pictures and a contact sheet of a script, in Fountain or in prose. No server is needed.\n\n"
    "The same command again goes on where it was stopped, and makes no picture twice.",
    "storyloom story script.fountain -o out/",
    "storyloom story script.fountain -o out/ --aspect both --images 2",
    'storyloom story tale.txt -o out/ --backend swarmui --style "35mm film, soft light"',
    "cat draft.fountain | storyloom story - -o out/ --json | jq -r .report.headline",
)


def story(
    script: Annotated[str, typer.Argument(metavar="SCRIPT", help="`-` reads stdin.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Where it goes. [SCRIPT.story]"),
    ] = None,
    backend: Annotated[
        BackendName,
        typer.Option(help="What makes the pictures; `auto`: the best that is configured."),
    ] = "auto",
    aspect: Annotated[AspectName, typer.Option(help="Their shape.")] = "cinematic",
    style: Annotated[
        str, typer.Option(metavar="WORDS", help="Words for every prompt. [none]")
    ] = "",
    images: Annotated[
        int, typer.Option(min=1, max=8, metavar="NUMBER", help="Pictures of each beat.")
    ] = 1,
    title: Annotated[
        str, typer.Option(metavar="WORDS", help="The story's title. [what the script says]")
    ] = "",
    as_json: opt.AsJson = False,
) -> int:
    """Make it."""
    from storyloom.cli.story_making import make

    return make(script, StoryOptions(output, backend, aspect, style, images, title, as_json))
