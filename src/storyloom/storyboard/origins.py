"""Which job a storyboard began with: it has the source, and revisions of revisions lead back to it."""

from collections.abc import Awaitable, Callable, Mapping

from pydantic import JsonValue

from storyloom.jobs.schemas import Job
from storyloom.kit.ids import JobId, parse_job_id

_LONGEST_CHAIN = 50


def earlier(params: Mapping[str, JsonValue]) -> JobId | None:
    """The job to look for the source at; None for one that has it itself."""
    return parse_job_id(str(params.get("begun_with") or params.get("revises")))


async def begun_with(job: Job, known: Callable[[JobId], Awaitable[Job | None]]) -> Job | None:
    """The job that has the source; None where it is not kept any more."""
    for _ in range(_LONGEST_CHAIN):
        before = earlier(job.input_params)
        if before is None:
            return job
        found = await known(before)
        if found is None or found.org_id != job.org_id:
            return None
        job = found
    return None
