"""Storyboards made by a running server."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio

from storyloom.cli.makers import Made, Order, Tell, sentences
from storyloom.cli.server import Server
from storyloom.cli.sources import as_text
from storyloom.errors import StoryloomError, TimedOut, Unavailable
from storyloom.jobs.schemas import JobStatus
from storyloom.storyboard.revision import RevisionRequest
from storyloom.storyboard.schemas import BoardFile, JobAccepted, JobView

# A job may wait in a queue; and a server may be restarted meanwhile, which loses no job.
JOB_LIMIT_S = 900.0
OUTAGE_LIMIT_S = 20.0


class JobFailed(StoryloomError):
    """The job failed at the server."""

    code = "job_failed"


class ServerMaker:
    """Hands jobs in, polls them as often as the server likes, and fetches the pictures."""

    def __init__(
        self,
        server: Server,
        *,
        job_limit_s: float = JOB_LIMIT_S,
        outage_limit_s: float = OUTAGE_LIMIT_S,
        wait_s: float = 1.0,
    ) -> None:
        """Take an open server; how long to wait for a job, and for a server that is away."""
        self._server = server
        self._job_limit_s = job_limit_s
        self._outage_limit_s = outage_limit_s
        self._wait_s = wait_s

    async def code(self, name: str, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a code file."""
        text = as_text(raw)
        tell("sending")
        boards = self._server.api.storyboards
        accepted = await boards.from_code(text, name=name, wishes=order.wishes)
        return await self._follow(accepted, order.file_format, tell)

    async def roadmap(self, raw: bytes, order: Order, tell: Tell) -> Made:
        """Make one from a screenshot."""
        tell("sending")
        boards = self._server.api.storyboards
        accepted = await boards.from_roadmap(
            raw, sanitize_ip=order.sanitize_ip, wishes=order.wishes
        )
        return await self._follow(accepted, order.file_format, tell)

    async def revision(
        self, job_id: str, request: RevisionRequest, file_format: BoardFile, tell: Tell
    ) -> Made:
        """Make another one from a finished job."""
        tell("sending")
        accepted = await self._server.api.storyboards.revise(job_id, request)
        return await self._follow(accepted, file_format, tell)

    async def _follow(self, accepted: JobAccepted, file_format: BoardFile, tell: Tell) -> Made:
        job = await self._ended(accepted.job_id, tell)
        if job.status is not JobStatus.COMPLETED or job.understanding is None:
            raise JobFailed(job.error_message or f"The job was {job.status}.")
        tell("fetching")
        data = await self._server.image(job.job_id, file_format)
        return Made(
            data,
            str(job.understanding["headline"]),
            job.understanding,
            sentences(job.understanding, job.warnings),
            job.job_id,
            job.cost,
        )

    async def _ended(self, job_id: str, tell: Tell) -> JobView:
        try:
            with anyio.fail_after(self._job_limit_s):
                while True:
                    job, wait_s = await self._poll(job_id)
                    if job.status.is_terminal:
                        return job
                    tell(job.status.value)
                    await anyio.sleep(wait_s)
        except TimeoutError:
            raise TimedOut(
                f"The job {job_id} has not ended after {self._job_limit_s:g} seconds; "
                f"`storyloom jobs watch {job_id} --server URL` goes on waiting.",
                system="server",
            ) from None

    async def _poll(self, job_id: str) -> tuple[JobView, float]:
        """Poll, and bear with a server that is away for a little while."""
        give_up_at = anyio.current_time() + self._outage_limit_s
        while True:
            try:
                return await self._server.job(job_id)
            except Unavailable:
                if anyio.current_time() > give_up_at:
                    raise
                await anyio.sleep(self._wait_s)


@asynccontextmanager
async def making(opening: AbstractAsyncContextManager[Server]) -> AsyncGenerator[ServerMaker]:
    """A maker for as long as the server is open."""
    async with opening as server:
        yield ServerMaker(server)
