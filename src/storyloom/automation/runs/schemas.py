"""A run and its shots, as they are kept."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.exported import Export
from storyloom.imaging.schemas import ImageRef
from storyloom.jobs.schemas import Handling, JobStatus
from storyloom.kit.ids import JobId
from storyloom.outbound.costs import Cost
from storyloom.story.origins import Origin
from storyloom.story.prompts import Aspect, PromptSet

_KEPT = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Stage(StrEnum):
    """What a run is at, in the words of existing clients and two of ours."""

    IDLE = "idle"  #: accepted, and not begun
    FINDING_BEATS = "finding_beats"
    WAITING_FOR_PROMPTS = "waiting_for_prompts"  #: they are being written, here or elsewhere
    CHECKING_GPU = "checking_gpu"
    STARTING_SWARMUI = "starting_swarmui"
    GENERATING_IMAGES = "generating_images"
    EXPORTING = "exporting"
    COMPLETE = "complete"
    ERROR = "error"


class Wanted(StrEnum):
    """What people want of a run."""

    RUN = "run"
    PAUSE = "pause"
    CANCEL = "cancel"


class WaitCode(StrEnum):
    """Why nothing moves."""

    QUEUED = "queued"  #: no process has taken it up yet
    PAUSED = "paused"
    PROMPTS_MISSING = "prompts_missing"  #: another service has not sent them yet
    WRITING_PROMPTS = "writing_prompts"  #: a model is at it
    QUIET_HOURS = "quiet_hours"
    GPU_BUSY = "gpu_busy"  #: others compute on it
    GPU_HOT = "gpu_hot"
    GPU_MEMORY = "gpu_memory"  #: too little is free
    GPU_LEASED = "gpu_leased"  #: another run or program holds it
    GPU_UNKNOWN = "gpu_unknown"  #: its state cannot be read
    ENGINE_STARTING = "engine_starting"
    ENGINE_LOADING = "engine_loading"
    ENGINE_DOWN = "engine_down"
    ENGINE_BUSY = "engine_busy"
    RATE_LIMIT = "rate_limit"
    STORE_AWAY = "store_away"  #: the image store or the database cannot be written
    DISK_FULL = "disk_full"


class WaitingOn(BaseModel):
    """One thing that a run waits for."""

    model_config = _KEPT

    code: WaitCode
    detail: str = Field(description="A sentence for a person")
    since: datetime
    until: datetime | None = Field(
        default=None, description="When it is looked at again, or given up; null where nobody knows"
    )


class ShotStatus(StrEnum):
    """The life of one picture."""

    WAITING = "waiting"  #: its prompt is not there yet
    READY = "ready"  #: it can be made
    MAKING = "making"
    DONE = "done"
    DEGRADED = "degraded"  #: made, and not as it was asked for; `steps` say what was done
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more will happen to it unless somebody asks."""
        return self in _ENDED

    @property
    def has_picture(self) -> bool:
        """Whether it has a picture."""
        return self in {ShotStatus.DONE, ShotStatus.DEGRADED}


_ENDED = frozenset({ShotStatus.DONE, ShotStatus.DEGRADED, ShotStatus.FAILED, ShotStatus.CANCELLED})


class Remedy(StrEnum):
    """What was done about a picture that could not be made as it was asked for."""

    AGAIN = "again"  #: the same once more
    RESEED = "reseed"
    SOFTEN = "soften"  #: with milder words; `before` and `after` show them
    FREE_MEMORY = "free_memory"
    RESTART_ENGINE = "restart_engine"
    OTHER_BACKEND = "other_backend"
    OTHER_MODEL = "other_model"  #: the provider's next model made it; `before` was the wanted one
    FRAME = "frame"  #: a drawn frame stands in


class Mending(BaseModel):
    """One step down the ladder, for people to see."""

    model_config = _KEPT

    remedy: Remedy
    why: str
    code: str = Field(description="The stable code of what went wrong")
    at: datetime
    backend: str = ""
    before: str = ""
    after: str = ""


class Version(BaseModel):
    """One picture of a shot. Versions are numbered from 1 and never change."""

    model_config = _KEPT

    number: int = Field(ge=1)
    picture: ImageRef
    backend: str
    model: str
    seed: int | None = None
    prompt: str
    negative_prompt: str = ""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    duration_ms: int = Field(ge=0)
    cost_usd: Decimal | None = Field(default=None, description="Null where it is not known")
    is_frame: bool = False
    made_at: datetime


