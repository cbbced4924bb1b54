"""Runs all benchmarks, one after the other, and prints one table."""

import os
import sys
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table

from bench.archive import archive
from bench.events import events
from bench.figures import Figure
from bench.gpu import gpu
from bench.idle import idle
from bench.jobs import jobs
from bench.listing import listing
from bench.models import models
from bench.page import page
from bench.polls import polls
from bench.production import production
from bench.render import render
from bench.runs import runs
from bench.startup import startup
from bench.story import story
from bench.workers import workers

BENCHMARKS = {
    "startup": startup,
    "render": render,
    "polls": polls,
    "production": production,
    "workers": workers,
    "archive": archive,
    "jobs": jobs,
    "listing": listing,
    "events": events,
    "models": models,
    "story": story,
    "runs": runs,
    "idle": idle,
    "page": page,
    "gpu": gpu,
}


def main(chosen: list[str]) -> None:
    """Run the chosen ones, or all."""
    console, load = Console(highlight=False), os.getloadavg()[0]
    figures: list[Figure] = []
    for name in chosen or BENCHMARKS:
        with console.status(f"{name} …"):
            figures += BENCHMARKS[name]()
    wide = None if console.is_terminal else 180
    Console(highlight=False, width=wide).print(_table(figures, load))


def _table(figures: Iterable[Figure], load: float) -> Table:
    # Figures of a machine that does other things as well say little; the load tells.
    title = f"Medians, on {os.cpu_count()} cores with a load of {load:.1f} before"
    table = Table(
        *("What", "Storyloom", "Baseline", "Ratio", "Target"),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title=title,
    )
    for figure in figures:
        met = {None: "", True: " [green]met[/]", False: " [red]missed[/]"}[figure.is_met]
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        table.add_row(figure.what, figure.ours, figure.baseline, ratio, figure.target + met)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
