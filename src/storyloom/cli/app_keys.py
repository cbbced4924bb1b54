"""The commands about keys: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415 - so that `--help` is quick

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

keys = typer.Typer(name="keys", invoke_without_command=True, rich_markup_mode=None)


@keys.callback(
    help=teach(
        "Make, list and revoke the keys that let in to the API.\n\n"
        "They are kept in the database, which is opened beside a running server, or at --server.",
        "storyloom keys create laptop",
        "storyloom keys list",
        "storyloom keys revoke 4f9c2a7be013",
    )
)
def _keys(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@keys.command(
    "create",
    help=teach(
        "Make a key, and print it. It is shown this once and kept nowhere.",
        "storyloom keys create laptop",
        "storyloom keys create ci --org acme --scope storyboards --days 90",
        "storyloom keys create first --if-none       # does nothing where there is one",
        "export STORYLOOM_KEY=$(storyloom keys create laptop --json | jq -r .key)",
    ),
)
def create_key(  # noqa: PLR0913 - a command has the options it has
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for, in your words.")],
    *,
    org: Annotated[
        str | None, typer.Option(metavar="NAME", help="The organisation it is bound to. [default]")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="storyboards, stories, gpu, engine, webhooks, or admin for everything; may be repeated. "
            "[admin]",
        ),
    ] = None,
    days: Annotated[
        float | None,
        typer.Option(min=0.001, max=36500, metavar="DAYS", help="When it ends. [never]"),
    ] = None,
    if_none: Annotated[
        bool, typer.Option("--if-none", help="Only where no key lets in yet.")
    ] = False,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.keys import Wanted, create

    wanted = Wanted(name, org, tuple(scope or ["admin"]), days, if_none)
    create(wanted, opt.JobsOptions(data_dir, server, org, as_json))


@keys.command(
    "list",
    help=teach(
        "List keys, the newest first; never their secrets.",
        "storyloom keys list",
        "storyloom keys list --org acme --json | jq -r '.keys[].id'",
    ),
)
def list_keys(
    *,
    org: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only those of this organisation.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many. [200]")] = 200,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.keys import show_newest

    show_newest(opt.JobsOptions(data_dir, server, org, as_json), limit)


@keys.command(
    "revoke",
    help=teach(
        "Revoke keys. Running servers refuse them within ten seconds.",
        "storyloom keys revoke 4f9c2a7be013",
        "storyloom keys revoke 4f9c2a7be013 --server https://storyloom.example.com",
    ),
)
def revoke_keys(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="As `keys list` shows it, or `sl_` and it.")
    ],
    *,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.keys import revoke

    revoke(ids, opt.JobsOptions(data_dir, server, None, as_json))