class Shot(BaseModel):
    """One picture that a run is to make: a beat in one shape, one take of it."""

    model_config = _KEPT

    id: str = Field(pattern=r"^[0-9]{4,6}-(cinematic|vertical)-[1-8]$")
    place: int = Field(ge=1, description="The beat's place in the story, from 1")
    beat_id: str
    aspect: Aspect
    take: int = Field(ge=1, le=8)
    caption: str = Field(default="", description="What happens in the beat, in a few words")
    status: ShotStatus = ShotStatus.WAITING
    wanted: Wanted = Wanted.RUN
    prompt: PromptSet | None = None
    edited: bool = Field(default=False, description="The prompt is a person's: the session's waits")
    seed: int | None = Field(default=None, description="Somebody asked for this one")
    origin: Origin | None = Field(default=None, description="What its words were made of")
    origins: dict[int, Origin] = Field(
        default_factory=dict[int, Origin], description="Of its versions' words"
    )
    rounds: int = Field(default=0, ge=0, description="How often making it was begun")
    progress: float | None = Field(default=None, ge=0, le=1)
    steps: tuple[Mending, ...] = ()
    versions: tuple[Version, ...] = ()
    chosen: int | None = Field(default=None, description="The number of the version that counts")
    error_code: str | None = None
    error_message: str | None = None

    @property
    def version(self) -> Version | None:
        """The version that counts."""
        return next((v for v in self.versions if v.number == self.chosen), None)


def shot_id(place: int, aspect: Aspect, take: int) -> str:
    """The name of a shot: it sorts in the story's order."""
    return f"{place:04d}-{aspect}-{take}"


def picture_name(shot: str, version: int) -> str:
    """The name of a picture within its run: another one for another picture."""
    return f"{shot}.{version}"


class Decision(BaseModel):
    """Something that a person has to decide, or may want to."""

    model_config = _KEPT

    shot: str | None = Field(default=None, description="The picture; null for the run as a whole")
    beat_id: str | None = None
    code: str
    says: str = Field(description="A sentence for a person")
    offers: tuple[str, ...] = Field(
        default=(), description="What can be asked: `retry`, `regenerate`, `edit_prompt`, `restore`"
    )


class Report(BaseModel):
    """The morning report: what became of a run while everyone slept."""

    model_config = _KEPT

    headline: str = Field(description="All of it in one sentence")
    beats: int = Field(default=0, ge=0)
    total: int = Field(default=0, ge=0, description="Pictures that were wanted")
    done: int = Field(default=0, ge=0, description="As they were asked for")
    degraded: int = Field(default=0, ge=0, description="Made, and not as they were asked for")
    frames: int = Field(default=0, ge=0, description="Those of them for which a drawn frame stands")
    failed: int = Field(default=0, ge=0)
    cancelled: int = Field(default=0, ge=0)
    reused: int = Field(default=0, ge=0, description="Beats that the picture of another serves")
    spent: Cost | None = Field(default=None, description="On models; null where nobody knows")
    gpu_seconds: float = Field(default=0, ge=0)
    wall_seconds: float = Field(default=0, ge=0)
    made_with: str = ""
    remarks: tuple[str, ...] = Field(
        default=(), description="What could not be done as well as usual"
    )
    decisions: tuple[Decision, ...] = ()


class Run(BaseModel):
    """One lights-out run.

    `epoch` is raised by every process that takes the run up: what an earlier one still writes is
    refused. `job` names its present pass through the engine: a finished run that somebody asks more
    of gets another.
    """

    model_config = _KEPT

    id: JobId
    job: JobId
    org_id: str
    session_timestamp: int
    title: str = Field(default="", description="Of the story, as it was when the run was made")
    config: RunConfig
    status: JobStatus = JobStatus.PENDING
    stage: Stage = Stage.IDLE
    wanted: Wanted = Wanted.RUN
    epoch: int = 0
    waiting_on: tuple[WaitingOn, ...] = ()
    backend: str = Field(default="", description="What makes its pictures, once that is chosen")
    gpu_ms: int = Field(default=0, ge=0, description="How long it has held the GPU")
    degraded: tuple[str, ...] = ()
    error_code: str | None = None
    error_message: str | None = None
    edits: int = Field(default=0, ge=0, description="How often people have asked something of it")
    handling: Handling = Handling()
    started_engine: bool = Field(default=False, description="SwarmUI was started for it")
    report: Report | None = Field(default=None, description="Once it has ended")
    exports: tuple[Export, ...] = ()
    exports_begun: int = Field(default=0, ge=0, description="How many jobs there were for them")
    created_at: datetime
    asked_at: datetime | None = Field(default=None, description="When this pass was, if not first")
    earlier_ms: int = Field(default=0, ge=0, description="How long its earlier passes took")
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """When its present pass was asked for: between two passes it waited for nothing."""
        return self.asked_at or self.created_at
