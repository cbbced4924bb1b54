"""What is asked of an image backend, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from storyloom.outbound.schemas import FREE, StandIn, Usage


class MediaType(StrEnum):
    """The kinds of file that Storyloom makes or keeps."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    SVG = "image/svg+xml"
    PDF = "application/pdf"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


class Palette(BaseModel):
    """Two colours, as `#rrggbb`."""

    model_config = ConfigDict(frozen=True)

    primary: str = Field(default="#3B2FB5", pattern=r"^#[0-9a-fA-F]{6}$")
    accent: str = Field(default="#FFB938", pattern=r"^#[0-9a-fA-F]{6}$")


class ImageRequest(BaseModel):
    """One picture to be made. It is text-free, unless the prompt asks for a whole page."""

    model_config = ConfigDict(frozen=True)

    prompt: str = Field(max_length=8000)
    negative_prompt: str = Field(default="", max_length=2000)
    width: int = Field(ge=64, le=4096, description="pixels")
    height: int = Field(ge=64, le=4096, description="pixels")
    seed: int | None = Field(default=None, ge=0, lt=2**32)
    scene: str = Field(default="", description="A named scene, for backends that draw")
    icon: str = Field(default="", description="A named icon, for backends that draw")
    palette: Palette = Palette()
    purpose: str = Field(default="illustrate", description="The name of the prompt's file")
    prompt_version: str = Field(default="", description="The version of that file")
    accept: tuple[MediaType, ...] = Field(
        default=(), description="Kinds of file that will do, best first; none named: any kind"
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Further parameters by the backend's own names, such as `model` or `steps`",
    )
    caption: str = Field(default="", description="The words of a shot, for backends that draw them")
    shows_caption: bool = Field(
        default=True, description="Whether they stand on the picture, or only say what is drawn"
    )
    work: str = Field(
        default="",
        pattern=r"^[a-z0-9-]{0,80}$",
        description="The name of this piece of work: a backend that was given the same name before, "
        "by a process that died, gives what it has made of it instead of making it again",
    )


class Progress(BaseModel):
    """How far a picture is."""

    model_config = ConfigDict(frozen=True)

    fraction: float = Field(ge=0, le=1)
    says: str = Field(default="", description="Why nothing moves, such as `loading the model`")


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture.

    `width` and `height` are pixels (for SVG, user units); `model` names what made it, and
    `parameters` what it was made with, by the backend's own names, as it tells them.
    """

    data: bytes
    media_type: MediaType
    width: int
    height: int
    backend: str
    model: str
    seed: int | None = None
    usage: Usage = FREE
    parameters: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    stand_in: StandIn | None = None  #: where another model than the wanted one made it


class Capabilities(BaseModel):
    """What an image backend can do."""

    model_config = ConfigDict(frozen=True)

    media_types: frozenset[MediaType]
    max_width: int
    max_height: int
    supports_seed: bool
    supports_negative_prompt: bool
    is_local: bool
    is_free: bool
    needs_gpu: bool = False  #: it computes on a GPU that others may want too
    at_once: int = Field(default=1, ge=1)  #: how many pictures it makes at the same time


class ImageRef(BaseModel):
    """Where a kept picture lies in the image store."""

    model_config = ConfigDict(frozen=True)

    key: str
    media_type: MediaType
    size_bytes: int = Field(ge=0)
    width: int = Field(ge=0)
    height: int = Field(ge=0)


class Swept(BaseModel):
    """What was removed from an image store, or would be."""

    model_config = ConfigDict(frozen=True)

    files: int = Field(ge=0)
    size_bytes: int = Field(ge=0)
