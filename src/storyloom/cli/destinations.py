"""Where each storyboard is written: under a name of its own, never over a source."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePath

from storyloom.cli.options import FileFormatName
from storyloom.cli.sources import Source
from storyloom.errors import InvalidInput
from storyloom.storyboard.schemas import BoardFile

_KINDS = ", ".join(f".{kind}" for kind in BoardFile)


@dataclass(frozen=True, slots=True)
class Plan:
    """The kind of file, and a path for each source, in their order."""

    file_format: BoardFile
    paths: tuple[Path, ...]


def plan(sources: Sequence[Source], output: str | None, chosen: FileFormatName | None) -> Plan:
    """Decide; raises `InvalidInput` when the wishes do not go together."""
    file_format = BoardFile(chosen or BoardFile.PNG)
    if output is None:
        paths = _in_folder(Path(), sources, file_format)
    elif _is_folder(output):
        paths = _in_folder(Path(output), sources, file_format)
    else:
        file_format = _format_of(output, chosen)
        if len(sources) > 1:
            raise InvalidInput(
                f"-o {output} is one file, but there are {len(sources)} sources; "
                "name a folder, as in -o boards/"
            )
        paths = (Path(output),)
    _spare_the_sources(sources, paths)
    return Plan(file_format, paths)


def write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing; folders are made."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as fault:
        with suppress(OSError):
            part.unlink()
        raise InvalidInput(
            f"{path} cannot be written: {fault.strerror}. Choose another place with -o."
        ) from fault


def _is_folder(output: str) -> bool:
    separators = tuple(filter(None, (os.sep, os.altsep)))
    return output.endswith(separators) or Path(output).is_dir() or not PurePath(output).suffix


def _format_of(output: str, chosen: FileFormatName | None) -> BoardFile:
    suffix = PurePath(output).suffix
    try:
        told = BoardFile(suffix[1:].lower())
    except ValueError:
        raise InvalidInput(
            f"-o {output}: {suffix} is none of the kinds that can be drawn: {_KINDS}."
        ) from None
    if chosen is not None and told != chosen:
        raise InvalidInput(f"-o {output} and --file-format {chosen} name two kinds of file.")
    return told


def _in_folder(folder: Path, sources: Sequence[Source], file_format: BoardFile) -> tuple[Path, ...]:
    taken: set[str] = set()
    return tuple(folder / _free_name(source, file_format, taken) for source in sources)


def _free_name(source: Source, file_format: BoardFile, taken: set[str]) -> str:
    """A name that no source before this one has: `roi`, `roi.py`, `billing-roi`, else `roi-2`."""
    name, stem = source.name, PurePath(source.name).stem
    parent = "" if source.path is None else source.path.resolve().parent.name
    homes = (f"{parent}-{stem}", f"{parent}-{name}") if parent else ()
    wishes = chain((stem, name), homes, (f"{stem}-{number}" for number in count(2)))
    # Some file systems do not tell capitals from small letters.
    wish = next(wish for wish in wishes if wish.casefold() not in taken)
    taken.add(wish.casefold())
    return f"{wish}.storyboard.{file_format}"


def _spare_the_sources(sources: Sequence[Source], paths: Sequence[Path]) -> None:
    kept = {source.path.resolve() for source in sources if source.path is not None}
    for path in paths:
        if path.resolve() in kept:
            raise InvalidInput(f"{path} is a source and would be written over; choose another -o.")
