"""Storyboard jobs: hot while they run, cold for ever."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from pydantic import JsonValue

from storyloom.errors import Unavailable
from storyloom.events.ports import Emitter
from storyloom.events.silent import Silent
from storyloom.jobs.ports import HotJobs, JobArchive
from storyloom.jobs.schemas import Job, JobStatus, JobSummary, Outcome
from storyloom.kit.clock import Clock, elapsed_ms
from storyloom.kit.ids import JobId, parse_job_id
from storyloom.storyboard.answers import Answer
from storyloom.storyboard.errors import JobCancelled, JobNotFound
from storyloom.storyboard.finished import FinishedAnswers
from storyloom.storyboard.hot import HotAnswers, HotCounts
from storyloom.storyboard.telling import JobTeller


class StoryboardJobManager:
    """What is kept where, and in which order, so that no accepted job is lost.

    The archive is written first and hot state second; hot state is deleted only after the end is
    in the archive. Hot state that is away costs speed, never a job.
    """

    def __init__(
        self, archive: JobArchive, hot: HotJobs, clock: Clock, events: Emitter | None = None
    ) -> None:
        """Take the two places, the clock that jobs go by, and who is told what happens."""
        self._archive = archive
        self._hot = HotAnswers(hot, clock)
        self.clock = clock
        self._teller = JobTeller(events or Silent())
        self._finished = FinishedAnswers[JobId, Answer](clock, lambda answer: len(answer.body))

    @property
    def hot_counts(self) -> HotCounts:
        """How often hot state has had the answer."""
        return self._hot.counts

    async def accept(self, job: Job) -> None:
        """Keep a new job. When this returns, the job is safe."""
        await self._archive.add(job)
        self._teller.accepted(job)

    async def show(self, job: Job) -> None:
        """Let polls find a job that was accepted without asking the archive."""
        await self._hot.show(job)

    async def begin(self, job_id: JobId) -> Job:
        """Mark a job as processing; doing so again, or with one that has ended, changes nothing."""
        job = await self._archive.begin(job_id, self.clock.now())
        if job is None:
            raise JobNotFound(job_id)
        if not job.status.is_terminal:
            self._teller.started(job)
        await self._hot.show(job)
        return job

    def reach(self, job: Job, stage: str) -> None:
        """Tell that a step of the job has begun."""
        self._teller.reached(job, stage, self.clock.now())

    async def job(self, job_id: JobId) -> Job:
        """The whole job, from the archive."""
        job = await self._archive.get(job_id)
        if job is None:
            raise JobNotFound(job_id)
        self._teller.remember(job)
        return job

    async def known(self, job_id: JobId) -> Job | None:
        """The whole job, or None where there is none."""
        return await self._archive.get(job_id)

    async def find(self, job_id: str, org_id: str | None) -> Job:
        """The whole job, as a caller names it; raises `JobNotFound` like `poll`."""
        known = parse_job_id(job_id)
        job = None if known is None else await self._archive.get(known)
        if job is None or (org_id is not None and job.org_id != org_id):
            raise JobNotFound(job_id)
        return job

    async def finish(self, job_id: JobId, outcome: Outcome) -> bool:
        """Write the end of a job: False for one that has ended before, which stays as it is."""
        written = await self._archive.finish(job_id, outcome)
        await self._hot.delete(job_id)
        if written and not self._teller.ended(job_id, outcome):
            with suppress(Unavailable):  # whoever looks for ends that were not told finds it
                self._teller.remember(await self.job(job_id))
                self._teller.ended(job_id, outcome)
        return written

    async def fail(
        self,
        job_id: JobId,
        *,
        message: str,
        code: str,
        details: Mapping[str, JsonValue] = MappingProxyType({}),
    ) -> bool:
        """End a job without a result, as `finish` does."""
        said = {"error_message": message, "error_code": code, "details": dict(details)}
        return await self._end(await self.job(job_id), JobStatus.FAILED, said)

    async def cancel(self, job: Job, details: Mapping[str, JsonValue]) -> bool:
        """End a job on request, as `finish` does. Whoever runs it has to hear of it."""
        why = JobCancelled()
        said = {"error_message": why.message, "error_code": why.code, "details": dict(details)}
        return await self._end(job, JobStatus.CANCELLED, said)

    async def _end(self, job: Job, status: JobStatus, said: Mapping[str, object]) -> bool:
        now = self.clock.now()
        took_ms = elapsed_ms(job.started_at or job.created_at, now)
        times = {"completed_at": now, "execution_time_ms": took_ms}
        return await self.finish(
            job.id, Outcome.model_validate({"status": status, **times, **said})
        )

    async def poll(self, job_id: str, org_id: str | None) -> Answer:
        """Where a job is now; raises `JobNotFound`, also for the job of another organisation."""
        known = parse_job_id(job_id)
        answer = None if known is None else await self._answer(known)
        if answer is None or (org_id is not None and answer.org_id != org_id):
            raise JobNotFound(job_id)
        return answer

    async def outdate(self, job_id: str) -> None:
        """Believe hot state no more about a job: it has ended, perhaps in another process."""
        known = parse_job_id(job_id)
        if known is not None:
            await self._hot.delete(known)

    async def recent(
        self, *, limit: int, org_id: str | None, status: JobStatus | None
    ) -> Sequence[JobSummary]:
        """The newest jobs."""
        return await self._archive.list(limit=limit, org_id=org_id, status=status)

    async def _answer(self, job_id: JobId) -> Answer | None:
        kept = self._finished.get(job_id)
        if kept is not None:
            return kept
        hot = await self._hot.get(job_id)
        if hot is None:
            return await self._archived(job_id)
        if self._hot.is_to_be_compared(job_id):
            return await self._compared(job_id, hot)
        return hot

    async def _archived(self, job_id: JobId) -> Answer | None:
        job = await self._archive.get(job_id)
        if job is None:
            return None
        answer = Answer.of(job)
        if answer.is_terminal:
            self._finished.put(job_id, answer)
        return answer

    async def _compared(self, job_id: JobId, hot: Answer) -> Answer | None:
        try:
            archived = await self._archived(job_id)
        except Unavailable:
            return hot  # nobody knows better now
        if archived is not None and archived.status is hot.status:
            return hot
        await self._hot.delete_outdated(job_id)
        return archived
