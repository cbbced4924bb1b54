"""What SwarmUI's answers look like, as far as they are read."""

from pydantic import BaseModel, Field

from storyloom.automation.ports import SwarmLook

USABLE = frozenset({"running", "some_loading"})
LOADING = frozenset({"loading", "some_loading"})
# `disabled`, `idle` and `unknown` are neither: they may pass.
BROKEN = frozenset({"empty", "all_disabled", "errored"})
ERRORED = "errored"
INVALID_SESSION = "invalid_session_id"
NEVER = "Never"
_MESSAGE_LENGTH = 500


class Refusal(BaseModel):
    """SwarmUI says no; most often with the status 200."""

    error: str = ""
    error_id: str = ""


class NewSession(BaseModel):
    """The answer to GetNewSession."""

    session_id: str = Field(min_length=1, max_length=200)
    version: str = ""
    user_id: str = "local"
    output_append_user: bool = True


class Counts(BaseModel):
    """What there is to do."""

    waiting_gens: int = 0
    loading_models: int = 0
    waiting_backends: int = 0
    live_gens: int = 0

    @property
    def generations(self) -> int:
        """Running and waiting."""
        return self.waiting_gens + self.live_gens


class BackendStatus(BaseModel):
    """What generates, as a whole."""

    status: str = Field(max_length=100)
    message: str = ""
    any_loading: bool = False


class CurrentStatus(BaseModel):
    """The answer to GetCurrentStatus and GetGlobalStatus."""

    status: Counts = Counts()
    backend_status: BackendStatus


class Model(BaseModel):
    """One of the answer to ListModels."""

    name: str
    loaded: bool = False


class Models(BaseModel):
    """The answer to ListModels."""

    files: list[Model]


class Backend(BaseModel):
    """One of the answer to ListBackends."""

    status: str = ""
    seconds_since_used: float = 0.0
    time_since_used: str = NEVER


def look_of(version: str, told: BackendStatus, backends: list[Backend]) -> SwarmLook:
    """How far it is. One errored backend hides those that run, so they are counted."""
    loading = told.any_loading or told.status in LOADING
    usable = told.status in USABLE or any(one.status == "running" for one in backends)
    return SwarmLook(
        version,
        backend_status=told.status,
        message=told.message[:_MESSAGE_LENGTH],
        is_loading=loading,
        is_usable=usable,
        is_broken=told.status in BROKEN and not usable and not loading,
    )


def idle_of(backends: list[Backend]) -> float | None:
    """Since any of them was used last."""
    used = [one.seconds_since_used for one in backends if one.time_since_used != NEVER]
    return min(used, default=None)
