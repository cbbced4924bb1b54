"""The commands about stories: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

sessions = typer.Typer(name="sessions", invoke_without_command=True, rich_markup_mode=None)
notifications = typer.Typer(
    name="notifications", invoke_without_command=True, rich_markup_mode=None
)
Timestamp = Annotated[str, typer.Argument(metavar="TIMESTAMP", help="As `sessions list` shows it.")]
JsonFile = Annotated[str, typer.Argument(metavar="FILE", help="JSON; `-` reads stdin.")]
IfMatch = Annotated[
    str | None,
    typer.Option(
        metavar="ETAG",
        help="Only while the session has this one, as `sessions show` tells it; `*`: whichever.",
    ),
]
Limit = Annotated[int, typer.Option(min=1, max=200, help="At most so many. [20]")]


@sessions.callback(
    help=teach(
        "Look at the sessions of stories, and save them.\n\n"
        "They are read where a server keeps them, or over HTTP with --server.",
        "storyloom sessions list",
        "storyloom sessions save session.json",
        "storyloom sessions show 1738195200000 --json | jq .data.analyzedEpisode",
    )
)
def _sessions(context: typer.Context) -> None:
    _help(context)


@notifications.callback(
    help=teach(
        "Look at what services tell each other, and acknowledge it.",
        "storyloom notifications check --type all",
        "storyloom notifications check --wait 20",
        "storyloom notifications ack notif_47d03e1ab5e4398f678b5f60",
    )
)
def _notifications(context: typer.Context) -> None:
    _help(context)


@sessions.command(
    "list",
    help=teach(
        "List sessions, the newest first.",
        "storyloom sessions list",
        "storyloom sessions list --limit 5 --before 1738195200000",
        "storyloom sessions list --server http://127.0.0.1:8000 --json | jq '.sessions[].timestamp'",
    ),
)
def list_sessions(
    *,
    limit: Limit = 20,
    before: Annotated[
        int | None, typer.Option(min=0, metavar="TIMESTAMP", help="Older ones only.")
    ] = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import show_list

    show_list(opt.JobsOptions(data_dir, server, org, as_json), limit=limit, before=before)


@sessions.command(
    "show",
    help=teach(
        "Show a session and whether its prompts are ready; all of it with --json.",
        "storyloom sessions show 1738195200000",
    ),
)
def show_session(
    timestamp: Timestamp,
    *,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import show_one

    show_one(opt.JobsOptions(data_dir, server, org, as_json), timestamp)


@sessions.command(
    "save",
    help=teach(
        "Save a session, in place of the one with the same timestamp.",
        "storyloom sessions save session.json",
        "jq '.data' backup.json | storyloom sessions save -",
        "storyloom sessions show 1738195200000 --json > read.json",
        "jq '.data' read.json | storyloom sessions save - --if-match \"$(jq -r '.etag' read.json)\"",
    ),
)
def save_session(
    file: JsonFile,
    *,
    if_match: IfMatch = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import save

    save(opt.JobsOptions(data_dir, server, org, as_json), file, if_match)


@sessions.command(
    "prompts",
    help=teach(
        "Add prompts to beats of a session.",
        "storyloom sessions prompts 1738195200000 prompts.json",
        """echo '{"prompts": {"s1-b1": "a dark lighthouse"}}' | """
        "storyloom sessions prompts 1738195200000 -",
    ),
)
def add_prompts(
    timestamp: Timestamp,
    file: JsonFile,
    *,
    if_match: IfMatch = None,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import add_prompts as run

    run(opt.JobsOptions(data_dir, server, org, as_json), timestamp, file, if_match)


@sessions.command(
    "delete", help=teach("Delete a session.", "storyloom sessions delete 1738195200000")
)
def delete_session(
    timestamp: Timestamp,
    *,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import delete

    delete(opt.JobsOptions(data_dir, server, org, as_json), timestamp)


@notifications.command(
    "check",
    help=teach(
        "List what is not acknowledged, the oldest first.",
        "storyloom notifications check",
        "storyloom notifications check --type all --json | jq -r '.notifications[].id'",
        "storyloom notifications check --wait 20      # until there is something",
    ),
)
def check_notifications(
    *,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="TYPE",
            help="`beats_ready` or `all`; may be repeated. [prompts_ready]",
        ),
    ] = None,
    limit: Limit = 20,
    wait: Annotated[
        float, typer.Option(min=0, max=25, metavar="SECONDS", help="Wait for the first. [0]")
    ] = 0,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import check

    options = opt.JobsOptions(data_dir, server, org, as_json)
    check(options, kinds or ["prompts_ready"], limit=limit, wait=wait)


@notifications.command(
    "ack",
    help=teach(
        "Acknowledge a notification: it is told no longer.",
        "storyloom notifications ack notif_47d03e1ab5e4398f678b5f60",
    ),
)
def acknowledge(
    notification_id: Annotated[str, typer.Argument(metavar="ID", help="As `check` shows it.")],
    *,
    data_dir: opt.DataDir = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.story import acknowledge as run

    run(opt.JobsOptions(data_dir, server, org, as_json), notification_id)


def _help(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
