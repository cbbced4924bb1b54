"""Progress on stderr, for people who wait."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed


class Watcher(Protocol):
    """Is told how the works go on."""

    def at(self, source: str, phase: str) -> None:
        """A work has come to this phase."""
        ...

    def done(self) -> None:
        """A work has ended, well or not."""
        ...


class Nobody:
    """Watches nothing."""

    def at(self, source: str, phase: str) -> None:
        """Do nothing."""

    def done(self) -> None:
        """Do nothing."""


class Bar:
    """One bar for all works, with what happened last."""

    def __init__(self, progress: Progress, total: int) -> None:
        """Start at nothing."""
        self._progress = progress
        self._task = progress.add_task("", total=total)

    def at(self, source: str, phase: str) -> None:
        """Show it beside the bar."""
        self._progress.update(self._task, description=f"{escape(source)}: {phase}")

    def done(self) -> None:
        """Move the bar."""
        self._progress.advance(self._task)


def on_terminal(*, as_json: bool) -> Console | None:
    """The console for progress, or None where nobody looks at it."""
    return None if as_json or not sys.stderr.isatty() else Console(stderr=True)


@contextmanager
def watching(total: int, console: Console | None) -> Generator[Watcher]:
    """Show progress while the works go on; it vanishes in the end."""
    if console is None:
        yield Nobody()
        return
    columns = (SpinnerColumn(), BarColumn(24), MofNCompleteColumn(), Elapsed())
    words = TextColumn("{task.description}")
    with Progress(*columns, words, console=console, transient=True) as progress:
        yield Bar(progress, total)
