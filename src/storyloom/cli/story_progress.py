"""How far a run is, on stderr."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

from storyloom.automation.runs.schemas import Run, Shot, Stage
from storyloom.automation.runs.views import eta_of
from storyloom.cli.wording import duration, one_line

_WORDS = {
    Stage.IDLE: "beginning",
    Stage.FINDING_BEATS: "reading the script",
    Stage.WAITING_FOR_PROMPTS: "writing prompts",
    Stage.CHECKING_GPU: "looking at the GPU",
    Stage.STARTING_SWARMUI: "starting SwarmUI",
    Stage.GENERATING_IMAGES: "making pictures",
    Stage.EXPORTING: "exporting",
    Stage.COMPLETE: "done",
    Stage.ERROR: "failed",
}


class Screen(Protocol):
    """Is told how a run goes on."""

    def show(self, run: Run, shots: Sequence[Shot], now: datetime) -> None:
        """The run is like this now."""
        ...


class Live:
    """A bar with the stage, what is waited for, and when it may have ended."""

    def __init__(self, progress: Progress) -> None:
        """Start at nothing."""
        self._progress = progress
        self._task = progress.add_task("beginning", total=None)

    def show(self, run: Run, shots: Sequence[Shot], now: datetime) -> None:
        """Move the bar, and say what there is to be said."""
        done = sum(shot.status.is_terminal for shot in shots)
        parts = [escape(words_of(run))]
        if (eta := eta_of(run, shots, now)) is not None:
            parts.append(f"about {duration(round(eta.seconds * 1000))} left")
        self._progress.update(
            self._task, completed=done, total=len(shots) or None, description=", ".join(parts)
        )


class Lines:
    """A line whenever something else is done or waited for: for logs."""

    def __init__(self, *, is_mute: bool = False) -> None:
        """Say nothing at all where it is mute."""
        self._is_mute = is_mute
        self._said = ""

    def show(self, run: Run, shots: Sequence[Shot], now: datetime) -> None:  # noqa: ARG002 - as Live
        """Say it, unless that was the last thing said."""
        words = words_of(run)
        if words != self._said and not self._is_mute:
            typer.echo(words, err=True)
        self._said = words


def words_of(run: Run) -> str:
    """What a run does or waits for, as a line."""
    waits = "; ".join(one.detail.rstrip(".") for one in run.waiting_on)
    return one_line(f"{_WORDS[run.stage]}: {waits}" if waits else _WORDS[run.stage])


@contextmanager
def screen_on(console: Console | None, *, is_mute: bool) -> Generator[Screen]:
    """A live bar on a terminal, which vanishes in the end; else lines."""
    if console is None:
        yield Lines(is_mute=is_mute)
        return
    columns = (SpinnerColumn(), BarColumn(24), MofNCompleteColumn(), Elapsed())
    words = TextColumn("{task.description}")
    with Progress(*columns, words, console=console, transient=True) as progress:
        yield Live(progress)
