"""`storyloom webhooks`: the webhooks in the database, beside a running server, which sends."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import anyio
import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from storyloom.bootstrap.webhooks import open_webhooks
from storyloom.cli.output import new_table, print_json, print_table
from storyloom.cli.wording import ago, one_line
from storyloom.errors import InvalidInput
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from storyloom.webhooks.schemas import (
    Delivery,
    DeliveryStatus,
    MadeWebhook,
    NewWebhook,
    Webhook,
    WebhookChange,
)
from storyloom.webhooks.state import Webhooks, Which

LOOK_EVERY_S = 0.2
PAGE = 200
NOT_DELIVERED = 6
_OPTIONS = {"url": "URL", "types": "--type", "description": "--description"}
_COLOURS = {
    DeliveryStatus.PENDING: "yellow",
    DeliveryStatus.DELIVERED: "green",
    DeliveryStatus.FAILED: "red",
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose webhooks, where they are, and how they are shown."""

    org: str
    data_dir: Path | None
    as_json: bool


def add(url: str, types: Sequence[str] | None, description: str, place: Place) -> None:
    """Make a webhook and print its secret, the secret alone on stdout."""
    fields = {"url": url, "description": description} | ({"types": types} if types else {})
    try:
        wanted = NewWebhook.model_validate(fields)
    except ValidationError as fault:
        first = fault.errors()[0]
        said = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"{_OPTIONS[str(first['loc'][0])]}: {said}") from None
    _show_secret(_run(place, lambda webhooks: webhooks.make(place.org, wanted)), place)


def rotate(webhook_id: str, place: Place) -> None:
    """Give it a new secret and print that."""
    _show_secret(_run(place, lambda webhooks: webhooks.rotate(place.org, webhook_id)), place)


def show_all(place: Place) -> None:
    """List them."""
    found = _run(place, lambda webhooks: webhooks.all(place.org))
    if place.as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_table(_listed(found.data))


def remove(ids: Sequence[str], place: Place) -> None:
    """Remove them; raises `WebhookNotFound` for the first that there is not."""

    async def each(webhooks: Webhooks) -> None:
        for webhook_id in ids:
            await webhooks.remove(place.org, webhook_id)

    _run(place, each)
    if place.as_json:
        print_json({"removed": list(ids)})
    else:
        typer.echo("\n".join(f"Removed {webhook_id}" for webhook_id in ids))


def switch(webhook_id: str, place: Place, *, on: bool) -> None:
    """Enable or disable it."""
    change = WebhookChange(enabled=on)
    changed = _run(place, lambda webhooks: webhooks.change(place.org, webhook_id, change))
    if place.as_json:
        print_json(changed.model_dump(mode="json"))
    else:
        typer.echo(f"{'Enabled' if on else 'Disabled'} {webhook_id}")


def show_deliveries(webhook_id: str, status: str | None, limit: int, place: Place) -> None:
    """List the newest."""

    async def newest(webhooks: Webhooks) -> Sequence[Delivery]:
        found: list[Delivery] = []
        cursor = None
        while len(found) < limit:
            which = Which(
                min(PAGE, limit - len(found)), cursor, DeliveryStatus(status) if status else None
            )
            page = await webhooks.deliveries(place.org, webhook_id, which)
            found += page.data
            cursor = page.next_cursor
            if cursor is None:
                break
        return found

    found = _run(place, newest)
    if place.as_json:
        print_json({"data": [one.model_dump(mode="json") for one in found]})
    else:
        print_table(_sent(found))


def try_out(webhook_id: str, wait_s: float, place: Place) -> int:
    """Send a message and show what came of it: 0 when it was delivered, 6 when not."""

    async def send(webhooks: Webhooks) -> Delivery:
        made = await webhooks.test(place.org, webhook_id)
        return await _ended(webhooks, made, wait_s, place)

    return _show_end(_run(place, send), place)


def replay(webhook_id: str, delivery_id: str, wait_s: float, place: Place) -> int:
    """Send a delivery again and show what came of it, as above."""

    async def send(webhooks: Webhooks) -> Delivery:
        again = await webhooks.replay(place.org, webhook_id, delivery_id)
        return await _ended(webhooks, again, wait_s, place)

    return _show_end(_run(place, send), place)


async def _ended(webhooks: Webhooks, sent: Delivery, wait_s: float, place: Place) -> Delivery:
    """The delivery after its next attempt, or as it is when the time is over."""
    known = {attempt.at for attempt in sent.attempts}
    now = sent
    with anyio.move_on_after(wait_s):
        while {attempt.at for attempt in now.attempts} <= known:
            await anyio.sleep(LOOK_EVERY_S)
            now = (await webhooks.delivery(place.org, sent.webhook_id, sent.id)).brief
    return now


def _show_end(sent: Delivery, place: Place) -> int:
    if place.as_json:
        print_json(sent.model_dump(mode="json"))
    elif not sent.attempts:
        typer.echo(f"{sent.id} waits: is a server running that takes jobs?", err=True)
    else:
        typer.echo(f"{sent.id}\t{sent.status}\t{_answer(sent)}")
    return 0 if sent.status is DeliveryStatus.DELIVERED else NOT_DELIVERED


def _run(place: Place, work: Callable[[Webhooks], Awaitable[T]]) -> T:
    settings = Settings.load(data_dir=place.data_dir)

    async def run() -> T:
        async with open_webhooks(settings) as webhooks:
            return await work(webhooks)

    return anyio.run(run)


def _show_secret(made: MadeWebhook, place: Place) -> None:
    if place.as_json:
        print_json(made.model_dump(mode="json"))
        return
    typer.echo(made.secret)
    typer.secho(
        f"This is the only time it is shown. It signs {', '.join(made.types)} for the webhook "
        f"{made.id} of the organisation '{made.org_id}'.",
        err=True,
    )


def _listed(webhooks: Sequence[Webhook]) -> Table:
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


def _sent(deliveries: Sequence[Delivery]) -> Table:
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
            escape(one_line(_answer(one))),
        )
    return table


def _answer(sent: Delivery) -> str:
    """What the last attempt was answered."""
    if not sent.attempts:
        return ""
    last = sent.attempts[-1]
    if last.status_code is None:
        return last.error or ""
    return f"{last.status_code} {last.answer[:60]} ({last.duration_ms} ms)"
