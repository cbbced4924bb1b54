"""`storyloom events`: what has happened at a server, and what happens."""

import json
from contextlib import aclosing

import typer

from storyloom.cli.asking import asked, using
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import print_json
from storyloom.cli.server import Server
from storyloom.cli.wording import clock_time, one_line
from storyloom.client import operations as ops
from storyloom.client.following import Snapshot
from storyloom.events.schemas import Event, EventPage


def list_some(options: JobsOptions, *, after: int, limit: int) -> None:
    """Print one page, the oldest first."""
    told = asked(options, ops.LIST_EVENTS, query={"after": after, "limit": limit})
    if options.as_json:
        print_json(told)
        return
    for event in EventPage.model_validate(told).data:
        typer.echo(_line(event))


def follow(options: JobsOptions, job_id: str, *, after: int | None) -> None:
    """Print what a job is like, and then each event of it until it has ended."""

    async def print_all(server: Server) -> None:
        async with aclosing(server.patient.stream(job_id, after=after)) as told:
            async for one in told:
                typer.echo(_json(one) if options.as_json else _line(one))

    using(options, print_all)


def _json(one: Snapshot | Event) -> str:
    if isinstance(one, Event):
        return one.model_dump_json()
    return json.dumps({"type": one.type, "data": one.data})


def _line(one: Snapshot | Event) -> str:
    if isinstance(one, Snapshot):
        return f"{one.type}\t{one_line(str(one.data.get('status', '')))}"
    about = one_line(str(one.data.get("stage") or one.data.get("detail") or ""))
    return f"{one.seq}\t{clock_time(one.at)}\t{one.type}\t{one.subject.id}\t{about}".rstrip()
