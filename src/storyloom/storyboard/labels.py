"""The fixed words of a board in its language, as data in `data/labels`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from storyloom.boards.schemas import Scene

FOLDER = Path(__file__).parent / "data" / "labels"
FALLBACK = "en"


class Labels(BaseModel):
    """One language's words: a label for every scene, and translations of the presets' words.

    `solved` stands in for the problem's label once the feature is here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    solved: str
    panels: Mapping[Scene, str]
    words: Mapping[str, str] = {}

    def say(self, word: str) -> str:
        """The word in this language; itself when an operator's preset brought it."""
        return self.words.get(word, word)


@cache
def all_labels() -> Mapping[str, Labels]:
    """Every language's labels, read once."""
    return {
        file.stem: Labels.model_validate(tomllib.loads(file.read_text("utf-8")))
        for file in sorted(FOLDER.glob("*.toml"))
    }


def labels_for(language: str) -> Labels:
    """The language's labels, English where there are none."""
    known = all_labels()
    return known.get(language.partition("-")[0], known[FALLBACK])
