"""Scores the reading by rules, and a language model where the settings name one or have a key.

make eval
STORYLOOM_LANGUAGE_MODEL=ollama:qwen3-vl:8b python -m evals
"""

import asyncio
from collections.abc import Callable, Sequence
from statistics import mean

from rich import box
from rich.console import Console
from rich.table import Table

from evals.cases import CodeCase, RoadmapCase, code_cases, roadmap_cases
from evals.readers import Readers, rules, with_model
from evals.scoring import Scored, scored_code, scored_roadmaps
from storyloom.settings import Settings

Cases = tuple[Sequence[CodeCase], Sequence[RoadmapCase]]
_GOOD, _POOR = 0.9, 0.6
_PIPED_WIDTH = 170


def _labelled() -> Cases:
    return code_cases(), roadmap_cases()


async def main(labelled: Callable[[], Cases] = _labelled) -> None:
    """Print a table for each reader."""
    wide = None if Console().is_terminal else _PIPED_WIDTH
    console = Console(highlight=False, width=wide)
    cases = await asyncio.to_thread(labelled)
    console.print(_table("By rules", await _scored(await asyncio.to_thread(rules), cases)))
    async with with_model(Settings.load()) as found:
        if found is None:
            console.print(
                "No language model is set: with GOOGLE_API_KEY, Gemini is scored as well."
            )
        else:
            name, code, roadmap = found
            console.print(_table(f"By {name}", await _scored((code, roadmap), cases)))


async def _scored(readers: Readers, cases: Cases) -> list[Scored]:
    code, roadmap = readers
    return [*await scored_code(code, cases[0]), *await scored_roadmaps(roadmap, cases[1])]


def _table(title: str, rows: Sequence[Scored]) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row.scores))
    table = Table(
        *("Source", "Read as", *names, "all"),
        title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False,
    )  # fmt: skip
    for row in rows:
        marks = [_mark(row.scores[name]) if name in row.scores else "" for name in names]
        table.add_row(row.case, row.made.source.value, *marks, _mark(row.mean))
    means = [mean(row.scores[name] for row in rows if name in row.scores) for name in names]
    table.add_section()
    table.add_row("mean", "", *map(_mark, means), _mark(mean(row.mean for row in rows)))
    return table


def _mark(score: float) -> str:
    colour = "green" if score >= _GOOD else "yellow" if score >= _POOR else "red"
    return f"[{colour}]{score:.2f}[/]"


if __name__ == "__main__":
    asyncio.run(main())
