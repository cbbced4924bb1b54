"""Storyboard jobs: hot while they run, cold for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from pydantic import BaseModel

from storyloom.errors import Unavailable
from storyloom.jobs.ports import HotJobs, JobArchive
from storyloom.jobs.schemas import Job, JobStatus, JobSummary, Outcome
from storyloom.kit.clock import Clock, elapsed_ms
from storyloom.kit.ids import JobId, parse_job_id
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.finished import FinishedAnswers
from storyloom.storyboard.schemas import JobView


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a poll, as finished bytes."""

    body: bytes
    etag: str
    org_id: str
    is_terminal: bool


class _Glance(BaseModel):
    """What has to be known of a hot answer besides its bytes."""

    org_id: str
    status: JobStatus


class StoryboardJobManager:
    """What is kept where, and in which order, so that no accepted job is lost.

    The archive is written first and hot state second; hot state is deleted only after the end is
    in the archive. Hot state that is away costs speed, never a job.
    """

    def __init__(self, archive: JobArchive, hot: HotJobs, clock: Clock) -> None:
        """Take the two places, and the clock for the times that are written."""
        self._archive = archive
        self._hot = hot
        self._clock = clock
        self._finished = FinishedAnswers[Answer](size=lambda answer: len(answer.body))

    async def accept(self, job: Job) -> None:
        """Keep a new job. When this returns, the job is safe."""
        await self._archive.add(job)
        await self._show(job)

    async def begin(self, job_id: JobId) -> Job:
        """Mark a job as processing; doing so again changes nothing."""
        job = await self._archive.begin(job_id, self._clock.now())
        if job is None:
            raise JobNotFound(job_id)
        await self._show(job)
        return job

    async def job(self, job_id: JobId) -> Job:
        """The whole job, from the archive."""
        job = await self._archive.get(job_id)
        if job is None:
            raise JobNotFound(job_id)
        return job

    async def find(self, job_id: str, org_id: str | None) -> Job:
        """The whole job, as a caller names it; raises `JobNotFound` like `poll`."""
        known = parse_job_id(job_id)
        job = None if known is None else await self._archive.get(known)
        if job is None or (org_id is not None and job.org_id != org_id):
            raise JobNotFound(job_id)
        return job

    async def finish(self, job_id: JobId, outcome: Outcome) -> None:
        """Write the end of a job; one that has ended before stays as it is."""
        await self._archive.finish(job_id, outcome)
        try:
            await self._hot.delete(job_id)
        except Unavailable:
            return  # it expires by itself

    async def fail(self, job_id: JobId, *, message: str, code: str) -> None:
        """End a job without a result."""
        job = await self.job(job_id)
        now = self._clock.now()
        await self.finish(
            job_id,
            Outcome(
                status=JobStatus.FAILED,
                completed_at=now,
                execution_time_ms=elapsed_ms(job.started_at or job.created_at, now),
                error_message=message,
                error_code=code,
            ),
        )

    async def poll(self, job_id: str, org_id: str | None) -> Answer:
        """Where a job is now; raises `JobNotFound`, also for the job of another organisation."""
        known = parse_job_id(job_id)
        answer = None if known is None else await self._answer(known)
        if answer is None or (org_id is not None and answer.org_id != org_id):
            raise JobNotFound(job_id)
        return answer

    async def recent(
        self, *, limit: int, org_id: str | None, status: JobStatus | None
    ) -> Sequence[JobSummary]:
        """The newest jobs."""
        return await self._archive.list(limit=limit, org_id=org_id, status=status)

    async def _answer(self, job_id: JobId) -> Answer | None:
        kept = self._finished.get(job_id)
        if kept is not None:
            return kept
        hot = await self._hot_answer(job_id)
        if hot is not None:
            return hot
        job = await self._archive.get(job_id)
        if job is None:
            return None
        answer = _answer_of(_render(job), job.org_id, job.status)
        if answer.is_terminal:
            self._finished.put(job_id, answer)
        return answer

    async def _hot_answer(self, job_id: JobId) -> Answer | None:
        try:
            body = await self._hot.get(job_id)
        except Unavailable:
            return None
        if body is None:
            return None
        glance = _Glance.model_validate_json(body)
        return _answer_of(body, glance.org_id, glance.status)

    async def _show(self, job: Job) -> None:
        if job.status.is_terminal:
            return  # a finished job is served from the archive
        try:
            await self._hot.put(job.id, _render(job))
        except Unavailable:
            return  # polls go to the archive


def _render(job: Job) -> bytes:
    return JobView.of(job).model_dump_json().encode()


def _answer_of(body: bytes, org_id: str, status: JobStatus) -> Answer:
    digest = blake2b(body, digest_size=12).hexdigest()
    return Answer(body, f'"{digest}"', org_id, status.is_terminal)
