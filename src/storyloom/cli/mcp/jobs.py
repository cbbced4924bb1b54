"""The tools that look at jobs, stop them and try them again."""

from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp_types import CallToolResult
from pydantic import Field

from storyloom.cli.mcp import wishes as w
from storyloom.cli.mcp.desk import Desk, Keeping
from storyloom.cli.mcp.following import known, work_of
from storyloom.cli.mcp.results import answer, plain
from storyloom.cli.mcp.schemas import Told
from storyloom.cli.wording import one_line
from storyloom.errors import Unsupported
from storyloom.work.schemas import Explanation, WorkKind, WorkList, WorkStatus


class JobTools:
    """One method for each tool; its docstring is what a model is told."""

    def __init__(self, desk: Desk) -> None:
        """Take what all tools have at hand."""
        self._desk = desk

    async def job_status(
        self,
        context: Context[Any, Any],
        *,
        job_id: w.JobName,
        output: Annotated[
            str | None,
            Field(
                description="Write what was made there, below the root: a storyboard's file "
                "(.png, .svg, .pdf), a story's folder"
            ),
        ] = None,
        wait_s: w.WaitS = 0.0,
    ) -> Annotated[CallToolResult, Told]:
        """Tell how far a job is, or what was made by it, with the picture.

        With wait_s it waits until the job has ended, and reports progress meanwhile.
        """
        keeping = Keeping()
        if output is not None:
            work = await work_of(await self._desk.service.server(), job_id)
            if work.kind is WorkKind.EXPORT:
                raise Unsupported("An export is fetched from its address, and not written by this.")
            is_run = work.kind is WorkKind.RUN
            keeping = await (self._desk.folder(output) if is_run else self._desk.file(output))
        return await self._desk.result(job_id, keeping, context, wait_s)

    async def list_jobs(
        self,
        *,
        status: Annotated[
            list[WorkStatus] | None, Field(description="Only these; all when left out")
        ] = None,
        kind: Annotated[
            list[WorkKind] | None, Field(description="Only these; all when left out")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=200)] = 20,
        cursor: Annotated[
            str | None, Field(description="next_cursor of the page before this one")
        ] = None,
    ) -> Annotated[CallToolResult, WorkList]:
        """List jobs of every kind, the newest first: storyboards and stories."""
        server = await self._desk.service.server()
        found = await server.api.jobs.list(
            status=status or (), kind=kind or (), limit=limit, cursor=cursor
        )
        lines = [
            f"{job.id} {job.kind.value} {job.status.value} {job.created_at:%Y-%m-%d %H:%M}"
            + ("" if job.error is None else f" {one_line(job.error.message)}")
            for job in found.data
        ]
        more = [] if found.next_cursor is None else [f"More: cursor {found.next_cursor}"]
        return plain("\n".join([*lines, *more]) or "There are no such jobs.", found)

    async def cancel_job(self, *, job_id: w.JobName) -> Annotated[CallToolResult, Told]:
        """Stop a job, and the call that it is at. What is made is kept; to do so again is no error."""
        server = await self._desk.service.server()
        return answer(Told.of(await server.api.jobs.cancel(known(job_id))), [])

    async def retry_job(self, *, job_id: w.JobName) -> Annotated[CallToolResult, Told]:
        """Do again only what has failed: as another job, whose job_id this tells, or the same story."""
        server = await self._desk.service.server()
        return answer(Told.of(await server.api.jobs.retry(known(job_id))), [])

    async def explain_job(self, *, job_id: w.JobName) -> Annotated[CallToolResult, Explanation]:
        """Tell in plain words why a job is where it is: what it waits for, and until when."""
        server = await self._desk.service.server()
        told = await server.api.jobs.explain(known(job_id))
        return plain(told.says, told)
