"""What the doctor says to people: tables of what is chosen, then a line for each finding."""

from collections.abc import Mapping, Sequence

import typer
from rich.markup import escape

from storyloom.bootstrap.diagnosis.providers import Usable
from storyloom.bootstrap.diagnosis.workers import Heard
from storyloom.bootstrap.parts import Choice, Script
from storyloom.cli.output import new_table, print_table
from storyloom.cli.wording import one_line
from storyloom.kit.findings import Finding, Verdict

_COLOURS = {Verdict.ERROR: "red", Verdict.WARNING: "yellow", Verdict.OK: "green"}
_WIDTH = 7
_SHOWN = 12  #: names of models; `--json` has more


def show_settings(version: str, python: str, settings: Mapping[str, str]) -> None:
    """Every knob; secrets are masked."""
    table = new_table("Setting", "Value", title=f"Storyloom {version}")
    table.add_row("Python", python)
    for name, value in settings.items():
        table.add_row(name, escape(value))
    print_table(table)


def show_parts(parts: Sequence[Choice]) -> None:
    """What stands behind each part."""
    table = new_table("Part", "Chosen")
    for choice in parts:
        table.add_row(choice.part, escape(choice.chosen))
    print_table(table)


def show_scripts(scripts: Sequence[Script]) -> None:
    """Which scripts boards can be written in."""
    table = new_table("Script", "Fonts")
    for script in scripts:
        missing = f"[yellow]not covered; on Debian: apt install {script.package}[/]"
        table.add_row(script.name, escape(", ".join(script.fonts)) if script.covered else missing)
    print_table(table)


def show_models(models: Sequence[Usable]) -> None:
    """What each key can use."""
    if not models:
        return
    table = new_table("Provider", "Understand", "Paint", title="Models for these keys")
    for one in models:
        table.add_row(one.provider, _some(one.understand), _some(one.paint))
    print_table(table)


def show_workers(workers: Sequence[Heard]) -> None:
    """Who takes jobs, and when each was heard last."""
    if not workers:
        return
    table = new_table("Worker", "Process", "Version", "Queues", "Heard")
    for one in workers:
        worker = one.worker
        when = "has left" if one.has_left else f"{one.heard_s:.0f} s ago"
        colour = "green" if one.lives else "yellow"
        table.add_row(
            escape(worker.host),
            str(worker.pid),
            escape(worker.version),
            escape(", ".join(worker.queues)),
            f"[{colour}]{when}[/]",
        )
    print_table(table)


def show_findings(findings: Sequence[Finding]) -> None:
    """A line for each, and below it how to mend it."""
    for one in findings:
        word = typer.style(f"{one.status.value:<{_WIDTH}}", fg=_COLOURS[one.status])
        typer.echo(f"{word} {one.check}: {one_line(one.says)}")
        if one.mend:
            typer.echo(f"{'':<{_WIDTH}} → {one_line(one.mend)}")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return escape(one_line(", ".join(names[:_SHOWN]))) + more
