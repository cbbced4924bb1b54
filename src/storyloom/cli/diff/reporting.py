"""What has changed, for people, for programs, and as Markdown for a comment or a summary."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from storyloom.cli.diff.redrawing import Fate, Redrawn
from storyloom.cli.output import complain, warn
from storyloom.cli.wording import one_line, sentence_of
from storyloom.errors import InvalidInput

# Words come from code that anybody may have written: in a comment they are words, no links, no
# mentions and no pictures.
_SIGNS = re.compile(r"(?!\.(?:\s|$))[^\w\s,;'-]|_")


def tell(done: Sequence[Redrawn], *, is_check: bool) -> None:
    """Tell people: pictures on stdout, the rest on stderr."""
    for one in done:
        shown = f"{one.board.source}"
        if one.error is not None:
            complain(f"{shown}: {sentence_of(one.error)}")
            continue
        for sentence in one.warnings:
            warn(f"{shown}: {sentence}")
        if not one.is_other:
            continue
        would = "would be " if is_check else ""
        typer.echo(f"{one.board.picture}\t{would}{_fate(one)}")
        for change in one.changes:
            if change.old is not None:
                typer.echo(f"  - {change.field}: {one_line(change.old)}")
            typer.echo(f"  + {change.field}: {one_line(change.new)}")
    typer.echo(_counted(done), err=True)


def wire(done: Sequence[Redrawn]) -> dict[str, object]:
    """The same as JSON."""
    return {
        "changed": sum(one.is_other for one in done),
        "failed": sum(one.fate is Fate.FAILED for one in done),
        "storyboards": [
            {
                "source": one.board.source,
                "picture": one.board.picture,
                "status": one.fate.value,
                "headline": one.headline or None,
                "changes": [change.model_dump() for change in one.changes],
                "warnings": list(one.warnings),
                "error": one.error and {"code": one.error.code, "message": sentence_of(one.error)},
            }
            for one in done
        ],
    }


def append(file: Path, done: Sequence[Redrawn]) -> None:
    """Append the report as Markdown; raises `InvalidInput` where that cannot be written."""
    try:
        with file.open("a", encoding="utf-8") as report:
            report.write(markdown(done))
    except OSError as fault:
        raise InvalidInput(f"{file} cannot be written: {fault.strerror}.") from fault


def markdown(done: Sequence[Redrawn]) -> str:
    """The report as Markdown."""
    told = (line for one in done if one.fate is not Fate.UNCHANGED for line in _section(one))
    return "\n".join(["## Storyboards", "", _counted(done), "", *told, ""])


def _section(one: Redrawn) -> Iterator[str]:
    yield f"### {_plain(one.board.picture)}"
    yield ""
    if one.error is not None:
        yield f"{_plain(one.board.source)}: {_plain(sentence_of(one.error))}"
    else:
        yield f"Drawn from {_plain(one.board.source)}: {_fate(one)}."
    yield ""
    if one.changes:
        yield "| field | before | now |"
        yield "|---|---|---|"
        for change in one.changes:
            yield f"| {_named(change.field)} | {_plain(change.old or '')} | {_plain(change.new)} |"
        yield ""


def _counted(done: Sequence[Redrawn]) -> str:
    numbers = {fate: sum(one.fate is fate for one in done) for fate in Fate}
    told = [f"{number} {fate}" for fate, number in numbers.items() if number]
    return f"Storyboards whose code changed: {', '.join(told)}." if told else "Nothing to redraw."


def _fate(one: Redrawn) -> str:
    if one.fate is Fate.NEW:
        return "new"
    named = ", ".join(_named(change.field).lower() for change in one.changes)
    return f"changed ({named or 'what was asked for'})"


def _named(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _plain(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", one_line(text))
