"""What is asked of an image backend, and what it gives back."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from storyloom.outbound.schemas import FREE, Usage


class MediaType(StrEnum):
    """The kinds of file that Storyloom makes or keeps."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"
    GIF = "image/gif"
    SVG = "image/svg+xml"
    PDF = "application/pdf"


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


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture.

    `width` and `height` are pixels (for SVG, user units); `model` names what made it.
    """

    data: bytes
    media_type: MediaType
    width: int
    height: int
    backend: str
    model: str
    seed: int | None = None
    usage: Usage = FREE


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
