"""`storyloom jobs all`, `cancel`, `retry`, `explain`: work of every kind, of a server."""

from typing import Any
from urllib.parse import quote

import anyio
import typer

from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.server import open_server
from storyloom.cli.wording import ago, one_line
from storyloom.kit.addresses import in_url
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from storyloom.work.schemas import JOBS, WorkList


def list_all(options: JobsOptions, *, limit: int) -> None:
    """List the newest work of every kind."""
    told = _asked(options, "GET", JOBS, params={"limit": str(limit)})
    if options.as_json:
        print_json(told)
        return
    table, now = new_table("Job", "Status", "Kind", "Made", "Waits for"), SystemClock().now()
    table.columns[0].no_wrap = True
    for work in WorkList.model_validate(told).data:
        waits = "; ".join(one_line(wait.detail) for wait in work.waiting_on)
        table.add_row(work.id, work.status, work.kind, ago(work.created_at, now), waits)
    print_table(table)


def order(options: JobsOptions, job_id: str, what: str) -> None:
    """Cancel it, or have it tried again; the job that is meant now, and its status."""
    told = _asked(options, "POST", f"{JOBS}/{quote(job_id, safe='')}/{what}")
    if options.as_json:
        print_json(told)
    else:
        typer.echo(f"{one_line(told['id'])}\t{one_line(told['status'])}")


def explain(options: JobsOptions, job_id: str) -> None:
    """Say why it is where it is."""
    told = _asked(options, "GET", f"{JOBS}/{quote(job_id, safe='')}/explain")
    if options.as_json:
        print_json(told)
    else:
        typer.echo(one_line(told["says"]))


def _asked(options: JobsOptions, method: str, path: str, **more: Any) -> dict[str, Any]:
    url = options.server
    if url is None:
        settings = Settings.load()
        url = f"http://{in_url(settings.host)}:{settings.port}"
    opening = open_server(url, options.org)

    async def ask() -> dict[str, Any]:
        async with opening as server:
            return await server.told(method, path, **more)

    return anyio.run(ask)
