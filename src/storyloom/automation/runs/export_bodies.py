"""Exports of a run as the routes take and tell them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.exported import Export
from storyloom.automation.runs.views import RUNS
from storyloom.boards.export.schemas import ExportKind, ExportOptions, SheetLayout
from storyloom.jobs.schemas import JobStatus

_CAMEL = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ExportOrder(BaseModel):
    """What a run is to be handed over as."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)

    formats: list[ExportKind] = Field(
        min_length=1, max_length=len(ExportKind), description="One file is made of each"
    )
    layout: SheetLayout = Field(
        default=SheetLayout.GRID_6,
        description="Of the contact sheet; `notes` puts each picture beside its words",
    )
    frames_per_second: int = Field(strict=True, default=24, ge=1, le=60)
    film_height: int = Field(
        strict=True, default=720, ge=240, le=2160, description="Of the shorter side, in pixels"
    )

    @property
    def options(self) -> ExportOptions:
        """As exporters take it. A page that is fetched alone carries its pictures in it."""
        return ExportOptions(
            layout=self.layout,
            frames_per_second=self.frames_per_second,
            film_height=self.film_height,
            embeds=True,
        )


class ExportView(BaseModel):
    """An export as people see it."""

    model_config = _CAMEL

    name: str
    format: ExportKind
    status: JobStatus
    url: str = Field(description="Where the file is, once it is `completed`; 409 until then")
    layout: SheetLayout
    frames_per_second: int
    film_height: int
    file_name: str | None
    size_bytes: int | None
    left_out: tuple[int, ...] = Field(
        description="The numbers of pictures that could not be read; a card stands for each"
    )
    error_code: str | None
    error_message: str | None
    asked_at: datetime
    made_at: datetime | None

    @classmethod
    def of(cls, run_id: str, export: Export) -> "ExportView":
        """As people see it."""
        found = export.found
        return cls(
            name=export.name,
            format=export.kind,
            status=export.status,
            url=f"{exports_url(run_id)}/{export.name}",
            layout=export.options.layout,
            frames_per_second=export.options.frames_per_second,
            film_height=export.options.film_height,
            file_name=None if found is None else found.file_name,
            size_bytes=None if found is None else found.size_bytes,
            left_out=() if found is None else found.left_out,
            error_code=export.error_code,
            error_message=export.error_message,
            asked_at=export.asked_at,
            made_at=None if found is None else found.made_at,
        )


class ExportList(BaseModel):
    """Exports of a run."""

    model_config = _CAMEL

    exports: list[ExportView]
    unsupported: dict[ExportKind, str] = Field(
        default_factory=dict[ExportKind, str],
        description="The formats that cannot be made here, each with what it needs",
    )

    @classmethod
    def of(
        cls, run_id: str, exports: Sequence[Export], unsupported: Mapping[ExportKind, str]
    ) -> "ExportList":
        """As people see them."""
        views = [ExportView.of(run_id, one) for one in exports]
        return cls(exports=views, unsupported=dict(unsupported))


def exports_url(run_id: str) -> str:
    """Where the exports of a run are."""
    return f"{RUNS}/{quote(run_id, safe='')}/exports"
