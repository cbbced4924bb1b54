"""The commands about webhooks: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from typing import Annotated, Literal

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

# A test holds these to the schemas.
DeliveryStatusName = Literal["pending", "delivered", "failed"]
webhooks = typer.Typer(name="webhooks", invoke_without_command=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `webhooks list` shows it.")]
Org = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The organisation whose it is. [your key's, or default]"),
]
Wait = Annotated[
    float,
    typer.Option(min=0, max=600, metavar="SECONDS", help="Wait so long for its end. [20]"),
]


@webhooks.callback(
    help=teach(
        "Have other services told of events over HTTP, and see what they answered.\n\n"
        "Webhooks are kept in the database, which is opened beside a running server, or at --server. "
        "A running server sends.",
        "storyloom webhooks add https://example.com/hooks/storyloom",
        "storyloom webhooks test whk_4f9c2a7be0134f9c2a7be013",
        "storyloom webhooks deliveries whk_4f9c2a7be0134f9c2a7be013 --status failed",
    )
)
def _webhooks(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@webhooks.command(
    "add",
    help=teach(
        "Have events told to an address from now on, and print the secret that signs them. It is "
        "shown this once.",
        "storyloom webhooks add https://example.com/hooks/storyloom",
        "storyloom webhooks add https://example.com/hooks --type job.failed --org acme",
        "storyloom webhooks add https://example.com/hooks --json | jq -r .secret",
    ),
)
def add_webhook(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are sent to.")],
    *,
    types: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="NAME",
            help="Which events, such as job.completed; may be repeated. [ends of jobs, "
            "notification.created]",
        ),
    ] = None,
    description: Annotated[
        str, typer.Option(metavar="TEXT", help="What it is for, in your words.")
    ] = "",
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import add

    add(url, types, description, opt.JobsOptions(data_dir, server, org, as_json))


@webhooks.command(
    "list",
    help=teach(
        "List the webhooks of an organisation, the newest first; never their secrets.",
        "storyloom webhooks list",
        "storyloom webhooks list --server https://storyloom.example.com",
        "storyloom webhooks list --org acme --json | jq -r '.data[].url'",
    ),
)
def list_webhooks(
    *,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import show_all

    show_all(opt.JobsOptions(data_dir, server, org, as_json))


@webhooks.command(
    "remove",
    help=teach(
        "Remove webhooks with the logs of their deliveries.",
        "storyloom webhooks remove whk_4f9c2a7be0134f9c2a7be013",
    ),
)
def remove_webhooks(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="As `webhooks list` shows it.")],
    *,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import remove

    remove(ids, opt.JobsOptions(data_dir, server, org, as_json))


@webhooks.command(
    "enable",
    help=teach(
        "Send again to a webhook that was disabled, of what happens from now on.",
        "storyloom webhooks enable whk_4f9c2a7be0134f9c2a7be013",
    ),
)
def enable_webhook(
    webhook_id: Id,
    *,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import switch

    switch(webhook_id, opt.JobsOptions(data_dir, server, org, as_json), on=True)


@webhooks.command(
    "disable",
    help=teach(
        "Send nothing more to a webhook, and keep it.",
        "storyloom webhooks disable whk_4f9c2a7be0134f9c2a7be013",
    ),
)
def disable_webhook(
    webhook_id: Id,
    *,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import switch

    switch(webhook_id, opt.JobsOptions(data_dir, server, org, as_json), on=False)


@webhooks.command(
    "rotate",
    help=teach(
        "Give a webhook a new secret, and print it. For 24 hours the old one signs too.",
        "storyloom webhooks rotate whk_4f9c2a7be0134f9c2a7be013",
    ),
)
def rotate_secret(
    webhook_id: Id,
    *,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import rotate

    rotate(webhook_id, opt.JobsOptions(data_dir, server, org, as_json))


@webhooks.command(
    "test",
    help=teach(
        "Have a running server send a message once, and show what the receiver answered.",
        "storyloom webhooks test whk_4f9c2a7be0134f9c2a7be013",
    ),
)
def try_webhook(
    webhook_id: Id,
    *,
    wait: Wait = 20,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> int:
    from storyloom.cli.webhooks import try_out

    return try_out(webhook_id, wait, opt.JobsOptions(data_dir, server, org, as_json))


@webhooks.command(
    "deliveries",
    help=teach(
        "List what was sent to a webhook, and what it answered, the newest first.",
        "storyloom webhooks deliveries whk_4f9c2a7be0134f9c2a7be013",
        "storyloom webhooks deliveries whk_4f9c2a7be0134f9c2a7be013 --status failed --json",
    ),
)
def list_deliveries(
    webhook_id: Id,
    *,
    status: Annotated[DeliveryStatusName | None, typer.Option(help="Only those.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many. [50]")] = 50,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.webhooks import show_deliveries

    show_deliveries(webhook_id, status, limit, opt.JobsOptions(data_dir, server, org, as_json))


@webhooks.command(
    "replay",
    help=teach(
        "Have a running server send a delivery again, and show what the receiver answered.",
        "storyloom webhooks replay whk_4f9c2a7be0134f9c2a7be013 dlv_0c1d2e3f0c1d2e3f0c1d2e3f",
    ),
)
def replay_delivery(
    webhook_id: Id,
    delivery_id: Annotated[
        str, typer.Argument(metavar="DELIVERY", help="As `webhooks deliveries` shows it.")
    ],
    *,
    wait: Wait = 20,
    org: Org = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> int:
    from storyloom.cli.webhooks import replay

    return replay(webhook_id, delivery_id, wait, opt.JobsOptions(data_dir, server, org, as_json))
