"""What can be chosen for a run. Names are in camel case on the wire."""

import json
from datetime import time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel

from storyloom.kit.written import written
from storyloom.story.prompts import Aspect

_WIRE = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Backend(StrEnum):
    """What makes the pictures."""

    AUTO = "auto"  #: the best that is configured: SwarmUI, ComfyUI, an image model, frames
    SWARMUI = "swarmui"
    COMFYUI = "comfyui"
    MODEL = "model"  #: an image model at a provider
    FRAMES = "frames"  #: drawn by us: needs nothing


class StopAfter(StrEnum):
    """The last thing that a run does."""

    BEATS = "beats"
    PROMPTS = "prompts"
    IMAGES = "images"


class LastResort(StrEnum):
    """What becomes of a picture that no backend makes."""

    FRAME = "frame"  #: a drawn frame stands in for it, and says so
    FAIL = "fail"  #: it is left out


#: `0`, or `GPU-8932f937-d72c-4106-c12f-20bd9faed9f6`; its first letters will do.
Device = Annotated[str, Field(pattern=r"^(\d{1,3}|(GPU|MIG)-[0-9A-Za-z/-]{4,80})$")]


class GpuThresholds(BaseModel):
    """When the GPU is free enough to begin, and when cool enough to go on.

    A run begins below the first two, and stops between two pictures when one of them is reached;
    it goes on below the `resume` ones, which lie lower, so that it does not flutter.
    """

    model_config = _WIRE

    max_utilization: int = Field(
        strict=True, default=80, ge=1, le=101, description="Of others, in per cent"
    )
    max_temperature: int = Field(
        strict=True, default=85, ge=30, le=120, description="In degrees Celsius"
    )
    resume_utilization: int = Field(
        strict=True, default=60, ge=1, le=101, validate_default=True, description="In per cent"
    )
    resume_temperature: int = Field(
        strict=True,
        default=75,
        ge=30,
        le=120,
        validate_default=True,
        description="In degrees Celsius",
    )
    min_free_memory: int = Field(
        strict=True, default=4096, ge=0, le=1_000_000, description="In MiB"
    )
    devices: tuple[Device, ...] = Field(
        default=(),
        max_length=64,
        description="The GPUs that the engine uses, by nvidia-smi's index or UUID; without them, "
        "those on which it is seen, or all",
    )

    @field_validator("resume_utilization", "resume_temperature")
    @classmethod
    def _lower(cls, value: int, info: ValidationInfo) -> int:
        limit = str(info.field_name).replace("resume", "max")
        # Without one, that is what is wrong.
        if value > info.data.get(limit, value):
            raise ValueError(
                f"{to_camel(str(info.field_name))} must not be higher than {to_camel(limit)}"
            )
        return value


def _without_offset(value: time) -> time:
    # Else two times could not be compared.
    return value.replace(tzinfo=None)


#: As the clock on the wall shows it. JSON Schema's `time` would have to have an offset.
ByTheClock = Annotated[
    time,
    BeforeValidator(written),
    AfterValidator(_without_offset),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"}),
]


class QuietHours(BaseModel):
    """The hours of the day in which no GPU works; they may go past midnight.

    An offset says nothing: the clocks are those of `timezone`.
    """

    model_config = _WIRE

    start: ByTheClock = Field(examples=["22:00"])
    end: ByTheClock = Field(examples=["07:00"])
    timezone: str = Field(default="UTC", max_length=64, examples=["Europe/Berlin"])

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("There is no time zone by that name") from None
        return value


class RunConfig(BaseModel):
    """What can be chosen for a run; each organisation has its own defaults of it."""

    model_config = _WIRE

    enabled: bool = Field(
        strict=True,
        default=False,
        description="Start a run by itself as soon as a session's prompts are ready",
    )
    backend: Backend = Backend.AUTO
    aspects: tuple[Aspect, ...] = Field(default=(Aspect.CINEMATIC,), min_length=1, max_length=2)
    images_per_prompt: int = Field(strict=True, default=1, ge=1, le=8)
    model: str | None = Field(
        default=None, max_length=300, description="The image model by the backend's own name"
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict,
        max_length=64,
        description="Further parameters by the backend's own names; those of a prompt win",
    )
    style: str = Field(
        default="", max_length=500, description="Words for every prompt written here"
    )
    gpu: GpuThresholds = GpuThresholds()
    max_gpu_wait: int = Field(
        strict=True,
        default=1800,
        ge=0,
        le=604800,
        description="How long to wait for the GPU, in seconds",
    )
    max_prompts_wait: int = Field(
        strict=True,
        default=86400,
        ge=0,
        le=2592000,
        description="How long another service may take for the prompts, in seconds",
    )
    auto_start: bool = Field(
        strict=True, default=True, description="Start SwarmUI when it does not run"
    )
    auto_shutdown: bool = Field(
        strict=True,
        default=False,
        description="Stop the SwarmUI that was started for it in the end",
    )
    quiet_hours: QuietHours | None = None
    stop_after: StopAfter = StopAfter.IMAGES
    last_resort: LastResort = LastResort.FRAME

    @field_validator("parameters")
    @classmethod
    def _plain(cls, value: dict[str, JsonValue]) -> dict[str, JsonValue]:
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except ValueError:
            raise ValueError("these are not plain JSON: a number or a text is none") from None
        return value

    @field_validator("aspects")
    @classmethod
    def _once(cls, value: tuple[Aspect, ...]) -> tuple[Aspect, ...]:
        return tuple(dict.fromkeys(value))
