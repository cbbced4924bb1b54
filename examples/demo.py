"""Draws a storyboard from every example, and a short story. `make demo` runs this.

Everything happens in this process: no server, no key, no network.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from time import perf_counter

import anyio
from anyio import create_task_group, to_thread
from rich.console import Console
from rich.markup import escape

from storyloom.boards.schemas import FileFormat
from storyloom.bootstrap.models import NONE
from storyloom.bootstrap.studio import open_studio
from storyloom.cli.destinations import write
from storyloom.cli.local import StudioMaker
from storyloom.cli.makers import Made, order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.progress import Watcher, on_terminal, watching
from storyloom.cli.sources import Kind, Source
from storyloom.cli.story_making import Order as StoryOrder
from storyloom.cli.story_making import make_story
from storyloom.cli.story_options import StoryOptions
from storyloom.cli.story_telling import Told
from storyloom.cli.wording import duration
from storyloom.errors import StoryloomError
from storyloom.settings import Settings

EXAMPLES = Path(__file__).parent
OUTPUT = Path("demo-output")
STORY = EXAMPLES / "story" / "the_last_lamp.fountain"
# For whom, and how far the feature is: one pair after the other, so that the variety shows.
VARIETY = (
    ("business_owner", "shipped"),
    ("c_suite", "demo"),
    ("btl_champion", "shipped"),
    ("c_suite", "preview"),
    ("business_owner", "preview"),
    ("btl_champion", "demo"),
)


@dataclass(frozen=True, slots=True)
class Example:
    """One example, and the board that is wished of it."""

    kind: Kind
    file: Path
    audience: str
    stage: str

    @property
    def picture(self) -> Path:
        """Where its picture goes."""
        return OUTPUT / f"{self.file.stem}.storyboard.png"


@dataclass(frozen=True, slots=True)
class Drawn:
    """How it went."""

    example: Example
    result: Made | StoryloomError
    elapsed_ms: int


def examples() -> Iterator[Example]:
    """Every file in the example folders."""
    variety = cycle(VARIETY)
    for kind in Kind:
        for file in sorted((EXAMPLES / kind.value).iterdir()):
            yield Example(kind, file, *next(variety))


async def draw(example: Example, maker: StudioMaker, watcher: Watcher) -> Drawn:
    """Draw one, and write its picture."""
    started = perf_counter()
    options = DrawOptions(audience=example.audience, stage=example.stage)
    order = order_of(example.kind, options, FileFormat.PNG)
    name = example.file.name

    def tell(phase: str) -> None:
        watcher.at(name, phase)

    try:
        raw = await to_thread.run_sync(Source(name, name, example.file).read, example.kind)
        result = (
            await maker.code(name, raw, order, tell)
            if example.kind is Kind.CODE
            else await maker.roadmap(raw, order, tell)
        )
        await to_thread.run_sync(write, example.picture, result.data)
    except StoryloomError as fault:
        result = fault
    watcher.done()
    return Drawn(example, result, round((perf_counter() - started) * 1000))


async def draw_all(wanted: list[Example], maker: StudioMaker) -> list[Drawn]:
    """Draw them at the same time, with a bar for those who watch."""
    drawn: dict[Path, Drawn] = {}

    async def one(example: Example, watcher: Watcher) -> None:
        drawn[example.file] = await draw(example, maker, watcher)

    with watching(len(wanted), on_terminal(as_json=False)) as watcher:
        async with create_task_group() as tasks:
            for example in wanted:
                tasks.start_soon(one, example, watcher)
    return [drawn[example.file] for example in wanted]


async def tell_story(settings: Settings) -> Told:
    """Make the pictures of a short story, and a contact sheet."""
    script = await to_thread.run_sync(STORY.read_text, "utf-8")
    # Rules and drawn frames, whatever is configured.
    alone = settings.model_copy(update={"language_model": NONE, "image_model": NONE})
    order = StoryOrder(script, OUTPUT / STORY.stem, StoryOptions(backend="frames"))
    return await make_story(order, alone)


def report(console: Console, drawn: Drawn) -> None:
    """Say where the picture is, and what it says."""
    example, result = drawn.example, drawn.result
    source = example.file.relative_to(EXAMPLES.parent)
    if isinstance(result, StoryloomError):
        console.print(f"[red]failed[/]  {source}: {escape(result.message)}\n")
        return
    console.print(f"[bold]{example.picture}[/]")
    console.print(f"  “{escape(result.headline)}”")
    console.print(
        f"  from {source}, for {example.audience} at the stage {example.stage}, "
        f"in {duration(drawn.elapsed_ms)}"
    )
    for sentence in result.warnings:
        console.print(f"  [yellow]note:[/] {escape(sentence)}")
    console.print()


def report_story(console: Console, told: Told) -> None:
    """Say where its pictures are, and how they were made."""
    console.print(f"[bold]{told.files.get('sheet', told.show.folder)}[/]")
    console.print(f"  {escape(told.show.report.headline)}")
    took = duration(round(told.show.report.wall_seconds * 1000))
    console.print(
        f"  from {STORY.relative_to(EXAMPLES.parent)}, by rules and drawn frames, in {took}"
    )
    console.print()


def main() -> int:
    """Run the demo; the exit status is 1 when a picture could not be made."""
    started = perf_counter()
    console = Console(highlight=False, soft_wrap=True)
    settings = Settings.load()
    drawn = anyio.run(draw_all, list(examples()), StudioMaker(open_studio(settings)))
    console.print()
    for one in drawn:
        report(console, one)
    told = anyio.run(tell_story, settings)
    report_story(console, told)
    failed = sum(isinstance(one.result, StoryloomError) for one in drawn)
    took = duration(round((perf_counter() - started) * 1000))
    says = (
        f"{len(drawn) - failed} storyboards and a story in {took}. Open one of them, and then try"
    )
    console.print(says)
    console.print("  [bold].venv/bin/storyloom code yourfile.py[/]   a storyboard of your own")
    console.print(
        "  [bold].venv/bin/storyloom story script.txt[/]   pictures of a story of your own"
    )
    console.print(
        "  [bold]make serve[/]                             the Studio, where you do all this in a browser"
    )
    return 1 if failed or told.exit_status else 0


if __name__ == "__main__":
    sys.exit(main())
