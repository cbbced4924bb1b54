"""What hot state shows of unfinished jobs, and how long that is believed."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from storyloom.errors import Unavailable
from storyloom.jobs.ports import HotJobs
from storyloom.jobs.schemas import Job
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId
from storyloom.storyboard.answers import Answer

BELIEVED_S = 10
_KNOWN_AT_MOST = 4096


@dataclass(slots=True)
class HotCounts:
    """What became of the reads of hot state since the process started."""

    hits: int = 0
    misses: int = 0
    faults: int = 0  #: hot state was away, or took no write
    outdated: int = 0  #: an answer was older than the archive, and was deleted


@dataclass(slots=True)
class _Known:
    answer: Answer
    believed_until: datetime


class HotAnswers:
    """Shows unfinished jobs, and never fails: hot state that is away costs speed, and no job.

    Hot state can be wrong. A deletion may not have reached it before its sender was killed; a write
    that hung, or one by a worker that was thought dead, may arrive after the deletion. Either way a
    job that has ended would be shown as `processing` for an hour, to whichever process asks. No
    order of writes rules that out, so the reader sees to it: an answer is believed for ten seconds
    after its job was made, and for ten seconds after this process has compared it with the archive.
    In between a poll is one read, and no answer is older than that for longer. What proves to be
    outdated is deleted and never written anew, because a deletion is right at any time, however
    late it arrives.

    An answer is looked into once: as long as the same bytes come back, they are passed on.
    """

    def __init__(self, hot: HotJobs, clock: Clock) -> None:
        """Take the store, and the clock that tells how old an answer is."""
        self.counts = HotCounts()
        self._hot = hot
        self._clock = clock
        self._known: OrderedDict[JobId, _Known] = OrderedDict()

    async def get(self, job_id: JobId) -> Answer | None:
        """What is shown of the job, or None when the archive has to be asked."""
        try:
            body = await self._hot.get(job_id)
        except Unavailable:
            self.counts.faults += 1
            return None
        answer = None if body is None else self._read(job_id, body)
        if answer is None:
            self.counts.misses += 1
        else:
            self.counts.hits += 1
        return answer

    def is_to_be_compared(self, job_id: JobId) -> bool:
        """Whether it is time to compare the answer; true for one caller, who does it for all."""
        known, now = self._known[job_id], self._clock.now()
        if now < known.believed_until:
            return False
        known.believed_until = now + timedelta(seconds=BELIEVED_S)
        return True

    async def show(self, job: Job) -> None:
        """Show a job, unless it has ended: then it is served from the archive."""
        if job.status.is_terminal:
            return
        try:
            await self._hot.put(job.id, Answer.of(job).body)
        except Unavailable:
            self.counts.faults += 1

    async def delete(self, job_id: JobId) -> None:
        """Show the job no longer."""
        self._known.pop(job_id, None)
        try:
            await self._hot.delete(job_id)
        except Unavailable:
            self.counts.faults += 1

    async def delete_outdated(self, job_id: JobId) -> None:
        """Show no longer what the archive has proved wrong."""
        self.counts.outdated += 1
        await self.delete(job_id)

    def _read(self, job_id: JobId, body: bytes) -> Answer | None:
        known = self._known.get(job_id)
        if known is not None and known.answer.body == body:
            return known.answer
        answer = Answer.read(body)
        if answer is None:
            return None
        if known is not None:
            # Its bytes say nothing about when they were written.
            known.answer = answer
            return answer
        made = min(answer.created_at, self._clock.now())
        self._known[job_id] = _Known(answer, made + timedelta(seconds=BELIEVED_S))
        if len(self._known) > _KNOWN_AT_MOST:
            self._known.popitem(last=False)
        return answer
