"""`storyloom jobs all`, `cancel`, `retry`, `explain`: work of every kind, of a server."""

from collections.abc import Mapping
from typing import Any, Literal

import typer

from storyloom.cli.asking import asked
from storyloom.cli.options import JobsOptions
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import ago, money, one_line
from storyloom.client import operations as ops
from storyloom.client.operations import Operation
from storyloom.kit.clock import SystemClock
from storyloom.outbound.costs import Cost
from storyloom.work.schemas import WorkList

Order = Literal["cancel", "retry"]
_ORDERS: Mapping[Order, Operation[Any]] = {"cancel": ops.CANCEL_JOB, "retry": ops.RETRY_JOB}


def list_all(options: JobsOptions, *, limit: int) -> None:
    """List the newest work of every kind."""
    told = asked(options, ops.LIST_JOBS, query={"limit": limit})
    if options.as_json:
        print_json(told)
        return
    table, now = new_table("Job", "Status", "Kind", "Made", "Waits for"), SystemClock().now()
    table.columns[0].no_wrap = True
    for work in WorkList.model_validate(told).data:
        waits = "; ".join(one_line(wait.detail) for wait in work.waiting_on)
        table.add_row(work.id, work.status, work.kind, ago(work.created_at, now), waits)
    print_table(table)


def order(options: JobsOptions, job_id: str, what: Order) -> None:
    """Cancel it, or have it tried again; the job that is meant now, and its status."""
    told = asked(options, _ORDERS[what], {"job_id": job_id})
    if options.as_json:
        print_json(told)
    else:
        typer.echo(f"{one_line(told['id'])}\t{one_line(told['status'])}")


def explain(options: JobsOptions, job_id: str) -> None:
    """Say why it is where it is."""
    told = asked(options, ops.EXPLAIN_JOB, {"job_id": job_id})
    if options.as_json:
        print_json(told)
    else:
        typer.echo(one_line(told["says"]))


def show_cost(options: JobsOptions, job_id: str) -> None:
    """Say what its calls to models have cost so far."""
    told = asked(options, ops.GET_JOB_COST, {"job_id": job_id})
    if options.as_json:
        print_json(told)
    else:
        typer.echo(money(Cost.model_validate(told)))
