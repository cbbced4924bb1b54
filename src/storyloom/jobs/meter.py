"""What happened to jobs in this process, as plain numbers that somebody else reads."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import JobId
from storyloom.kit.timings import Timings

# From a tenth of a second, for a page drawn by rules, to the longest that a job may take.
_JOB_BOUNDS_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300)
_STEP_BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90)


class Meter:
    """Counts jobs and steps."""

    def __init__(self) -> None:
        """Start at nought."""
        self.accepted: Counter[str] = Counter()  #: by job type
        self.mended: Counter[str] = Counter()  #: by what was done: started, failed
        self.stuck = 0  #: open jobs that make no progress
        self.jobs = Timings(*_JOB_BOUNDS_S)  #: by job type and status
        self.steps = Timings(*_STEP_BOUNDS_S)  #: by step and outcome
        self.peak = 0  #: the most jobs that have run at the same time
        self._running: set[JobId] = set()
        self._lock = Lock()

    @property
    def running(self) -> int:
        """How many jobs run now."""
        return len(self._running)

    @contextmanager
    def run(self, job_id: JobId) -> Generator[None]:
        """Count the job as running. Runs may be on different threads."""
        with self._lock:
            self._running.add(job_id)
            self.peak = max(self.peak, len(self._running))
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(job_id)

    def ended(self, job_type: str, status: JobStatus, execution_time_ms: int) -> None:
        """Count a job whose end has been written."""
        self.jobs.add((job_type, status.value), execution_time_ms / 1000)
