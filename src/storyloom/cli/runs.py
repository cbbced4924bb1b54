"""`storyloom runs`: the runs of a server, over HTTP."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typer
from rich.markup import escape
from rich.table import Table

from storyloom.automation.runs.starting import SCRIPT_LENGTH
from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.sources import STDIN, as_text, read_up_to
from storyloom.cli.wording import ago, clock_time, duration, one_line
from storyloom.client import operations as ops
from storyloom.client.operations import Operation
from storyloom.kit.clock import SystemClock

Json = dict[str, Any]
Order = Literal["pause", "resume", "cancel", "retry"]
_ORDERS: Mapping[Order, Operation[Any]] = {
    "pause": ops.PAUSE_RUN,
    "resume": ops.RESUME_RUN,
    "cancel": ops.CANCEL_RUN,
    "retry": ops.RETRY_RUN,
}
_CONFIG_BYTES = 64 * 1024
_COUNTS = ("done", "degraded", "failed", "cancelled", "making", "ready", "waiting")


def list_newest(options: JobsOptions, *, limit: int) -> None:
    """List the newest runs."""
    told = asked(options, ops.LIST_RUNS, query={"limit": limit})
    if options.as_json:
        print_json(told)
    else:
        print_table(_listed(told["runs"]))


def show_one(options: JobsOptions, run_id: str) -> None:
    """Show one run."""
    told = asked(options, ops.GET_RUN, {"run_id": run_id})
    if options.as_json:
        print_json(told)
    else:
        print_table(_shown(told))


def configure(options: JobsOptions, file: str | None) -> None:
    """Show what holds for runs that do not say otherwise, or replace it by what a file says."""
    if file is None:
        print_json(asked(options, ops.GET_RUN_CONFIG))
        return
    config = read_up_to(None if file == STDIN else Path(file), _CONFIG_BYTES)
    print_json(asked(options, ops.PUT_RUN_CONFIG, body=config))


def look_before(
    options: JobsOptions, script: str | None, *, session: int | None, backend: str | None
) -> int:
    """Tell what would be in the way of a run; the exit status."""
    told = asked(options, ops.PREFLIGHT, body=_wanted(script, session, backend))
    if options.as_json:
        print_json(told)
    else:
        print_table(_findings(told))
    return 0 if told["ready"] else 1


def start(
    options: JobsOptions, script: str | None, *, session: int | None, backend: str | None
) -> None:
    """Start one, and tell its id."""
    told = asked(options, ops.START_RUN, body=_wanted(script, session, backend))
    if options.as_json:
        print_json(told)
    else:
        typer.echo(one_line(told["runId"]))


def steer(
    options: JobsOptions, run_id: str, order: Order, body: Mapping[str, object] | None = None
) -> None:
    """Pause, resume, cancel or retry it."""
    told = asked(options, _ORDERS[order], {"run_id": run_id}, body=body)
    if options.as_json:
        print_json(told)
    else:
        typer.echo(f"{one_line(told['runId'])}\t{one_line(_state(told))}")


def _wanted(script: str | None, session: int | None, backend: str | None) -> dict[str, object]:
    wanted: dict[str, object] = {"config": {} if backend is None else {"backend": backend}}
    if script is not None:
        file = None if script == STDIN else Path(script)
        wanted["script"] = as_text(read_up_to(file, 4 * SCRIPT_LENGTH))
    if session is not None:
        wanted["sessionTimestamp"] = session
    return wanted


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


def _findings(report: Json) -> Table:
    table = new_table("Check", "", "Says")
    for one in report["findings"]:
        mend = f" {one['mend']}" if one["mend"] else ""
        table.add_row(one["check"], one["status"], _plain(one["says"] + mend))
    expected = report["estimate"]
    if expected is not None:
        table.add_row("estimate", "", _plain(_expectation(expected)))
    return table


def _expectation(expected: Json) -> str:
    parts = [expected["basis"]]
    if expected["seconds"] is not None:
        parts.insert(0, f"about {duration(round(expected['seconds'] * 1000))}")
    # How many pictures there are is not known where no story was named.
    is_each = expected["pictures"] is None
    usd = expected["costPerPictureUsd" if is_each else "costUsd"]
    cost = "not known" if usd is None else f"${usd}"
    return f"{'. '.join(parts)}. {'Cost of a picture' if is_each else 'Cost'}: {cost}."


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
