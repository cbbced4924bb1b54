"""`storyloom gpu` and `storyloom swarmui`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import anyio
import typer
from rich.markup import escape

from storyloom.bootstrap.automation import gpu_probe_of
from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import NOT_YET, one_line
from storyloom.client import operations as ops
from storyloom.client.errors import ServerError
from storyloom.client.machine import START_TIMEOUT_S, STOP_TIMEOUT_S
from storyloom.client.operations import Operation
from storyloom.errors import Unavailable
from storyloom.gpu.schemas import GpuStatus
from storyloom.gpu.status import status_of
from storyloom.settings import Settings

# Here, a failure is an error.
_GPU = replace(ops.GET_GPU_STATUS, also=None)
_NOT_AVAILABLE = 1


def show_gpu(server: str | None, *, as_json: bool) -> int:
    """Show the GPUs; raises `Unavailable` where nothing can be found out."""
    found = _local_gpu() if server is None else _asked(server, _GPU)
    if as_json:
        print_json(found)
    else:
        _print_gpu(GpuStatus.model_validate(found))
    return 0 if found["available"] else _NOT_AVAILABLE


def start_swarmui(server: str | None, *, as_json: bool) -> None:
    """Return when it answers."""
    done = _asked(server, ops.START_SWARMUI, timeout_s=START_TIMEOUT_S)
    _say(done, f"{done['message']}: {done['apiUrl']}", as_json=as_json)


def stop_swarmui(server: str | None, *, force: bool, as_json: bool) -> None:
    """End it."""
    query = {"force": force}
    done = _asked(server, ops.STOP_SWARMUI, query=query, timeout_s=STOP_TIMEOUT_S)
    _say(done, f"{done['message']}.", as_json=as_json)


def show_swarmui(server: str | None, *, as_json: bool) -> None:
    """Show how far it is."""
    status = _asked(server, ops.GET_SWARMUI)
    if as_json:
        print_json(status)
        return
    table = new_table("SwarmUI", str(status["phase"]))
    for name, value in {
        "Address": status["apiUrl"],
        "Version": status["version"],
        "Backends": status["backendStatus"],
        "Message": status["message"],
        "Generating": status["generations"],
        "Idle for": None if status["idleSeconds"] is None else f"{status['idleSeconds']} s",
        "Launched by": "the server" if status["startedByUs"] else None,
        "Printed": "\n".join(map(one_line, status["lastLines"])) or None,
    }.items():
        if value not in {None, ""}:
            table.add_row(name, escape(str(value)))
    print_table(table)


def show_swarmui_log(server: str | None, lines: int, *, as_json: bool) -> None:
    """Print the end of what it printed."""
    found = _asked(server, ops.GET_SWARMUI_LOG, query={"limit": lines})
    if as_json:
        print_json(found)
        return
    for line in found["lines"]:
        typer.echo(one_line(line))


def _asked(server: str | None, operation: Operation[Any], **more: Any) -> dict[str, Any]:
    try:
        return asked(JobsOptions(None, server, None, as_json=True), operation, **more)
    except ServerError as fault:
        # The document says 500 when nvidia-smi or SwarmUI fails: nothing unexpected has happened.
        raise Unavailable(fault.message) from fault


def _local_gpu() -> dict[str, Any]:
    probe = gpu_probe_of(Settings.load())
    return status_of(anyio.run(probe.look)).model_dump(mode="json", by_alias=True)


def _print_gpu(status: GpuStatus) -> None:
    if not status.available:
        typer.secho(f"No GPU can be used: {one_line(status.error or '')}", fg="yellow", err=True)
    table = new_table("GPU", "Name", "Busy", "Memory", "Temperature", "Programs", "Error")
    for number, gpu in enumerate(status.gpus):
        table.add_row(
            str(number if gpu.index is None else gpu.index),
            escape(one_line(gpu.name or NOT_YET)),
            _figure(gpu.utilization, " %"),
            f"{_figure(gpu.memory_used)} of {_figure(gpu.memory_total, ' MiB')}",
            _figure(gpu.temperature, " °C"),
            _figure(gpu.process_count),
            escape(one_line(gpu.error or "")),
        )
    if status.gpus:
        print_table(table)


def _figure(value: int | None, unit: str = "") -> str:
    return NOT_YET if value is None else f"{value}{unit}"


def _say(done: Mapping[str, object], sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        typer.echo(one_line(sentence))
