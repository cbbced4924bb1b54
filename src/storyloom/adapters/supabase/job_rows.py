"""What the jobs of a Supabase project are counted by: its views know no days, so rows are read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from postgrest import CountMethod
from pydantic import BaseModel, JsonValue, TypeAdapter

from storyloom.adapters.supabase._rest import Answer, Request, Rest
from storyloom.adapters.supabase.job_archive import OPEN, TABLE
from storyloom.errors import BadAnswer
from storyloom.jobs.schemas import BegunJob, EndedJob, JobStatus, NarrowJobs

#: A row has a hundred bytes. A project gives a thousand in one answer, unless it is set otherwise.
MOST = 20_000
T = TypeVar("T", bound=BaseModel)


class _Made(BaseModel):
    created_at: datetime


_MADE, _ENDED = TypeAdapter(list[_Made]), TypeAdapter(list[EndedJob])
_BEGUN = TypeAdapter(list[BegunJob])
_ANY = TypeAdapter(list[dict[str, JsonValue]])


class SupabaseJobRows:
    """Reads narrow rows of the table `storyboard_jobs`, the newest first, and not without end."""

    def __init__(self, rest: Rest, most: int = MOST) -> None:
        """Take the open REST API; closing it is its owner's part."""
        self._rest = rest
        self._most = most

    async def between(self, org_id: str, start: datetime, end: datetime) -> NarrowJobs:
        """The jobs of an organisation that were made, ran or ended in between."""

        def of(column: str, names: Iterable[str]) -> Request:
            return lambda t: (
                t.select(",".join(names), count=CountMethod.exact)
                .eq("org_id", org_id)
                .gte(column, start.isoformat())
                .lt(column, end.isoformat())
                .order(column, desc=True)
                .order("id", desc=True)
            )

        made, made_from = await self._read(of("created_at", _Made.model_fields), _MADE, _made_at)
        asked = of("completed_at", EndedJob.model_fields)
        ended, ended_from = await self._read(
            lambda t: asked(t).not_.in_("status", OPEN), _ENDED, _ended_at
        )
        beyond, beyond_from = await self._read(_beyond(org_id, end), _BEGUN, _begun_at)
        ran_on = "ran longer than these days and began"
        cut = [("were made", made_from), ("ended", ended_from), (ran_on, beyond_from)]
        return NarrowJobs(
            [row.created_at for row in made],
            ended,
            beyond,
            await self._count(org_id, JobStatus.PENDING),
            await self._count(org_id, JobStatus.PROCESSING),
            tuple(_missing(what, day, self._most) for what, day in cut if day is not None),
        )

    async def _read(
        self, request: Request, rows: TypeAdapter[list[T]], at: Callable[[T], datetime]
    ) -> tuple[Sequence[T], date | None]:
        """The newest rows, and the first day of which all are there, if that is not the first."""
        read: list[T] = []
        while True:
            start, end = len(read), self._most - 1
            answer = await self._rest.send(
                TABLE, lambda t, start=start, end=end: request(t).range(start, end), rows
            )
            read += answer.rows
            there = _counted(answer)
            if not answer.rows or len(read) >= there:
                return read, None
            if len(read) >= self._most:
                cut = _day(at(read[-1]))
                return [row for row in read if _day(at(row)) > cut], cut + timedelta(days=1)

    async def _count(self, org_id: str, status: JobStatus) -> int:
        answer = await self._rest.send(
            TABLE,
            lambda t: (
                t.select("id", count=CountMethod.exact)
                .eq("org_id", org_id)
                .eq("status", status)
                .limit(1)
            ),
            _ANY,
        )
        return _counted(answer)


def _beyond(org_id: str, end: datetime) -> Request:
    """Those that ran when a time was over."""
    still = f'status.eq.{JobStatus.PROCESSING},completed_at.gte."{end.isoformat()}"'
    return lambda t: (
        t.select(",".join(BegunJob.model_fields), count=CountMethod.exact)
        .eq("org_id", org_id)
        .lt("started_at", end.isoformat())
        .or_(still)
        .order("started_at", desc=True)
        .order("id", desc=True)
    )


def _counted(answer: Answer[Any]) -> int:
    if answer.count is None:
        raise BadAnswer("Supabase did not count the jobs.")
    return answer.count


def _made_at(row: _Made) -> datetime:
    return row.created_at


def _ended_at(row: EndedJob) -> datetime:
    return row.completed_at


def _begun_at(row: BegunJob) -> datetime:
    return row.started_at


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _missing(what: str, day: date, most: int) -> str:
    return (
        f"Storyboards that {what} before {day} are not counted: Supabase adds nothing up by days, "
        f"and of more than {most} only the newest are read."
    )
