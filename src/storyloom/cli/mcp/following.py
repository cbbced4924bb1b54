"""Following a job until it has ended, or for as long as somebody wants to wait."""

from collections.abc import Awaitable, Callable

import anyio

from storyloom.cli.server import Server
from storyloom.errors import NotFound
from storyloom.kit.ids import parse_job_id
from storyloom.work.schemas import Work

LOOK_EVERY_S = 0.2
#: A server holds a poll for so long, and answers at once when the job ends: an end is told without
#: delay, and progress every other second.
HELD_S = 2
#: Clients give up on a call of which they hear nothing for a minute.
SPEAK_EVERY_S = 10.0
#: Each report has to be larger than the one before it, also where nothing more is done.
_BIT = 0.001

#: Takes how much is done, of how much (None: nobody knows), and a few words.
Report = Callable[[float, float | None, str], Awaitable[None]]


def known(job_id: str) -> str:
    """The id of a job; raises `NotFound` for what is none."""
    found = parse_job_id(job_id)
    if found is None:
        raise NotFound(f"Job {job_id!r} not found")
    return found


async def work_of(server: Server, job_id: str, held_s: int = 0) -> Work:
    """The job as it is now, or when it has ended if that is within so many seconds.

    Raises `NotFound`.
    """
    return await server.api.jobs.get(known(job_id), wait_s=held_s or None)


async def followed(server: Server, job_id: str, report: Report, wait_s: float) -> Work:
    """The job when it has ended, or as it is after so many seconds."""
    end = anyio.current_time() + wait_s
    teller = _Teller(report)
    held_s = 0
    while True:
        work = await work_of(server, job_id, held_s)
        left = end - anyio.current_time()
        await teller.tell(work)
        if work.status.is_terminal or left <= 0:
            return work
        await anyio.sleep(min(LOOK_EVERY_S, left))
        held_s = HELD_S if left > HELD_S else 0


class _Teller:
    """Reports what is new, and from time to time that nothing is."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._said = ""
        self._at = 0.0
        self._value = 0.0

    async def tell(self, work: Work) -> None:
        """Report, where it is worth it."""
        says, now = _words(work), anyio.current_time()
        if says == self._said and now < self._at + SPEAK_EVERY_S:
            return
        self._said, self._at = says, now
        self._value = max(float(work.progress.done), self._value + _BIT)
        await self._report(self._value, float(work.progress.total) or None, says)


def _words(work: Work) -> str:
    stage = f": {work.stage}" if work.stage else ""
    count = f", {work.progress.done} of {work.progress.total}" if work.progress.total > 1 else ""
    waits = "".join(f"; {wait.detail}" for wait in work.waiting_on)
    return f"{work.status.value}{stage}{count}{waits}"
