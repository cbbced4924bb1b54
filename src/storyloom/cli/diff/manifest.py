"""The manifest: which files have a storyboard, how it is drawn, and where it is kept."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import PurePath, PurePosixPath
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from storyloom.boards.schemas import BoardFormat, FileFormat
from storyloom.cli.diff.keeping import FieldName
from storyloom.cli.makers import Order, order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.places import Places
from storyloom.cli.sources import Kind
from storyloom.errors import InvalidInput, NotFound
from storyloom.kit.sentences import sentence_of
from storyloom.storyboard.schemas import BoardFile, Render

MANIFEST = ".storyloom/storyboards.toml"
_MOST_BYTES = 1024 * 1024
_HEAD = """\
# Which files have a storyboard. `storyloom diff` redraws those whose code has changed.
# [defaults] and each [[storyboard]] may have: audience, stage, icp, format, render, model,
# file_format, ignore; [defaults] also folder, where pictures are kept; a storyboard also picture
# and headline.
"""


class Look(BaseModel):
    """How a storyboard is drawn. What is left out is as everywhere."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    audience: str | None = None
    stage: str | None = None
    icp: str | None = None
    format: BoardFormat | None = None
    render: Render | None = None
    model: str | None = None
    file_format: FileFormat | None = None
    ignore: tuple[FieldName, ...] | None = Field(
        default=None, description="Fields whose change alone is no reason to draw anew"
    )


class Defaults(Look):
    """What holds for storyboards that say nothing else."""

    folder: str = "storyboards"


class Entry(Look):
    """One storyboard. Paths are relative to the top, with slashes."""

    source: str = Field(min_length=1)
    picture: str | None = Field(default=None, min_length=1)
    headline: str | None = None

    @field_validator("source", "picture")
    @classmethod
    def _plain(cls, path: str | None) -> str | None:
        return None if path is None else str(PurePosixPath(path))


class Storyboard(BaseModel):
    """An entry with its defaults: all that is needed to draw it."""

    model_config = ConfigDict(frozen=True)

    source: str
    picture: str
    look: Look
    headline: str | None = None

    @property
    def order(self) -> Order:
        """What is asked of who draws it; raises `InvalidInput`."""
        look = self.look
        options = DrawOptions(
            audience=look.audience,
            stage=look.stage,
            icp=look.icp,
            headline=self.headline,
            page_format=None if look.format is None else look.format.value,
            render=None if look.render is None else look.render.value,
            model=look.model,
        )
        kind = FileFormat(PurePath(self.picture).suffix[1:].lower())
        return order_of(Kind.CODE, options, BoardFile(kind))


class Manifest(BaseModel):
    """All storyboards of a repository."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    defaults: Defaults = Defaults()
    storyboard: tuple[Entry, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        seen: dict[str, str] = {}
        for board in self.storyboards:
            if board.picture in seen:
                raise ValueError(
                    f"{seen[board.picture]} and {board.source} are both kept at {board.picture}; "
                    "name a picture for one of them"
                )
            seen[board.picture] = board.source
        return self

    @property
    def storyboards(self) -> tuple[Storyboard, ...]:
        """The entries with their defaults."""
        return tuple(_whole(self.defaults, entry) for entry in self.storyboard)


def read(places: Places) -> Manifest | None:
    """The manifest, or None where there is none; raises `InvalidInput` for one that is wrong."""
    try:
        raw = places.read(MANIFEST, _MOST_BYTES)
    except NotFound:
        return None
    try:
        return Manifest.model_validate(tomllib.loads(raw.decode("utf-8")))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{MANIFEST}: {where}: {first['msg']}".replace(": :", ":")) from fault
    except ValueError as fault:  # no TOML, no UTF-8
        raise InvalidInput(f"{MANIFEST} cannot be read: {fault}.") from fault


def with_entries(
    places: Places, known: Manifest | None, sources: Sequence[str], options: DrawOptions
) -> tuple[bytes, Manifest]:
    """The manifest's text with these sources in it, and what it says then.

    What is there stays as somebody has written it. Raises `InvalidInput`.
    """
    have = {entry.source for entry in known.storyboard} if known else set[str]()
    new = [source for source in dict.fromkeys(sources) if source not in have]
    text = places.read(MANIFEST, _MOST_BYTES).decode("utf-8") if known else _HEAD
    for source in new:
        lines = {"source": source, **_look(options)}
        # Strings of JSON are strings of TOML.
        written = (f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in lines.items())
        text = "\n".join([text.rstrip("\n"), "", "[[storyboard]]", *written, ""])
    try:
        return text.encode(), Manifest.model_validate(tomllib.loads(text))
    except ValidationError as fault:
        raise InvalidInput(sentence_of(fault.errors()[0])) from fault


def by_options(sources: Sequence[str], options: DrawOptions, folder: str) -> Manifest:
    """Storyboards that no manifest names; raises `InvalidInput`."""
    entries = [{"source": source} for source in dict.fromkeys(sources)]
    try:
        return Manifest.model_validate(
            {
                "defaults": {"folder": folder, **_look(options)},
                "storyboard": entries,
            }
        )
    except ValidationError as fault:
        raise InvalidInput(sentence_of(fault.errors()[0])) from fault


def _look(options: DrawOptions) -> dict[str, str]:
    given: dict[str, str | None] = {
        "audience": options.audience,
        "stage": options.stage,
        "icp": options.icp,
        "format": options.page_format,
        "render": options.render,
        "model": options.model,
        "file_format": options.file_format,
    }
    return {name: value for name, value in given.items() if value is not None}


def _whole(defaults: Defaults, entry: Entry) -> Storyboard:
    names = set(Look.model_fields)
    usual = defaults.model_dump(include=names, exclude_none=True)
    look = Look.model_validate(usual | entry.model_dump(include=names, exclude_none=True))
    kind = look.file_format or FileFormat.PNG
    stem = PurePosixPath(entry.source).stem
    picture = entry.picture or str(PurePosixPath(defaults.folder, f"{stem}.storyboard.{kind}"))
    return Storyboard(source=entry.source, picture=picture, look=look, headline=entry.headline)
