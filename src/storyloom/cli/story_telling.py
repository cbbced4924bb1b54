"""What `storyloom story` says in the end, to people and to programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import typer

from storyloom.automation.runs.schemas import Report, Run, Shot
from storyloom.cli.output import complain, warn
from storyloom.cli.story_gallery import file_of
from storyloom.cli.wording import duration, one_line
from storyloom.errors import StoryloomError
from storyloom.jobs.schemas import JobStatus

#: What a program has for its status that was ended by Ctrl+C.
STOPPED = 130
FAILED = 1


@dataclass(frozen=True, slots=True)
class Show:
    """A run as it is when a command ends."""

    folder: Path
    run: Run
    shots: tuple[Shot, ...]
    report: Report
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The same, with the files about the whole of it by their names in JSON."""

    show: Show
    files: dict[str, Path] = field(default_factory=dict[str, Path])
    warnings: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 where every picture is there."""
        show, run = self.show, self.show.run
        if show.is_stopped:
            return STOPPED
        if run.status is JobStatus.COMPLETED:
            return FAILED if show.report.failed else 0
        return _statuses().get(run.error_code or "", FAILED)

    @property
    def wire(self) -> dict[str, object]:
        """As JSON."""
        return {
            **told_of(self.show),
            "folder": str(self.show.folder),
            "files": {name: str(path) for name, path in self.files.items()},
            "warnings": list(self.warnings),
        }


def told_of(show: Show) -> dict[str, object]:
    """The morning report, with each picture and how it was made."""
    run = show.run
    return {
        "runId": run.id,
        "status": "stopped" if show.is_stopped else run.status.value,
        "error": run.error_code and {"code": run.error_code, "message": run.error_message},
        "report": show.report.model_dump(mode="json", by_alias=True),
        "pictures": list(_pictures(show)),
    }


def tell(told: Told) -> None:
    """Tell people: where it lies on stdout, the rest on stderr."""
    show = told.show
    for sentence in (*show.report.remarks, *told.warnings):
        warn(sentence)
    for decision in show.report.decisions:
        warn(f"{decision.shot or 'the run'}: {decision.says}")
    if show.is_stopped:
        says = "Stopped; the same command goes on, and makes nothing again that is there."
        typer.echo(says, err=True)
    elif show.run.status is not JobStatus.COMPLETED:
        complain(show.report.headline)
    for name in ("viewer", "sheet"):
        if name in told.files:
            typer.echo(str(told.files[name]))
    took = duration(round(show.report.wall_seconds * 1000))
    typer.echo(f"{show.folder}\t{one_line(show.report.headline)} ({took})")


def _pictures(show: Show) -> Iterator[dict[str, object]]:
    for shot in show.shots:
        version = shot.version
        yield {
            "id": shot.id,
            "file": file_of(shot),
            "beatId": shot.beat_id,
            "caption": shot.caption,
            "status": shot.status.value,
            "backend": version and version.backend,
            "model": version and version.model,
            "seed": version and version.seed,
            "prompt": version and version.prompt,
            "steps": [step.model_dump(mode="json", by_alias=True) for step in shot.steps],
            "error": shot.error_message,
        }


def _statuses() -> dict[str, int]:
    """The exit statuses of all errors by their codes."""
    found: dict[str, int] = {}
    kinds = [StoryloomError]
    while kinds:
        kind = kinds.pop()
        found[kind.code] = kind.exit_status
        kinds += kind.__subclasses__()
    return found
