"""What `storyloom story` remembers in its folder: which run it was, and which files it wrote."""

import json
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, Field, JsonValue, ValidationError

from storyloom.cli.destinations import write

NOTE = "story.json"


class Note(BaseModel):
    """The note in the folder of a story."""

    storyloom: int = 1
    order: str = Field(description="The hash of the script and of what was asked of it")
    run: str
    session: int
    pictures: dict[str, str] = Field(
        default_factory=dict, description="The files that were written, each with its content's key"
    )


def order_of(script: str, title: str, config: dict[str, JsonValue]) -> str:
    """The same for the same script and the same wishes."""
    asked = json.dumps([script, title, config], sort_keys=True)
    return sha256(asked.encode()).hexdigest()


def read_note(folder: Path) -> Note | None:
    """The note of an earlier command, or None where there is none that can be read."""
    try:
        return Note.model_validate_json((folder / NOTE).read_bytes())
    except (OSError, ValidationError):
        return None


def write_note(folder: Path, note: Note) -> None:
    """Keep it, whole or not at all."""
    write(folder / NOTE, note.model_dump_json(indent=2).encode() + b"\n")
