"""`storyloom jobs`: what runs and what ran, read beside a server or over HTTP."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import anyio
from pydantic import JsonValue
from rich.markup import escape
from rich.table import Table

from storyloom.cli.options import JobsOptions, StatusName
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.progress import on_terminal, watching
from storyloom.cli.wording import ago, clock_time, duration, money, one_line
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import JobStatus, JobSummary
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import parse_job_id
from storyloom.settings import Settings
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.schemas import JobView

LOOK_EVERY_S = 0.5
_COLOURS = {
    JobStatus.PENDING: "yellow",
    JobStatus.PROCESSING: "cyan",
    JobStatus.COMPLETED: "green",
    JobStatus.FAILED: "red",
    JobStatus.CANCELLED: "magenta",
}


class JobReader(Protocol):
    """Reads jobs, wherever they are."""

    async def newest(self, limit: int, status: str | None) -> Sequence[JobSummary]:
        """The newest jobs."""
        ...

    async def job(self, job_id: str) -> tuple[JobView, float]:
        """One job, and the seconds after which to look again; raises `NotFound`."""
        ...


def list_newest(options: JobsOptions, *, limit: int, status: StatusName | None) -> None:
    """List the newest jobs."""
    opening = _reader(options)

    async def read() -> Sequence[JobSummary]:
        async with opening as reader:
            return await reader.newest(limit, status)

    found = anyio.run(read)
    if options.as_json:
        print_json({"jobs": [job.model_dump(mode="json", by_alias=True) for job in found]})
    else:
        print_table(_listed(found))


def show_one(options: JobsOptions, job_id: str) -> None:
    """Show one job."""
    opening = _reader(options)

    async def read() -> JobView:
        async with opening as reader:
            return (await reader.job(job_id))[0]

    _show(anyio.run(read), as_json=options.as_json)


def watch_one(options: JobsOptions, job_id: str) -> int:
    """Wait until the job has ended; the exit status says how."""
    opening = _reader(options)

    async def follow() -> JobView:
        async with opening as reader:
            with watching(1, on_terminal(as_json=options.as_json)) as watcher:
                while True:
                    job, wait_s = await reader.job(job_id)
                    if job.status.is_terminal:
                        return job
                    watcher.at(job.job_id, job.status.value)
                    await anyio.sleep(wait_s)

    job = anyio.run(follow)
    _show(job, as_json=options.as_json)
    return 0 if job.status is JobStatus.COMPLETED else 1


class _ArchivedJobs:
    """Reads the archive itself."""

    def __init__(self, archive: JobArchive, org: str | None) -> None:
        self._archive = archive
        self._org = org

    async def newest(self, limit: int, status: str | None) -> Sequence[JobSummary]:
        """The newest jobs."""
        wanted = None if status is None else JobStatus(status)
        return await self._archive.list(limit=limit, org_id=self._org, status=wanted)

    async def job(self, job_id: str) -> tuple[JobView, float]:
        """One job."""
        known = parse_job_id(job_id)
        job = None if known is None else await self._archive.get(known)
        if job is None or self._org not in {None, job.org_id}:
            raise JobNotFound(job_id)
        return JobView.of(job), LOOK_EVERY_S


@asynccontextmanager
async def _in_archive(
    opening: AbstractAsyncContextManager[JobArchive], org: str | None
) -> AsyncGenerator[JobReader]:
    async with opening as archive:
        yield _ArchivedJobs(archive, org)


def _reader(options: JobsOptions) -> AbstractAsyncContextManager[JobReader]:
    if options.server is not None:
        from storyloom.cli.server import open_server  # noqa: PLC0415 - one of two is needed

        return open_server(options.server, options.org)
    from storyloom.bootstrap.archive import open_archive  # noqa: PLC0415

    settings = Settings.load(data_dir=options.data_dir)
    return _in_archive(open_archive(settings), options.org)


def _listed(jobs: Sequence[JobSummary]) -> Table:
    now = SystemClock().now()
    table = new_table("Job", "Status", "Kind", "Made", "Took", "Organisation", "Error")
    table.columns[0].no_wrap = True
    for job in jobs:
        table.add_row(
            job.id,
            _coloured(job.status),
            job.job_type.removesuffix("_to_storyboard"),
            ago(job.created_at, now),
            duration(job.execution_time_ms),
            _plain(job.org_id),
            _plain(job.error_message or ""),
        )
    return table


def _show(job: JobView, *, as_json: bool) -> None:
    if as_json:
        print_json(job.model_dump(mode="json"))
        return
    table = new_table("Job", job.job_id)
    understanding = job.understanding or {}
    rows = {
        "Status": _coloured(job.status),
        "Made": clock_time(job.created_at),
        "Ended": clock_time(job.completed_at),
        "Took": duration(job.execution_time_ms),
        "Organisation": _plain(job.org_id),
        "Error": _plain(job.error_message or ""),
        "Cost": money(job.cost),
        "Revision of": job.revised_from or "",
        "Picture": job.image_url or "",
        **{_named(k): _plain(v) for k, v in understanding.items() if isinstance(v, str)},
        "Degraded": _plain(" ".join(_sentences(understanding.get("degraded")))),
        "Warnings": _plain(" ".join(job.warnings)),
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, value)
    print_table(table)


def _sentences(value: JsonValue) -> list[str]:
    return [str(sentence) for sentence in value] if isinstance(value, list) else []


def _named(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _coloured(status: JobStatus) -> str:
    return f"[{_COLOURS[status]}]{status}[/]"


def _plain(text: str) -> str:
    return escape(one_line(text))
