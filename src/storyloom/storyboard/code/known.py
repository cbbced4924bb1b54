"""Files that every project has, told by their names or their keys: a Dockerfile, a list of packages."""

import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from storyloom.storyboard.code.facts import CodeFacts, Definition, Kind
from storyloom.storyboard.code.languages import base_name

_DATA = Path(__file__).parents[1] / "data" / "known_files.toml"


class KnownFile(BaseModel):
    """One kind of file, and what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    empty: bool = Field(default=False, description="Only where the file defines nothing itself")
    title: str
    does: str
    capability: str = ""

    def fits(self, name: str, defined: Sequence[Definition]) -> bool:
        """Whether a file of this name, with these definitions, is one."""
        if self.empty and any(map(_is_work, defined)):
            return False
        if any(fnmatchcase(name, one) for one in self.names):
            return True
        keys = {one.name for one in defined if one.kind is Kind.KEY}
        return bool(self.keys) and self.keys <= keys


def _is_work(one: Definition) -> bool:
    """What Python itself asks for begins with an underscore, and `main` does nothing of its own."""
    return one.name[:1].isalpha() and one.name != "main"


@cache
def known_kinds() -> tuple[KnownFile, ...]:
    """Read the catalogue, once."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return tuple(KnownFile.model_validate(one) for one in data["file"])


def known_file(facts: CodeFacts, file_name: str) -> KnownFile | None:
    """Tell what a file is by convention, if it is."""
    name = base_name(file_name).lower()
    return next((one for one in known_kinds() if one.fits(name, facts.definitions)), None)
