"""The labelled set: sources, the brief that each is read for, and the words that it is about."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.pictures import helpdesk
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Wishes

ROOT = Path(__file__).parents[1]
LABELS = Path(__file__).parent / "labels.toml"
_DRAWN = {"helpdesk": helpdesk}


@dataclass(frozen=True, slots=True)
class CodeCase:
    """A code file with its label."""

    name: str
    text: str
    brief: Brief
    words: Sequence[str]
    strange: Sequence[str] = ()  #: words of claims that the source does not bear out
    others: Sequence[Brief] = ()  #: the same for another audience or stage each


@dataclass(frozen=True, slots=True)
class RoadmapCase:
    """A roadmap picture with its label, and words of it that must not come back."""

    name: str
    image: bytes
    brief: Brief
    words: Sequence[str]
    secrets: Sequence[str]


def code_cases() -> list[CodeCase]:
    """All labelled code files."""
    return [
        CodeCase(
            # The files lie here with another ending, so that no tool takes them for ours.
            Path(row["file"]).name.removesuffix(".txt"),
            (ROOT / row["file"]).read_text("utf-8"),
            _brief(row),
            row["words"],
            row.get("strange", ()),
            _others(_brief(row)),
        )
        for row in _labels()["code"]
    ]


def roadmap_cases() -> list[RoadmapCase]:
    """All labelled pictures."""
    return [
        RoadmapCase(
            row.get("drawn") or Path(row["file"]).name,
            _DRAWN[row["drawn"]]() if "drawn" in row else (ROOT / row["file"]).read_bytes(),
            _brief(row),
            row["words"],
            row["secrets"],
        )
        for row in _labels()["roadmap"]
    ]


def _others(brief: Brief) -> tuple[Brief, ...]:
    """The same wishes for each other audience, and for each other stage."""
    catalogue = Catalogue.load()
    audiences = [one for one in catalogue.audiences.values() if one != brief.audience]
    stages = [one for one in catalogue.stages.values() if one != brief.stage]
    return (
        *(replace(brief, audience=one) for one in audiences),
        *(replace(brief, stage=one) for one in stages),
    )


def _labels() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(LABELS.read_text("utf-8"))


def _brief(row: dict[str, Any]) -> Brief:
    return Catalogue.load().brief(Wishes(audience=row["audience"], stage=row["stage"]))
