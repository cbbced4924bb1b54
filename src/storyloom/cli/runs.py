"""`storyloom runs`: the runs of a server, over HTTP."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import anyio
import typer
from rich.markup import escape
from rich.table import Table

from storyloom.automation.runs.views import RUNS
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.server import open_server
from storyloom.cli.wording import ago, clock_time, duration, one_line
from storyloom.kit.addresses import in_url
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings

Json = dict[str, Any]
_COUNTS = ("done", "degraded", "failed", "cancelled", "making", "ready", "waiting")


def list_newest(options: JobsOptions, *, limit: int) -> None:
    """List the newest runs."""
    told = _asked(options, "GET", RUNS, params={"limit": str(limit)})
    if options.as_json:
        print_json(told)
    else:
        print_table(_listed(told["runs"]))


def show_one(options: JobsOptions, run_id: str) -> None:
    """Show one run."""
    told = _asked(options, "GET", _path(run_id))
    if options.as_json:
        print_json(told)
    else:
        print_table(_shown(told))


def steer(
    options: JobsOptions, run_id: str, order: str, body: Mapping[str, object] | None = None
) -> None:
    """Pause, resume, cancel or retry it."""
    more = {} if body is None else {"json": body}
    told = _asked(options, "POST", f"{_path(run_id)}/{order}", **more)
    if options.as_json:
        print_json(told)
    else:
        typer.echo(f"{one_line(told['runId'])}\t{one_line(_state(told))}")


def _asked(options: JobsOptions, method: str, path: str, **more: Any) -> Json:
    url = options.server
    if url is None:
        settings = Settings.load()
        url = f"http://{in_url(settings.host)}:{settings.port}"
    opening = open_server(url, options.org)

    async def ask() -> Json:
        async with opening as server:
            return await server.told(method, path, **more)

    return anyio.run(ask)


def _path(run_id: str) -> str:
    return f"{RUNS}/{quote(run_id, safe='')}"


def _state(run: Json) -> str:
    """What it is, and what is wanted of it where that has not come about yet."""
    stage = str(run["stage"]).replace("_", " ")
    state = stage if run["status"] == "processing" else str(run["status"])
    wanted = {"pause": "paused", "cancel": "to be cancelled"}.get(run["wanted"])
    return f"{state}, {wanted}" if wanted else state


def _listed(runs: list[Json]) -> Table:
    now = SystemClock().now()
    table = new_table("Run", "State", "Session", "Made", "With", "Waits for")
    table.columns[0].no_wrap = True
    for run in runs:
        why = run["errorMessage"] or "; ".join(one["detail"] for one in run["waitingOn"])
        made = ago(datetime.fromisoformat(run["createdAt"]), now)
        cells = (_state(run), run["sessionTimestamp"], made, run["backend"], why)
        table.add_row(run["runId"], *(_plain(str(cell)) for cell in cells))
    return table


def _shown(run: Json) -> Table:
    table = new_table("Run", run["runId"])
    for name, value in _rows(run):
        if value:
            table.add_row(name, _plain(value))
    return table


def _rows(run: Json) -> Iterator[tuple[str, str]]:
    yield "State", _state(run)
    for one in run["waitingOn"]:
        until = "" if one["until"] is None else f", until {_time(one['until'])}"
        yield "Waits for", f"{one['detail']} ({one['code']}){until}"
    counts = run["counts"]
    told = ", ".join(f"{counts[name]} {name}" for name in _COUNTS if counts[name])
    yield "Pictures", f"{counts['total']}: {told}" if told else ""
    if (eta := run["eta"]) is not None:
        yield "Left", f"about {duration(round(eta['seconds'] * 1000))}: {eta['basis']}"
    yield "Made with", run["backend"]
    yield "Session", str(run["sessionTimestamp"])
    yield "Made", _time(run["createdAt"])
    yield "Ended", _time(run["completedAt"])
    for sentence in run["degraded"]:
        yield "Remark", sentence
    report = run["report"]
    if report is not None:
        yield "Report", report["headline"]
        for one in report["decisions"]:
            yield "Decide", f"{one['shot'] or 'the run'}: {one['says']}"


def _time(at: str | None) -> str:
    return "" if at is None else clock_time(datetime.fromisoformat(at))


def _plain(text: str) -> str:
    return escape(one_line(text))
