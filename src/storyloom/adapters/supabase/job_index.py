"""The archive of jobs in a Supabase project, looked up page by page."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, TypeAdapter

from storyloom.adapters.supabase._rest import Rest
from storyloom.adapters.supabase.job_archive import IDS_AT_ONCE, OPEN, TABLE, in_utc
from storyloom.jobs.schemas import HANDLING, JobBrief, JobSummary, Sought
from storyloom.kit.ids import JobId


class _Id(BaseModel):
    id: JobId


_IDS = TypeAdapter(list[_Id])


class _Row(JobBrief):
    """A job, and what it may be called by."""

    file_name: str | None = None
    wished: str | None = None

    @property
    def brief(self) -> JobBrief:
        """The job with its title."""
        title = self.file_name or self.wished or self.headline
        kept = in_utc(self).model_dump(exclude={"file_name", "wished"})
        return JobBrief.model_validate(
            kept | {"title": title, "headline": self.headline or self.wished}
        )


_ROWS = TypeAdapter(list[_Row])
_SUMMARIES = TypeAdapter(list[JobSummary])
_SUMMARY = ",".join(JobSummary.model_fields)
_TITLES = {
    "file_name": "input_params->>file_name",
    "wished": "input_params->>custom_headline",
    "headline": "understanding->>headline",
}
_LOOK = {"audience": "input_params->>audience", "format": "input_params->>format"}
_BRIEF = ",".join(
    [
        *JobSummary.model_fields,
        f"{HANDLING}:input_params->{HANDLING}",
        *(f"{name}:{column}" for name, column in (_TITLES | _LOOK).items()),
    ]
)
_LABELS = f"input_params->{HANDLING}->>labels"


class SupabaseJobIndex:
    """Reads the table `storyboard_jobs`, one request a page."""

    def __init__(self, rest: Rest) -> None:
        """Take the open REST API; closing it is its owner's part."""
        self._rest = rest

    async def page(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[JobBrief]:
        """Jobs of an organisation, the newest first."""

        def request(t: Any) -> Any:
            wanted = _timed(t.select(_BRIEF).eq("org_id", org_id), sought)
            if sought.statuses:
                wanted = wanted.in_("status", sorted(sought.statuses))
            if sought.kinds:
                wanted = wanted.in_("job_type", sorted(sought.kinds))
            for name, value in sought.labels.items():
                wanted = wanted.eq(f"input_params->{HANDLING}->labels->>{name}", value)
            if sought.text:
                wanted = wanted.or_(_said(sought))
            return wanted.order("created_at", desc=True).order("id", desc=True).limit(limit)

        found = await self._rest.send(TABLE, request, _ROWS)
        return [row.brief for row in found.rows]

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Those of these jobs that have ended; a request for a hundred."""
        ended: list[JobId] = []
        for start in range(0, len(job_ids), IDS_AT_ONCE):
            some = job_ids[start : start + IDS_AT_ONCE]
            found = await self._rest.send(
                TABLE,
                lambda t, some=some: t.select("id").in_("id", some).not_.in_("status", OPEN),
                _IDS,
            )
            ended += [row.id for row in found.rows]
        return ended

    async def ended_since(self, at: datetime, *, limit: int) -> Sequence[JobSummary]:
        """Jobs that ended at this time or later, the earliest end first."""

        def request(t: Any) -> Any:
            wanted = t.select(_SUMMARY).gte("completed_at", at.isoformat())
            return wanted.order("completed_at").order("id").limit(limit)

        found = await self._rest.send(TABLE, request, _SUMMARIES)
        return [in_utc(row) for row in found.rows]


def _said(sought: Sought) -> str:
    """Where the text may stand, in the words of the REST API. Labels are looked through as JSON."""
    # The API takes each `*` for a `%`, and has no way to say one: any letter will do there.
    literal = re.sub(r"([\\%_])", r"\\\1", sought.text).replace("*", "_")
    quoted = literal.replace("\\", "\\\\").replace('"', '\\"')
    tests = [f'{column}.ilike."%{quoted}%"' for column in (*_TITLES.values(), _LABELS)]
    if ids := sought.ids:
        tests.append(f"and(id.gte.{ids[0]},id.lte.{ids[1]})")
    return ",".join(tests)


def _timed(wanted: Any, sought: Sought) -> Any:
    if sought.created_after is not None:
        wanted = wanted.gt("created_at", sought.created_after.isoformat())
    if sought.created_before is not None:
        wanted = wanted.lt("created_at", sought.created_before.isoformat())
    if sought.after is not None:
        at, name = sought.after.created_at.isoformat(), sought.after.id
        wanted = wanted.lte("created_at", at)
        wanted = wanted.or_(f'created_at.lt."{at}",id.lt."{name}"')
    return wanted
