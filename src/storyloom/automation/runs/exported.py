"""An export of a run, as it is kept in the run's row."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.naming import export_id
from storyloom.boards.export.schemas import ExportKind, ExportOptions, SheetLayout
from storyloom.jobs.schemas import JobStatus, Priority
from storyloom.kit.ids import JobId

_STEMS = {
    ExportKind.SHEET: "contact-sheet",
    ExportKind.SLIDES: "slides",
    ExportKind.ARCHIVE: "pictures",
    ExportKind.VIEWER: "viewer",
    ExportKind.ANIMATIC: "animatic",
    ExportKind.EDL: "timeline",
    ExportKind.OTIO: "timeline",
}


class ExportFound(BaseModel):
    """The file that was made."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    key: str = Field(description="Where it lies in the image store")
    digest: str = Field(description="The SHA-256 of its bytes, in hex")
    size_bytes: int = Field(ge=0)
    file_name: str = Field(description="What it is to be called where it is saved")
    left_out: tuple[int, ...] = Field(
        default=(), description="The numbers of pictures that could not be read"
    )
    made_at: datetime


class Export(BaseModel):
    """One file that somebody has asked for, by its name; asked for again, it is made anew.

    `job` names its present pass through the engine.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    name: str = Field(description="The last part of its address")
    kind: ExportKind
    story: str = Field(default="", description="The story's title, as it was when it was asked for")
    options: ExportOptions
    job: JobId
    priority: Priority = Priority.NORMAL
    status: JobStatus = JobStatus.PENDING
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    found: ExportFound | None = None
    error_code: str | None = None
    error_message: str | None = None


@dataclass(frozen=True, slots=True)
class RunExport:
    """An export by itself, with the run that it is of."""

    run_id: JobId
    org_id: str
    export: Export

    @property
    def id(self) -> JobId:
        """Its id among work of all kinds."""
        return export_id(self.run_id, self.export.name)


def name_of(kind: ExportKind, options: ExportOptions) -> str:
    """The name of such an export: what differs for the eye has names of its own."""
    is_laid_out = kind is ExportKind.SHEET and options.layout is not SheetLayout.GRID_6
    layout = f"-{options.layout}" if is_laid_out else ""
    return f"{_STEMS[kind]}{layout}{kind.suffix}"
