"""Presets as data: whose customers, which stage, which audience.

Each is one TOML file in `data/icp`, `data/stages` or `data/audiences`; the file's name is its key.
An operator's folder with the same three sub-folders adds to them, or replaces them by key.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storyloom.boards.schemas import Brand, Scene
from storyloom.errors import InvalidInput, Misconfigured
from storyloom.storyboard.schemas import Wishes

PACKAGED = Path(__file__).parent / "data"
_KINDS = ("icp", "stages", "audiences")
#: Under this name a job keeps a profile that is in no catalogue.
PROFILE = "profile"


class Preset(BaseModel):
    """What every preset has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9_]{1,64}$")
    name: str
    description: str


class IcpPreset(Preset):
    """An ideal customer profile: the brand, the look of the art, and the trade's own words."""

    brand: Brand
    art_style: str = Field(default="", description="For image models: how illustrations look")
    words: Mapping[str, str] = Field(
        default={}, description="The trade's word for each slot of the phrase tables"
    )


class Stage(Preset):
    """How far a feature is: the order on the tracker, the badge, the tense of its sentences."""

    order: int = Field(ge=0)
    badge: str
    treatment: str = Field(default="teaser", description="The look of the board's hero")
    tense: Literal["future", "demonstrated", "present"] = "future"


class Audience(Preset):
    """Who looks at the board: the kicker, the order of panels, and what they answer for."""

    kicker: str
    layout: str = Field(default="briefing", description="The look of the board's panels")
    panels: tuple[Scene, ...] = Field(min_length=1, max_length=6)
    people: str = Field(description="The audience as a plural noun phrase, in mid-sentence")


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that is wished of one storyboard, looked up and ready to use."""

    icp: IcpPreset
    stage: Stage
    audience: Audience
    headline: str | None = None
    model: str | None = None  #: the language model that was asked for by name


P = TypeVar("P", bound=Preset)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All presets, by key, in the order in which they are shown."""

    icp: Mapping[str, IcpPreset]
    stages: Mapping[str, Stage]
    audiences: Mapping[str, Audience]
    files: frozenset[tuple[str, str]] = frozenset()  #: kind and key of those of the operator

    @classmethod
    def load(cls, extra: Path | None = None) -> Self:
        """Read the package's presets, then the operator's; raises `Misconfigured`."""
        folders = [PACKAGED] if extra is None else [PACKAGED, _checked(extra)]
        stages = _load(Stage, "stages", folders)
        return cls(
            icp=_load(IcpPreset, "icp", folders),
            stages=dict(sorted(stages.items(), key=lambda item: item[1].order)),
            audiences=_load(Audience, "audiences", folders),
            files=frozenset(_keys(folders[1:])),
        )

    def is_file(self, kind: str, key: str) -> bool:
        """Whether a preset comes from the operator, and not from the package."""
        return (kind, key) in self.files

    def brief(
        self,
        wishes: Wishes,
        *,
        part: str = "body",
        icp: IcpPreset | None = None,
        more: Sequence[str] = (),
    ) -> Brief:
        """Look the wishes up, which came in this part of a request.

        A profile that is given is taken, whatever is wished. Raises `InvalidInput` that lists what
        there is, and what `more` somebody else has.
        """
        return Brief(
            icp=icp or _pick(self.icp, (part, "icp_preset"), wishes.icp_preset, more),
            stage=_pick(self.stages, (part, "stage"), wishes.stage),
            audience=_pick(self.audiences, (part, "audience"), wishes.audience),
            headline=wishes.custom_headline,
            model=wishes.model,
        )


def kept_profile(params: Mapping[str, object]) -> IcpPreset | None:
    """The profile that a job keeps, since no catalogue has it."""
    kept = params.get(PROFILE)
    return None if kept is None else IcpPreset.model_validate(kept)


def _checked(folder: Path) -> Path:
    if not any((folder / name).is_dir() for name in _KINDS):
        raise Misconfigured(
            f"The presets folder {folder} holds none of {', '.join(_KINDS)}.",
            setting="STORYLOOM_PRESETS_DIR",
        )
    return folder


def _keys(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        for kind in _KINDS:
            yield from ((kind, file.stem) for file in (folder / kind).glob("*.toml"))


def _pick(presets: Mapping[str, P], loc: tuple[str, str], key: str, more: Sequence[str] = ()) -> P:
    try:
        return presets[key]
    except KeyError:
        known = ", ".join(f"'{name}'" for name in (*presets, *more))
        raise InvalidInput(f"Input should be one of {known}", loc=loc, kind="enum") from None


def _load(kind: type[P], name: str, folders: Iterable[Path]) -> dict[str, P]:
    found: dict[str, P] = {}
    for folder in folders:
        for file in sorted((folder / name).glob("*.toml")):
            try:
                data = tomllib.loads(file.read_text("utf-8"))
                found[file.stem] = kind.model_validate({**data, "key": file.stem})
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as fault:
                raise Misconfigured(
                    f"The preset file {file} cannot be read: {fault}", setting="presets_dir"
                ) from fault
    return found
