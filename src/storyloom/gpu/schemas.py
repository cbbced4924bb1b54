"""What is known of the GPUs of this machine, and who may use them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
    #: The process ids of those that compute, by the GPU's uuid; None where nobody tells.
    programs: Mapping[str, frozenset[int]] | None = None


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


class HolderKind(StrEnum):
    """What holds a GPU."""

    RUN = "run"  #: a lights-out run; the holder is its id
    PROGRAM = "program"  #: another program; the holder is what it calls itself


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants to have which GPU for itself."""

    resource: str  #: the host and the name of the GPU there, such as `studio/gpu0`
    org_id: str
    holder: str
    kind: HolderKind = HolderKind.PROGRAM


@dataclass(frozen=True, slots=True)
class Lease:
    """A GPU that is held. Only whoever knows the token renews or releases it."""

    id: str
    claim: Claim
    fencing_token: int  #: grows with every grant of the same GPU
    ttl_s: float
    granted_at: datetime
    expires_at: datetime  #: by the store's clock
    left_s: float  #: until then, when it was read; negative when it has expired
    digest: str = field(repr=False)  #: SHA-256 of the token, in hexadecimal
