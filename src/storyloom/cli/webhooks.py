"""`storyloom webhooks`: in the database, beside a running server that sends, or over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import anyio
import typer
from pydantic import ValidationError

from storyloom.cli.options import JobsOptions
from storyloom.cli.output import print_json, print_table
from storyloom.cli.webhook_output import (
    answer_of,
    deliveries_listed,
    print_secret,
    webhooks_listed,
)
from storyloom.cli.wording import one_line
from storyloom.errors import InvalidInput, Unavailable
from storyloom.kit.sentences import sentence_of
from storyloom.settings import Settings
from storyloom.webhooks.schemas import Delivery, DeliveryStatus, MadeWebhook, NewWebhook

if TYPE_CHECKING:  # one of two is needed, and each takes a while to import
    from storyloom.cli.webhook_local import LocalWebhooks
    from storyloom.client.faces import Awaited
    from storyloom.client.webhooks import Webhooks

    Routes: TypeAlias = LocalWebhooks | Webhooks[Awaited]

LOOK_EVERY_S = 0.2
LOOK_AGAIN_S = 1.0
PAGE = 200
NOT_DELIVERED = 6
_OPTIONS = {"url": "URL", "types": "--type", "description": "--description"}
T = TypeVar("T")


def add(url: str, types: Sequence[str] | None, description: str, options: JobsOptions) -> None:
    """Make a webhook and print its secret, the secret alone on stdout."""
    fields = {"url": url, "description": description} | ({"types": types} if types else {})
    try:
        NewWebhook.model_validate(fields)
    except ValidationError as fault:
        first = fault.errors()[0]
        said = sentence_of(first)
        raise InvalidInput(f"{_OPTIONS[str(first['loc'][0])]}: {said}") from None
    made = _ask(
        options,
        lambda routes: routes.create(url, types=types or None, description=description),
    )
    _show_secret(made, options)


def rotate(webhook_id: str, options: JobsOptions) -> None:
    """Give it a new secret and print that."""
    _show_secret(_ask(options, lambda routes: routes.rotate(webhook_id)), options)


def show_all(options: JobsOptions) -> None:
    """List them."""
    found = _ask(options, lambda routes: routes.list())
    if options.as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print_table(webhooks_listed(found.data))


def remove(ids: Sequence[str], options: JobsOptions) -> None:
    """Remove them; raises `NotFound` for the first that there is not."""

    async def each(routes: "Routes") -> None:
        for webhook_id in ids:
            await routes.delete(webhook_id)

    _ask(options, each)
    if options.as_json:
        print_json({"removed": list(ids)})
    else:
        typer.echo("\n".join(f"Removed {webhook_id}" for webhook_id in ids))


def switch(webhook_id: str, options: JobsOptions, *, on: bool) -> None:
    """Enable or disable it."""
    changed = _ask(options, lambda routes: routes.change(webhook_id, enabled=on))
    if options.as_json:
        print_json(changed.model_dump(mode="json"))
    else:
        typer.echo(f"{'Enabled' if on else 'Disabled'} {webhook_id}")


def show_deliveries(webhook_id: str, status: str | None, limit: int, options: JobsOptions) -> None:
    """List the newest."""
    wanted = None if status is None else DeliveryStatus(status)

    async def newest(routes: "Routes") -> Sequence[Delivery]:
        found: list[Delivery] = []
        cursor = None
        while len(found) < limit:
            most = min(PAGE, limit - len(found))
            page = await routes.deliveries(webhook_id, status=wanted, limit=most, cursor=cursor)
            found += page.data
            cursor = page.next_cursor
            if cursor is None:
                break
        return found

    found = _ask(options, newest)
    if options.as_json:
        print_json({"data": [one.model_dump(mode="json") for one in found]})
    else:
        print_table(deliveries_listed(found))


def try_out(webhook_id: str, wait_s: float, options: JobsOptions) -> int:
    """Send a message and show what came of it: 0 when it was delivered, 6 when not."""

    async def send(routes: "Routes") -> Delivery:
        return await _ended(routes, await routes.test(webhook_id), wait_s)

    return _show_end(_ask(options, send), options)


def replay(webhook_id: str, delivery_id: str, wait_s: float, options: JobsOptions) -> int:
    """Send a delivery again and show what came of it, as above."""

    async def send(routes: "Routes") -> Delivery:
        return await _ended(routes, await routes.replay(webhook_id, delivery_id), wait_s)

    return _show_end(_ask(options, send), options)


async def _ended(routes: "Routes", sent: Delivery, wait_s: float) -> Delivery:
    """The delivery after its next attempt, or as it is when the time is over.

    It is kept, so it may be sent in time although nobody can be asked for a while.
    """
    known = {attempt.at for attempt in sent.attempts}
    now, pause_s = sent, LOOK_EVERY_S
    with anyio.move_on_after(wait_s):
        while {attempt.at for attempt in now.attempts} <= known:
            await anyio.sleep(pause_s)
            try:
                now = (await routes.delivery(sent.webhook_id, sent.id)).brief
            except Unavailable as fault:
                pause_s = fault.retry_after_s or LOOK_AGAIN_S
            else:
                pause_s = LOOK_EVERY_S
    return now


def _show_end(sent: Delivery, options: JobsOptions) -> int:
    if options.as_json:
        print_json(sent.model_dump(mode="json"))
    elif not sent.attempts:
        typer.echo(f"{sent.id} waits: is a server running that takes jobs?", err=True)
    else:
        typer.echo(f"{sent.id}\t{sent.status}\t{one_line(answer_of(sent))}")
    return 0 if sent.status is DeliveryStatus.DELIVERED else NOT_DELIVERED


def _show_secret(made: MadeWebhook, options: JobsOptions) -> None:
    if options.as_json:
        print_json(made.model_dump(mode="json"))
    else:
        print_secret(made)


def _ask(options: JobsOptions, ask: Callable[["Routes"], Awaitable[T]]) -> T:
    if options.server is not None:
        from storyloom.cli.asking import using  # noqa: PLC0415

        return using(options, lambda server: ask(server.api.webhooks))
    from storyloom.bootstrap.webhooks import open_webhooks  # noqa: PLC0415
    from storyloom.cli.webhook_local import LocalWebhooks  # noqa: PLC0415

    settings = Settings.load(data_dir=options.data_dir)

    async def asked() -> T:
        async with open_webhooks(settings) as webhooks:
            return await ask(LocalWebhooks(webhooks, options.org))

    return anyio.run(asked)
