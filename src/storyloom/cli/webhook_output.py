"""What the commands about webhooks show to people: tables, a secret, and what was answered."""

from collections.abc import Sequence

import typer
from rich.markup import escape
from rich.table import Table

from storyloom.cli.output import new_table
from storyloom.cli.wording import ago, one_line
from storyloom.kit.clock import SystemClock
from storyloom.webhooks.schemas import Delivery, DeliveryStatus, MadeWebhook, Webhook

_COLOURS = {
    DeliveryStatus.PENDING: "yellow",
    DeliveryStatus.DELIVERED: "green",
    DeliveryStatus.FAILED: "red",
}


def print_secret(made: MadeWebhook) -> None:
    """The secret alone goes to stdout."""
    typer.echo(made.secret)
    typer.secho(
        f"This is the only time it is shown. It signs {', '.join(made.types)} for the webhook "
        f"{made.id} of the organisation '{made.org_id}'.",
        err=True,
    )


def webhooks_listed(webhooks: Sequence[Webhook]) -> Table:
    """Where events go, and whether they do."""
    now = SystemClock().now()
    table = new_table("Id", "Address", "Events", "For", "Made", "State")
    table.columns[0].no_wrap = True
    for webhook in webhooks:
        state = "good" if webhook.enabled else f"[red]disabled: {webhook.disabled_reason}[/]"
        table.add_row(
            webhook.id,
            escape(one_line(webhook.url)),
            ", ".join(webhook.types),
            escape(one_line(webhook.description)),
            ago(webhook.created_at, now),
            state,
        )
    return table


def deliveries_listed(deliveries: Sequence[Delivery]) -> Table:
    """What was sent, and what became of it."""
    now = SystemClock().now()
    table = new_table("Id", "Event", "Made", "Attempts", "State", "Answer")
    table.columns[0].no_wrap = True
    for one in deliveries:
        table.add_row(
            one.id,
            one.type,
            ago(one.created_at, now),
            str(len(one.attempts)),
            f"[{_COLOURS[one.status]}]{one.status}[/]",
            escape(one_line(answer_of(one))),
        )
    return table


def answer_of(sent: Delivery) -> str:
    """What the last attempt was answered."""
    if not sent.attempts:
        return ""
    last = sent.attempts[-1]
    if last.status_code is None:
        return last.error or ""
    return f"{last.status_code} {last.answer[:60]} ({last.duration_ms} ms)"
