"""`storyloom queues`: the queues of a server, which operators may hold."""

from collections.abc import Mapping
from typing import Any, Literal

import typer

from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import NOT_YET
from storyloom.client import operations as ops
from storyloom.client.operations import Operation
from storyloom.jobs.schemas import QueueState
from storyloom.work.schemas import QueueList

Order = Literal["pause", "resume"]
_ORDERS: Mapping[Order, Operation[Any]] = {"pause": ops.PAUSE_QUEUE, "resume": ops.RESUME_QUEUE}


def list_all(options: JobsOptions) -> None:
    """List them, and which of them are held."""
    told = asked(options, ops.LIST_QUEUES)
    if options.as_json:
        print_json(told)
        return
    table = new_table("Queue", "State", "Waiting", "Running")
    for queue in QueueList.model_validate(told).data:
        counts = (_count(queue.waiting), _count(queue.running))
        table.add_row(queue.name, _state(queue), *counts)
    print_table(table)


def order(options: JobsOptions, name: str, what: Order) -> None:
    """Hold one, or let it go on."""
    told = asked(options, _ORDERS[what], {"name": name})
    if options.as_json:
        print_json(told)
    else:
        typer.echo(f"{name}\t{_state(QueueState.model_validate(told))}")


def _state(queue: QueueState) -> str:
    return "paused" if queue.paused else "open"


def _count(number: int | None) -> str:
    return NOT_YET if number is None else str(number)
