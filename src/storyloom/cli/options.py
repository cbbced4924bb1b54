"""The options that commands share, as types; and what was asked of a drawing command."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

# Typer needs closed sets as it builds the help. The schemas, which know them, take too long to
# import for that; a test holds these to them.
PageFormatName = Literal["landscape", "portrait", "square"]
RenderName = Literal["composed", "painted", "vector"]
FileFormatName = Literal["png", "svg", "pdf", "pptx"]
PictureFormatName = Literal["png", "svg", "pdf"]
StatusName = Literal["pending", "processing", "completed", "failed", "cancelled"]
LogLevelName = Literal["debug", "info", "warning", "error"]

Output = Annotated[
    str | None,
    typer.Option(
        "-o",
        "--output",
        metavar="PATH",
        help="A file (its suffix chooses PNG, SVG, PDF or PPTX), or a folder for several. "
        "Left out: NAME.storyboard.png in the current folder.",
    ),
]
Audience = Annotated[
    str | None,
    typer.Option(metavar="KEY", help="Who looks at it; `storyloom presets` lists them. [c_suite]"),
]
Stage = Annotated[
    str | None, typer.Option(metavar="KEY", help="How far the feature is on its way. [preview]")
]
Icp = Annotated[
    str | None,
    typer.Option(metavar="KEY", help="Whose customers the board speaks to. [coperniq_mep]"),
]
Headline = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Your own headline, used word for word.")
]
PageFormat = Annotated[
    PageFormatName | None, typer.Option("--format", help="The page's shape. [landscape]")
]
Render = Annotated[
    RenderName | None,
    typer.Option(
        help="How the page is made: words over an illustration, all of it by an image model, or "
        "without one. [composed]"
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Ask models anew, also where they have answered before.")
]
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The language model, such as ollama:qwen3-vl:8b."),
]
FileFormat = Annotated[
    FileFormatName | None,
    typer.Option(help="The kind of file; pptx: slides. [the suffix of -o, else png]"),
]
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Let this server do it, for instance http://127.0.0.1:8000."),
]
Org = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The label of your organisation at the server."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
DataDir = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Where the jobs lie, if not in the usual place."),
]


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """What was asked of `code` or `roadmap`, besides the files. None asks for the usual."""

    output: str | None = None
    audience: str | None = None
    stage: str | None = None
    icp: str | None = None
    headline: str | None = None
    page_format: PageFormatName | None = None
    render: RenderName | None = None
    model: str | None = None
    fresh: bool = False
    file_format: FileFormatName | None = None
    server: str | None = None
    org: str | None = None
    stdin_name: str | None = None
    sanitize: bool = True
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class JobsOptions:
    """Where jobs are read, and how they are shown."""

    data_dir: Path | None = None
    server: str | None = None
    org: str | None = None
    as_json: bool = False
