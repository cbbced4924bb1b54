"""How the jobs of a run are called: each pass of it, and each export, has a name of its own."""

from uuid import UUID, uuid5

from storyloom.kit.ids import JobId

_UUID_LENGTH = 36


def first_job(run: JobId) -> JobId:
    """The job of a new run."""
    return run


def next_job(job: JobId) -> JobId:
    """The job of the run's next pass."""
    number = job[_UUID_LENGTH + 1 :] or "1"
    return JobId(f"{run_of(job)}-{int(number) + 1}")


def passes_of(job: JobId) -> list[JobId]:
    """The jobs of a run so far, from its first one to this."""
    number = int(job[_UUID_LENGTH + 1 :] or "1")
    run = run_of(job)
    return [run, *(JobId(f"{run}-{each}") for each in range(2, number + 1))]


def export_job(run: JobId, number: int) -> JobId:
    """The job of the so-manieth export that was begun for a run."""
    return JobId(f"{run}-x{number}")


def export_id(run: JobId, name: str) -> JobId:
    """The id of the run's export of this name among work of all kinds: the same for each pass."""
    return JobId(str(uuid5(UUID(run), name)))


def run_of(job: JobId) -> JobId:
    """The run that a job is a pass of, or an export."""
    return JobId(job[:_UUID_LENGTH])
