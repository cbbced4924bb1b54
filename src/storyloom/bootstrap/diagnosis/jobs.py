"""What the archive tells of jobs that wait, run and failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import JobStatus, JobSummary
from storyloom.kit.clock import Clock
from storyloom.kit.findings import Finding, warning, well
from storyloom.storyboard.watchdog import Watchdog

PENDING, PROCESSING, FAILED = "pending jobs", "processing jobs", "failed jobs"
_AT_MOST = 200
_FAILED_WITHIN = timedelta(days=1)
_MENDS: Mapping[str | None, str] = {
    "timeout": "Send a smaller source, or give it more time (STORYLOOM_CALL_TIMEOUT_S for a model's answer, "
    "STORYLOOM_JOB_TIMEOUT_S for all) or processors.",
    "invalid_input": "The sentence says what is wrong with file_content or image_data.",
    "unsupported": "Install what is missing; for screenshots: pip install 'storyloom[ocr]'",
    "not_found": "Let all processes share one STORYLOOM_IMAGES_URL, and submit it again.",
    "unavailable": "Look at the other findings, and submit it again when the store is back.",
    "auth": "Correct the key of the provider; `storyloom doctor` asks whether it is accepted.",
    "quota": "Look at quota and billing at the provider, or name others in STORYLOOM_FALLBACK_MODELS.",
    "rate_limited": "Lower STORYLOOM_PROVIDER_CONCURRENCY, or have the limit raised at the provider.",
    "model_not_found": "Correct the name of the model; the check of its provider tells which there are.",
    "blocked": "The provider refuses this source; name another model for it, or `--model`.",
    "budget": "Raise STORYLOOM_BUDGET_PER_JOB_USD or STORYLOOM_BUDGET_PER_ORG_DAY_USD, or wait for the next day.",
    "misconfigured": "The sentence names the setting.",
    **dict.fromkeys(
        ("overloaded", "resting", "server_error", "connection"),
        "Submit it again later; STORYLOOM_FALLBACK_MODELS names models to go on with.",
    ),
    "internal": "The log has a traceback, which is worth a report.",
}
_OTHERWISE = "Look into the log for this code: `step failed` names the step."


@dataclass(frozen=True, slots=True)
class Crew:
    """Who would take up a job that waits, in words; `None` when nobody would."""

    someone: str | None
    mend: str  #: how to have somebody


@dataclass(frozen=True, slots=True)
class Jobs:
    """Looks at an archive."""

    archive: JobArchive
    clock: Clock
    job_timeout_s: float

    async def look_at_unfinished(self, crew: Crew) -> Sequence[Finding]:
        """Jobs that wait and jobs that run; those that do so for too long, by the watchdog's rule."""
        watchdog = Watchdog(
            self.archive, clock=self.clock, job_timeout_s=self.job_timeout_s, meter=Meter()
        )
        stuck = await watchdog.run_once()
        now = self.clock.now() + timedelta(minutes=1)  # clocks differ a little
        jobs = await self.archive.unfinished(created_before=now, limit=_AT_MOST)
        return [self._pending(jobs, stuck, crew), self._processing(jobs, stuck)]

    async def look_at_failed(self) -> Sequence[Finding]:
        """The newest failures by their code."""
        since = self.clock.now() - _FAILED_WITHIN
        newest = await self.archive.list(limit=_AT_MOST, status=JobStatus.FAILED)
        failed = [job for job in newest if (job.completed_at or job.created_at) > since]
        if not failed:
            return [well(FAILED, "No job has failed within the last day.")]
        by_code = groupby(sorted(failed, key=_code), key=_code)
        return [self._group(code, list(jobs)) for code, jobs in by_code]

    def _pending(
        self, jobs: Sequence[JobSummary], stuck: Sequence[JobSummary], crew: Crew
    ) -> Finding:
        waiting = _in_status(jobs, JobStatus.PENDING)
        if not waiting:
            return well(PENDING, "No job waits.")
        says = f"{_many(waiting)} pending, the oldest for {self._age(waiting[0])}."
        if crew.someone is None:
            return warning(PENDING, f"{says} Nobody takes jobs.", crew.mend)
        if _in_status(stuck, JobStatus.PENDING):
            return warning(
                PENDING,
                f"{says} {crew.someone}",
                "Start more workers or raise STORYLOOM_CONCURRENCY; if they are idle, look into "
                "their log.",
            )
        return well(PENDING, says)

    def _processing(self, jobs: Sequence[JobSummary], stuck: Sequence[JobSummary]) -> Finding:
        running = _in_status(jobs, JobStatus.PROCESSING)
        overdue = _in_status(stuck, JobStatus.PROCESSING)
        if overdue:
            return warning(
                PROCESSING,
                f"{_many(overdue)} processing for longer than they may, the oldest for "
                f"{self._age(overdue[0])}: {overdue[0].id}.",
                "Look into the log for this job, whether its worker lives, and whether the archive, "
                "the pictures and the network answer; a dead worker's jobs go on within 30 s.",
            )
        if running:
            return well(PROCESSING, f"{_many(running)} processing, none for too long.")
        return well(PROCESSING, "No job is running.")

    def _group(self, code: str, jobs: Sequence[JobSummary]) -> Finding:
        newest = jobs[0]
        how_many = f"{len(jobs)} job{'s' if len(jobs) > 1 else ''} failed within the last day"
        return warning(
            FAILED,
            f"{how_many} ({code}); the newest says: {newest.error_message or 'nothing'}",
            _MENDS.get(code, _OTHERWISE),
        )

    def _age(self, job: JobSummary) -> str:
        seconds = max(
            0, int((self.clock.now() - (job.started_at or job.created_at)).total_seconds())
        )
        return f"{seconds // 60} min" if seconds >= 60 else f"{seconds} s"  # noqa: PLR2004 - a minute


def _in_status(jobs: Sequence[JobSummary], status: JobStatus) -> Sequence[JobSummary]:
    return [job for job in jobs if job.status is status]


def _many(jobs: Sequence[JobSummary]) -> str:
    if len(jobs) == 1:
        return "1 job is"
    return f"{len(jobs)}{' or more' if len(jobs) == _AT_MOST else ''} jobs are"


def _code(job: JobSummary) -> str:
    return job.error_code or "no code"
