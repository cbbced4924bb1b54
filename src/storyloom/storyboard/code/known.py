"""Files that every project has, told by their names or their keys: a Dockerfile, a list of packages."""

import re
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from storyloom.storyboard.code.facts import CodeFacts
from storyloom.storyboard.code.languages import base_name

_STARTS_OF_NAMES = re.compile(r"[a-zA-Z]")  # what Python itself asks for starts otherwise
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

    def fits(self, name: str, defined: frozenset[str]) -> bool:
        """Whether a file of this name, with these definitions, is one."""
        if self.empty and any(_STARTS_OF_NAMES.match(one) for one in defined - {"main"}):
            return False
        return any(fnmatchcase(name, one) for one in self.names) or (
            bool(self.keys) and self.keys <= defined
        )


@cache
def known_kinds() -> tuple[KnownFile, ...]:
    """Read the catalogue, once."""
    data = tomllib.loads(_DATA.read_text("utf-8"))
    return tuple(KnownFile.model_validate(one) for one in data["file"])


def known_file(facts: CodeFacts, file_name: str) -> KnownFile | None:
    """Tell what a file is by convention, if it is."""
    name = base_name(file_name).lower()
    defined = frozenset(one.name for one in facts.definitions)
    return next((one for one in known_kinds() if one.fits(name, defined)), None)
