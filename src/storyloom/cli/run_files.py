"""`storyloom runs export`, `redraw`, `restore` and `skip`: what is made of a run's pictures."""

from collections.abc import Sequence
from pathlib import Path

import anyio
import typer

from storyloom.automation.runs.errors import ExportFailed
from storyloom.automation.runs.export_bodies import ExportView
from storyloom.boards.export.schemas import ExportKind
from storyloom.cli.asking import asked, using
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import print_json
from storyloom.cli.server import Server
from storyloom.cli.wording import one_line
from storyloom.client import operations as ops
from storyloom.client.bodies import given
from storyloom.errors import BadAnswer, InvalidInput

_LOOK_EVERY_S = 0.5


def export(options: JobsOptions, run_id: str, formats: Sequence[str], folder: Path) -> None:
    """Let files be made of a run, and save them in the folder."""
    kinds = [_kind(name) for name in formats]
    folder.mkdir(parents=True, exist_ok=True)

    async def make(server: Server) -> list[Path]:
        asked_for = await server.api.runs.export(run_id, kinds)
        names = {one.name for one in asked_for.exports}
        return [
            await server.api.runs.download(run_id, one.name, folder / _file_of(one))
            for one in await _made(server, run_id, names)
        ]

    files = [str(path) for path in using(options, make)]
    if options.as_json:
        print_json({"files": files})
    else:
        typer.echo("\n".join(files))


def redraw(
    options: JobsOptions, run_id: str, shot_id: str, *, seed: int | None, prompt: str | None
) -> None:
    """Let another picture of a shot be made; those that there are stay as versions."""
    names, body = {"run_id": run_id, "shot_id": shot_id}, given(seed=seed, prompt=prompt)
    _say(options, asked(options, ops.REGENERATE_SHOT, names, body=body))


def restore(options: JobsOptions, run_id: str, shot_id: str, version: int) -> None:
    """Let another version of a picture count."""
    names = {"run_id": run_id, "shot_id": shot_id}
    _say(options, asked(options, ops.RESTORE_SHOT, names, body={"version": version}))


def skip(options: JobsOptions, run_id: str, shot_id: str) -> None:
    """Let a picture be made no more."""
    _say(options, asked(options, ops.CANCEL_SHOT, {"run_id": run_id, "shot_id": shot_id}))


def _kind(name: str) -> ExportKind:
    try:
        return ExportKind(name)
    except ValueError:
        known = ", ".join(ExportKind)
        raise InvalidInput(f"There is no format {name}: choose of {known}.") from None


async def _made(server: Server, run_id: str, names: set[str]) -> list[ExportView]:
    while True:
        found = (await server.api.runs.exports(run_id)).exports
        wanted = [one for one in found if one.name in names]
        for one in wanted:
            if one.status.is_terminal and one.file_name is None:
                raise ExportFailed(one.error_message)
        if all(one.status.is_terminal for one in wanted):
            return wanted
        await anyio.sleep(_LOOK_EVERY_S)


def _file_of(one: ExportView) -> str:
    """Its name, which a server has chosen; raises `BadAnswer` where it would leave the folder."""
    name = one.file_name or ""
    if not name or Path(name).name != name or name.startswith("."):
        raise BadAnswer(f"The server names a file {name!r}, which is no name of one.")
    return name


def _say(options: JobsOptions, shot: dict[str, object]) -> None:
    if options.as_json:
        print_json(shot)
    else:
        typer.echo(f"{one_line(str(shot['id']))}\t{one_line(str(shot['status']))}")
