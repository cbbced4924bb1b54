"""Prompts as files: text with a version, reviewed like code.

A prompt is one Markdown file. Its head, between two lines of `+++`, is TOML: `name` (that of the
file), `version` and `purpose`. The rest is the text, with slots as `{{name}}`:

    prompt = load_prompts(folder)["illustrate"]
    prompt.render(subject="a van", style="flat")    # every slot, and no other
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storyloom.errors import Misconfigured

_HEAD = re.compile(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", re.DOTALL)
_SLOT = re.compile(r"\{\{([a-z][a-z_]*)\}\}")


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z_]*$")
    version: str = Field(pattern=r"^[0-9]+$")
    purpose: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. Whoever changes the text gives it the next version."""

    name: str
    version: str
    purpose: str  #: what it is for, in a phrase
    text: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read one file; raises `Misconfigured`."""
        try:
            head, text = _parts(file.read_text("utf-8"), file.stem)
        except (ValueError, ValidationError) as fault:  # TOML and UTF-8 faults are ValueErrors
            raise Misconfigured(f"The prompt file {file} cannot be read: {fault}") from fault
        return cls(head.name, head.version, head.purpose, text)

    @property
    def slots(self) -> frozenset[str]:
        """The names of its slots."""
        return frozenset(_SLOT.findall(self.text))

    def render(self, **values: str) -> str:
        """Fill every slot, in one pass: what a value holds is never taken for a slot.

        Raises `ValueError` when a slot is missing or unknown, which is a mistake in our code.
        """
        if odd := self.slots ^ values.keys():
            raise ValueError(
                f"The slots of the prompt {self.name} differ: {', '.join(sorted(odd))}"
            )
        return _SLOT.sub(lambda found: values[found[1]], self.text)


def _parts(whole: str, stem: str) -> tuple[_Head, str]:
    parts = _HEAD.fullmatch(whole)
    if parts is None:
        raise ValueError("it does not begin with a head between two lines of +++")
    head, text = _Head.model_validate(tomllib.loads(parts[1])), parts[2].strip()
    if head.name != stem:
        raise ValueError(f"it calls itself {head.name}")
    if not text:
        raise ValueError("it has no text")
    return head, text


@cache
def load_prompts(folder: Path) -> Mapping[str, Prompt]:
    """Read a folder of prompts, once; raises `Misconfigured`."""
    found = (Prompt.read(file) for file in sorted(folder.glob("*.md")))
    return MappingProxyType({prompt.name: prompt for prompt in found})
