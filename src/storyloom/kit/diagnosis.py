"""What a doctor tells of a service, part by part."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field


class State(StrEnum):
    """How a part is."""

    OK = "ok"  #: it works
    WARN = "warn"  #: it works now, and somebody ought to know
    FAIL = "fail"  #: it does not work
    OFF = "off"  #: it is not there, and nothing needs it


class DoctorRow(BaseModel):
    """One thing that was found. A part may have several."""

    part: str = Field(description="What was looked at, such as `archive`")
    chosen: str | None = Field(description="What the settings put behind it")
    state: State
    says: str = Field(description="What is so, in a sentence; empty for what cannot fail")
    remedy: str = Field(description="What to do about it; empty where it is well")
    ms: int | None = Field(description="How long looking took; null where nothing was asked")


class ProviderModels(BaseModel):
    """What a provider's key can use."""

    provider: str
    understand: list[str] = Field(description="Language models, the newest first")
    paint: list[str] = Field(description="Image models, the newest first")


class Diagnosis(BaseModel):
    """What the doctor says: what does not work comes first."""

    ok: bool = Field(description="Whether everything that is needed works")
    version: str
    python: str
    looked_at: datetime = Field(description="When it was looked at; it may be some seconds old")
    rows: list[DoctorRow]
    models: list[ProviderModels] = Field(description="For each provider whose key is set")
