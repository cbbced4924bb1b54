"""What is found in a script: scenes with their beats, and the bible. Names are in camel case on the wire.

    analyzedEpisode = {episodeNumber, title, scenes: [{sceneNumber, title, metadata, beats}], bible}

What other clients have written is read too: everything but the id of a beat may be missing.
"""

import re
from enum import StrEnum
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, computed_field
from pydantic.alias_generators import to_camel

from storyloom.kit.storable import storable

_WIRE = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)
_NUMBERED = re.compile(r"s([0-9]{1,6})-b([0-9]{1,6})")
Inside = Literal["interior", "exterior", "both"]


def beat_id(scene: int, beat: int) -> str:
    """The name of a beat by its scene and its place there, both from 1."""
    return f"s{scene}-b{beat}"


def place_in_story(name: str) -> tuple[int, int]:
    """Scene and beat of a name that `beat_id` has made, by which beats are in order; else zeros."""
    found = _NUMBERED.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else (0, 0)


class Significance(StrEnum):
    """How much a beat is worth seeing."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"


class Shot(StrEnum):
    """How near the camera is, or where it stands."""

    EXTREME_WIDE = "extreme wide shot"
    WIDE = "wide shot"
    MEDIUM = "medium shot"
    CLOSE_UP = "close-up"
    EXTREME_CLOSE_UP = "extreme close-up"
    OVER_THE_SHOULDER = "over-the-shoulder shot"
    TWO_SHOT = "two-shot"
    LOW_ANGLE = "low-angle shot"
    HIGH_ANGLE = "high-angle shot"
    OVERHEAD = "overhead shot"
    POINT_OF_VIEW = "point-of-view shot"


class DecisionType(StrEnum):
    """What is to be done about a picture."""

    NEW = "NEW_IMAGE"
    REUSE = "REUSE_IMAGE"  #: that of an earlier beat serves
    NONE = "NO_IMAGE"


class ImageDecision(BaseModel):
    """Whether a beat gets a picture, and why."""

    model_config = _WIRE

    type: DecisionType = DecisionType.NEW
    reason: str = Field(default="", description="A sentence for a person")
    reuse_of: str | None = Field(
        default=None,
        validation_alias=AliasChoices("reuseOf", "reuse_of", "reuseSourceBeatId"),
        description="The beat whose picture serves",
    )

    @computed_field(alias="reuseSourceBeatId")
    @property
    def reuse_source_beat_id(self) -> str | None:
        """The same by the name that existing clients read."""
        return self.reuse_of


class State(BaseModel):
    """How somebody or something is for a while: `wet`, `broken`, `dead`."""

    model_config = _WIRE

    words: str
    from_beat: str = Field(description="The first beat in which it is so")
    until_beat: str | None = Field(
        default=None, description="The last one; null where nothing says that it ends"
    )

    def holds_in(self, beat: str) -> bool:
        """Whether it is so in this beat."""
        place = place_in_story(beat)
        begun = place_in_story(self.from_beat) <= place
        return begun and (self.until_beat is None or place <= place_in_story(self.until_beat))


class _Entry(BaseModel):
    model_config = _WIRE

    id: str = Field(pattern=r"^[a-z0-9_]{1,48}$")
    name: str
    look: str = Field(default="", description="Goes into prompts word for word")
    first_beat: str = Field(default="", description="The beat in which it is first there")


class _Changing(_Entry):
    states: tuple[State, ...] = ()

    def states_in(self, beat: str) -> tuple[str, ...]:
        """How it is in this beat."""
        return tuple(state.words for state in self.states if state.holds_in(beat))


class Character(_Changing):
    """Somebody, as they look in every picture."""

    aliases: tuple[str, ...] = Field(default=(), description="Other names in the script")


class Prop(_Changing):
    """A thing that matters."""


class Place(_Entry):
    """Where scenes happen."""

    inside: Inside | None = None


class Bible(BaseModel):
    """Who and what is in a story, as far as it has been read. Looks never change, states do."""

    model_config = _WIRE

    characters: tuple[Character, ...] = ()
    places: tuple[Place, ...] = ()
    props: tuple[Prop, ...] = ()

    def character(self, name: str) -> Character | None:
        """The character with this id."""
        return next((one for one in self.characters if one.id == name), None)

    def place(self, name: str) -> Place | None:
        """The place with this id."""
        return next((one for one in self.places if one.id == name), None)

    def prop(self, name: str) -> Prop | None:
        """The prop with this id."""
        return next((one for one in self.props if one.id == name), None)


class Line(BaseModel):
    """Something that is said."""

    model_config = _WIRE

    speaker: str = Field(description="The id of a character; empty where nobody knows")
    words: str
    manner: str = Field(default="", description="How it is said, as the script puts it")


class FoundBeat(BaseModel):
    """One moment that can be filmed. Characters, place and props are ids of the bible."""

    model_config = _WIRE

    beat_id: str
    text: str = Field(
        default="",
        validation_alias=AliasChoices("beat_script_text", "text", "beatText"),
        serialization_alias="beat_script_text",
        description="As it is in the script",
    )
    visual_significance: Significance = Significance.MEDIUM
    image_decision: ImageDecision = ImageDecision()
    camera_angle_suggestion: str = ""
    character_positioning: str = ""
    location_attributes: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    place: str = ""
    props: tuple[str, ...] = ()
    inside: Inside | None = None
    time_of_day: str = Field(default="", description="Such as `night`; empty where nobody says")
    action: str = Field(default="", description="What is to be seen, without what is said")
    dialogue: tuple[Line, ...] = ()


class FoundScene(BaseModel):
    """A scene with its beats."""

    model_config = _WIRE

    scene_number: int = Field(ge=1)
    title: str = ""
    metadata: dict[str, Any] = Field(
        default_factory=dict, description="`place`, `inside`, `timeOfDay`, `characters`, `synopsis`"
    )
    beats: tuple[FoundBeat, ...] = ()


class Episode(BaseModel):
    """A whole script, read: what clients know as `analyzedEpisode`."""

    model_config = _WIRE

    episode_number: int = Field(default=1, ge=0)
    title: str = ""
    scenes: tuple[FoundScene, ...] = ()
    bible: Bible = Bible()

    @property
    def beats(self) -> tuple[FoundBeat, ...]:
        """All beats, in their order."""
        return tuple(beat for scene in self.scenes for beat in scene.beats)


def wire(model: BaseModel) -> dict[str, Any]:
    """As it is written into a session: camel case, and nothing that a store cannot hold."""
    return storable(model.model_dump(mode="json", by_alias=True, exclude_none=True))
