"""`storyloom doctor`: what is set, installed and chosen, and whether it works."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
from rich.markup import escape

from storyloom.api.health import ping_all
from storyloom.bootstrap.archive import open_archive
from storyloom.bootstrap.database import database_file
from storyloom.bootstrap.lock import holder_of
from storyloom.bootstrap.parts import Choice, Script, choices, scripts, text_reader_fault
from storyloom.bootstrap.services import open_services
from storyloom.bootstrap.studio import open_studio
from storyloom.cli.logs import set_up
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.errors import StoryloomError
from storyloom.settings import Settings
from storyloom.storyboard.studio import Studio

_BROKEN = 6
_OK = "ok"
_KEPT = "jobs kept so far"


@dataclass(frozen=True, slots=True)
class Folder:
    """The data directory."""

    path: str
    exists: bool
    writable: bool
    used_by: str | None


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found. `checks` say `ok`, or what is wrong with a part that is needed."""

    version: str
    python: str
    settings: Mapping[str, str]
    data_dir: Folder
    parts: Iterable[Choice]
    checks: Mapping[str, str]
    ocr: str
    scripts: Iterable[Script]

    @property
    def is_well(self) -> bool:
        """Whether everything that is needed works."""
        return all(answer == _OK for answer in self.checks.values())


def examine(settings: Settings, *, as_json: bool) -> int:
    """Look at everything, say what is there, and return the exit status."""
    set_up("error")
    return _tell(_findings(settings), as_json=as_json)


def _tell(found: Findings, *, as_json: bool) -> int:
    if as_json:
        print_json({"ok": found.is_well, **asdict(found)})
    else:
        _show(found)
    return 0 if found.is_well else _BROKEN


def _findings(settings: Settings) -> Findings:
    folder = _folder(settings.data_dir)
    return Findings(
        version=version("storyloom"),
        python=sys.version.split()[0],
        # Secrets would be masked by their own type.
        settings={name: str(value) for name, value in settings},
        data_dir=folder,
        parts=choices(settings),
        checks={"data directory": _verdict(folder), **_checks(settings)},
        ocr=anyio.run(text_reader_fault) or _OK,
        scripts=scripts(settings),
    )


def _folder(path: Path) -> Folder:
    # A folder that is still to be made has to be writable where it will be made.
    nearest = next(place for place in (path, *path.absolute().parents) if place.exists())
    writable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    return Folder(str(path), path.exists(), writable, holder_of(path))


def _verdict(folder: Folder) -> str:
    return _OK if folder.writable else f"{folder.path} cannot be written"


def _checks(settings: Settings) -> dict[str, str]:
    """Ping the archive that is there, and every part in a folder of its own.

    A server may be running: its folder is only read.
    """
    checks: dict[str, str] = {}
    if database_file(settings.data_dir).exists():
        checks |= anyio.run(_archive_check, settings)
    with TemporaryDirectory(prefix="storyloom-doctor-") as scratch:
        apart = settings.model_copy(update={"data_dir": Path(scratch)})
        return checks | anyio.run(_part_checks, apart, open_studio(apart))


async def _archive_check(settings: Settings) -> dict[str, str]:
    try:
        async with open_archive(settings) as archive:
            return await ping_all({_KEPT: archive.ping})
    except StoryloomError as fault:
        return {_KEPT: fault.message}


async def _part_checks(settings: Settings, studio: Studio) -> dict[str, str]:
    try:
        async with open_services(settings, studio) as services:
            return await ping_all(services.pings)
    except StoryloomError as fault:
        return {"start": fault.message}


def _show(found: Findings) -> None:
    settings = new_table("Setting", "Value", title=f"Storyloom {found.version}")
    settings.add_row("Python", found.python)
    for name, value in found.settings.items():
        settings.add_row(name, escape(value))
    parts = new_table("Part", "Chosen")
    for choice in found.parts:
        parts.add_row(choice.part, escape(choice.chosen))
    works = new_table("Check", "Answer")
    for name, answer in found.checks.items():
        works.add_row(name, _coloured(answer, "red"))
    works.add_row("reading words in pictures", _coloured(found.ocr, "yellow"))
    works.add_row("data directory in use", escape(found.data_dir.used_by or "no"))
    fonts = new_table("Script", "Fonts")
    for script in found.scripts:
        missing = f"[yellow]not covered; on Debian: apt install {script.package}[/]"
        fonts.add_row(script.name, escape(", ".join(script.fonts)) if script.covered else missing)
    for table in (settings, parts, works, fonts):
        print_table(table)


def _coloured(answer: str, otherwise: str) -> str:
    return f"[{'green' if answer == _OK else otherwise}]{escape(answer)}[/]"
