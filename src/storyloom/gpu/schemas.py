"""What is known of the GPUs of this machine."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

_WIRE = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Gpu(BaseModel):
    """One GPU. What it does not tell is null, which is not the same as zero."""

    model_config = _WIRE

    index: int | None = None
    uuid: str | None = None
    name: str | None = None
    utilization: int | None = Field(default=None, description="In per cent")
    memory_used: int | None = Field(default=None, description="In MiB")
    memory_total: int | None = Field(default=None, description="In MiB")
    temperature: int | None = Field(default=None, description="In degrees Celsius")
    process_count: int | None = Field(
        default=None, description="Programs that compute on it, as far as can be seen"
    )
    error: str | None = Field(default=None, description="Why it cannot be used, if so")


@dataclass(frozen=True, slots=True)
class GpuReading:
    """What a probe found."""

    gpus: tuple[Gpu, ...]
    processes: int = 0  #: different ones, on all GPUs together
    says: str = ""  #: why there is none, where it was told


class GpuStatus(BaseModel):
    """All GPUs together; what none of them tells is 0 here."""

    model_config = _WIRE

    available: bool = Field(description="Whether at least one GPU can be used")
    gpu_count: int = 0
    utilization: int = Field(default=0, description="Of the busiest one, in per cent")
    memory_used: int = Field(default=0, description="Of all together, in MiB")
    memory_total: int = Field(default=0, description="Of all together, in MiB")
    temperature: int = Field(default=0, description="Of the hottest one, in degrees Celsius")
    process_count: int = Field(default=0, description="Programs that compute on them")
    error: str | None = None
    gpus: tuple[Gpu, ...] = Field(default=(), description="Each of them, with null for unknown")
