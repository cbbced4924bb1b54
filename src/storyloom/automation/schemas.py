"""What is said of SwarmUI."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

_WIRE = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Phase(StrEnum):
    """How far SwarmUI is."""

    STOPPED = "stopped"  #: nothing answers, and nothing was launched
    STARTING = "starting"  #: launched, and not answering yet
    LOADING_BACKENDS = "loading_backends"  #: it answers; what generates is still loading
    READY = "ready"  #: it can generate
    NO_BACKENDS = "no_backends"  #: it answers, and cannot generate
    STOPPING = "stopping"  #: it was told to end
    FAILED = "failed"  #: the last launch came to nothing


class SwarmStarted(BaseModel):
    """SwarmUI answers."""

    model_config = _WIRE

    success: Literal[True] = True
    message: str
    port: int = Field(description="The one that it really listens on")
    api_url: str
    phase: Phase
    backend_status: str | None = Field(description="In SwarmUI's own words, such as `running`")


class SwarmStopped(BaseModel):
    """SwarmUI has ended, or there was none."""

    model_config = _WIRE

    success: Literal[True] = True
    message: str


class SwarmRefused(BaseModel):
    """Nothing was done, and why."""

    model_config = _WIRE

    success: Literal[False] = False
    error: str


class SwarmLog(BaseModel):
    """What the SwarmUI printed that was launched on this machine."""

    model_config = _WIRE

    lines: tuple[str, ...] = Field(
        description="The last ones, in their order, without secrets; empty where none was launched"
    )


class SwarmStatus(BaseModel):
    """SwarmUI as it is now."""

    model_config = _WIRE

    phase: Phase
    message: str = Field(default="", description="What SwarmUI says of its backends, or went wrong")
    backend_status: str | None = None
    version: str | None = None
    idle_seconds: int | None = Field(
        default=None, description="Since it last generated, or began; null where it does not tell"
    )
    generations: int | None = Field(default=None, description="How many are running or waiting")
    port: int | None = None
    api_url: str | None = None
    started_by_us: bool = Field(description="Whether `stop` may end it")
    launch_obstacle: str = Field(
        default="", description="Why none can be launched from here; empty where one can"
    )
    is_set_up: bool = Field(
        default=True,
        description="Whether a SwarmUI is named to this service: by its folder, or by the address of another "
        "machine. One that was started by hand on this machine is found all the same",
    )
    last_lines: tuple[str, ...] = Field(
        default=(), description="The end of what it printed, where this process launched it"
    )
