"""Work of every kind, and the events of it."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from datetime import date, datetime
from pathlib import Path
from typing import cast

import anyio
from pydantic import JsonValue

import storyloom.client.operations as ops
from storyloom.client.bodies import given
from storyloom.client.faces import F, Group, operation, streaming
from storyloom.client.following import Following, Snapshot, Transport
from storyloom.client.line import ANSWER_TIMEOUT_S, Line, Wanted
from storyloom.client.refusals import retry_after_of
from storyloom.client.sources import name_of
from storyloom.client.uploading import upload
from storyloom.errors import TimedOut
from storyloom.events.schemas import Event, EventPage, EventType
from storyloom.jobs.schemas import QueueState
from storyloom.outbound.costs import Cost
from storyloom.work.schemas import (
    Explanation,
    PriorityName,
    QueueList,
    Work,
    WorkKind,
    WorkList,
    WorkStatus,
)
from storyloom.work.sources import EvidenceView
from storyloom.work.statistics import Statistics
from storyloom.work.timeline import Timeline

JOB_LIMIT_S = 900.0
_POLL_EVERY_S = 1.0
_HOLD_S = 20


class Jobs(Group[F]):
    """Storyboards, runs and exports as work."""

    @operation
    async def create(
        self,
        kind: WorkKind,
        asked: Mapping[str, JsonValue],
        *,
        priority: PriorityName | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Work:
        """Make work of any kind; `asked` is the body that the route of its own kind takes."""
        body = given(kind=kind, input=asked, priority=priority, labels=labels)
        return await self.line.ask(ops.CREATE_JOB, body=body)

    @operation
    async def upload(
        self,
        kind: WorkKind,
        file: Path | bytes,
        *,
        name: str | None = None,
        asked: Mapping[str, JsonValue] | None = None,
        priority: PriorityName | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Work:
        """Make work of a file, which is sent as it is: code, a screenshot, or a run's script.

        The name tells the language of code. `asked` is the rest of what the route of its own kind
        takes.
        """
        called = name_of(file, name)
        return await upload(
            self.line, kind, file, called, asked=asked, priority=priority, labels=labels
        )

    @operation
    async def list(  # noqa: PLR0913 - a list has the filters it has
        self,
        *,
        status: Iterable[WorkStatus] = (),
        kind: Iterable[WorkKind] = (),
        labels: Mapping[str, str] | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        search: str = "",
        limit: int = 50,
        cursor: str | None = None,
    ) -> WorkList:
        """One page, the newest first; `next_cursor` of it is the `cursor` of the next."""
        query = {
            "status": tuple(status),
            "kind": tuple(kind),
            "label": [f"{name}={value}" for name, value in (labels or {}).items()],
            "created_after": created_after,
            "created_before": created_before,
            "q": search or None,
            "limit": limit,
            "cursor": cursor,
        }
        return await self.line.ask(ops.LIST_JOBS, query=query)

    @operation
    async def get(self, job_id: str, *, wait_s: int | None = None) -> Work:
        """All about one, now, or when it has ended if that is within so many seconds."""
        timeout_s = None if wait_s is None else wait_s + ANSWER_TIMEOUT_S
        return await self.line.ask(
            ops.GET_JOB, {"job_id": job_id}, query={"wait": wait_s}, timeout_s=timeout_s
        )

    @operation
    async def explain(self, job_id: str) -> Explanation:
        """Why it is where it is, in plain words."""
        return await self.line.ask(ops.EXPLAIN_JOB, {"job_id": job_id})

    @operation
    async def cost(self, job_id: str) -> Cost:
        """What its calls to models have cost so far."""
        return await self.line.ask(ops.GET_JOB_COST, {"job_id": job_id})

    @operation
    async def timeline(self, job_id: str) -> Timeline:
        """How it went, step by step, also while it runs."""
        return await self.line.ask(ops.GET_JOB_TIMELINE, {"job_id": job_id})

    @operation
    async def source(self, job_id: str) -> bytes:
        """What went in: a screenshot, or a code file as JSON (`CodeSource`)."""
        return await self.line.ask(ops.GET_JOB_SOURCE, {"job_id": job_id})

    @operation
    async def thumbnail(self, job_id: str) -> bytes:
        """A small copy of its picture, as a JPEG."""
        return await self.line.ask(ops.GET_JOB_THUMBNAIL, {"job_id": job_id})

    @operation
    async def evidence(self, job_id: str) -> EvidenceView:
        """What is claimed of the source, beside the places that bear it out."""
        return await self.line.ask(ops.GET_JOB_EVIDENCE, {"job_id": job_id})

    @operation
    async def statistics(
        self, *, since: date | None = None, until: date | None = None
    ) -> Statistics:
        """What storyboards and runs came to, by days in UTC; without days, the last thirty."""
        return await self.line.ask(
            ops.GET_STATISTICS, query={"since": _day(since), "until": _day(until)}
        )

    @operation
    async def cancel(self, job_id: str) -> Work:
        """Stop it, and the call that it is at; what is made is kept."""
        return await self.line.ask(ops.CANCEL_JOB, {"job_id": job_id})

    @operation
    async def retry(self, job_id: str) -> Work:
        """Do again only what has failed: by another job, or by the same run."""
        return await self.line.ask(ops.RETRY_JOB, {"job_id": job_id})

    @operation
    async def wait(self, job_id: str, *, limit_s: float = JOB_LIMIT_S) -> Work:
        """Wait until it has ended, well or badly; raises `TimedOut` when that takes longer."""
        return await wait(self.line, job_id, limit_s)

    @streaming
    async def stream(
        self,
        job_id: str,
        *,
        after: int | None = None,
        within_s: float | None = None,
        transport: Transport = "sse",
    ) -> AsyncGenerator[Snapshot | Event]:
        """Follow one: what it is like now, and then its events until it has ended.

        Broken connections are opened again, and nothing is lost or told twice. With `after`, events
        are told from that `seq` on; 0 for all that are kept. The transport changes nothing of it.
        """
        told = stream(self.line, job_id, after=after, within_s=within_s, transport=transport)
        async with aclosing(told):
            async for one in told:
                yield one


class Queues(Group[F]):
    """Where work waits until there is room for it."""

    @operation
    async def list(self) -> QueueList:
        """All of them."""
        return await self.line.ask(ops.LIST_QUEUES)

    @operation
    async def pause(self, name: str) -> QueueState:
        """Let nothing more begin out of it."""
        return await self.line.ask(ops.PAUSE_QUEUE, {"name": name})

    @operation
    async def resume(self, name: str) -> QueueState:
        """Let it go on."""
        return await self.line.ask(ops.RESUME_QUEUE, {"name": name})


class Events(Group[F]):
    """What has happened, in its order."""

    @operation
    async def list(
        self,
        *,
        after: int | None = None,
        types: Iterable[EventType] = (),
        subject: str | None = None,
        limit: int = 100,
        wait_s: float | None = None,
    ) -> EventPage:
        """One page; `next_after` of it is the `after` of the next. It waits so long for its first."""
        query = {
            "after": after,
            "type": tuple(types),
            "subject": subject,
            "limit": limit,
            "wait": wait_s,
        }
        timeout_s = None if wait_s is None else wait_s + ANSWER_TIMEOUT_S
        return await self.line.ask(ops.LIST_EVENTS, query=query, timeout_s=timeout_s)

    @streaming
    async def follow(
        self,
        *,
        after: int | None = None,
        types: Iterable[EventType] = (),
        subject: str | None = None,
        within_s: float | None = None,
        transport: Transport = "sse",
    ) -> AsyncGenerator[Event]:
        """Follow them from now on, or from a `seq` on, as long as wanted; see `Jobs.stream`."""
        query = {"type": tuple(types), "subject": subject}
        following = Following(self.line, Wanted(ops.FOLLOW_EVENTS, query=query), after, transport)
        async with aclosing(following.told(within_s)) as told:
            async for one in told:
                yield cast("Event", one)  # there are snapshots of jobs only


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


async def wait(line: Line, job_id: str, limit_s: float) -> Work:
    """Let the server hold its answer until then; where it does not, poll as often as it likes."""
    try:
        with anyio.fail_after(limit_s):
            while True:
                asked_at = anyio.current_time()
                response = await line.send(ops.GET_JOB, {"job_id": job_id}, query={"wait": _HOLD_S})
                work = line.read(ops.GET_JOB, response)
                if work.status.is_terminal:
                    return work
                if anyio.current_time() - asked_at < _HOLD_S:
                    await anyio.sleep(retry_after_of(response) or _POLL_EVERY_S)
    except TimeoutError:
        says = f"The job {job_id} has not ended after {limit_s:g} seconds."
        raise TimedOut(says, system="server") from None


def stream(
    line: Line,
    job_id: str,
    *,
    after: int | None,
    within_s: float | None,
    transport: Transport,
) -> AsyncGenerator[Snapshot | Event]:
    """Follow one job."""
    wanted = Wanted(ops.FOLLOW_JOB, {"job_id": job_id})
    return Following(line, wanted, after, transport).told(within_s)
