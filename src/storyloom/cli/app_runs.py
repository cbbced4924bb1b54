"""The commands about runs: what each takes and teaches. The work is imported when one runs."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from pathlib import Path
from typing import Annotated

import typer

from storyloom.cli import options as opt
from storyloom.cli.teaching import teach

runs = typer.Typer(name="runs", invoke_without_command=True, rich_markup_mode=None)
Server = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The server that has them. [http://127.0.0.1:8000]"),
]
Script = Annotated[str | None, typer.Argument(metavar="[SCRIPT]", help="A story; `-` reads stdin.")]
Session = Annotated[
    int | None, typer.Option(min=0, metavar="TIMESTAMP", help="A session in its place.")
]
Backend = Annotated[
    str | None, typer.Option(help="`swarmui`, `comfyui`, `model` or `frames`. [auto]")
]
RunId = Annotated[str, typer.Argument(metavar="ID", help="As `runs list` shows it.")]


@runs.callback(
    help=teach(
        "Watch and steer the lights-out runs of a running server.",
        "storyloom runs list",
        "storyloom runs show 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
        "storyloom runs retry 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    )
)
def _runs(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@runs.command(
    "list",
    help=teach(
        "List runs, the newest first.",
        "storyloom runs list --limit 5",
        "storyloom runs list --json | jq -r '.runs[] | [.runId, .stage] | @tsv'",
    ),
)
def list_runs(
    *,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many. [20]")] = 20,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import list_newest

    list_newest(opt.JobsOptions(None, server, org, as_json), limit=limit)


@runs.command(
    "show",
    help=teach(
        "Show how far a run is, what it waits for, and what somebody has to decide.",
        "storyloom runs show 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
        "storyloom runs show 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --json | jq .waitingOn",
    ),
)
def show_run(
    run_id: RunId,
    *,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import show_one

    show_one(opt.JobsOptions(None, server, org, as_json), run_id)


@runs.command(
    "preflight",
    help=teach(
        "Look what would be in the way of a run, how long it may take and what it may cost.\n\n"
        "Nothing is started. The exit status is 1 where something is missing.",
        "storyloom runs preflight",
        "storyloom runs preflight script.fountain --backend swarmui",
        "storyloom runs preflight --session 1738195200000 --json | jq .estimate",
    ),
)
def look_before(
    script: Script = None,
    *,
    session: Session = None,
    backend: Backend = None,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import look_before as look

    options = opt.JobsOptions(None, server, org, as_json)
    raise typer.Exit(look(options, script, session=session, backend=backend))


@runs.command(
    "start",
    help=teach(
        "Let a server make all pictures of a story, and print the run's id.",
        "storyloom runs start script.fountain",
        "storyloom runs start --session 1738195200000 --backend swarmui",
        "storyloom runs show $(storyloom runs start script.fountain)",
    ),
)
def start_run(
    script: Script = None,
    *,
    session: Session = None,
    backend: Backend = None,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import start

    start(opt.JobsOptions(None, server, org, as_json), script, session=session, backend=backend)


@runs.command(
    "pause",
    help=teach(
        "Begin no more pictures; the one in hand is finished.",
        "storyloom runs pause 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def pause_run(
    run_id: RunId,
    *,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import steer

    steer(opt.JobsOptions(None, server, org, as_json), run_id, "pause")


@runs.command(
    "resume",
    help=teach(
        "Go on with a run that was paused.",
        "storyloom runs resume 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def resume_run(
    run_id: RunId,
    *,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import steer

    steer(opt.JobsOptions(None, server, org, as_json), run_id, "resume")


@runs.command(
    "cancel",
    help=teach(
        "Stop a run at once, and keep what is made.",
        "storyloom runs cancel 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
    ),
)
def cancel_run(
    run_id: RunId,
    *,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import steer

    steer(opt.JobsOptions(None, server, org, as_json), run_id, "cancel")


@runs.command(
    "retry",
    help=teach(
        "Make anew only what has failed; a run that has ended goes on.",
        "storyloom runs retry 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
        "storyloom runs retry 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a --degraded",
    ),
)
def retry_run(
    run_id: RunId,
    *,
    degraded: Annotated[
        bool, typer.Option("--degraded", help="Also what is not as it was asked for.")
    ] = False,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.runs import steer

    body = {"degraded": True} if degraded else None
    steer(opt.JobsOptions(None, server, org, as_json), run_id, "retry", body)


ShotId = Annotated[str, typer.Argument(metavar="SHOT", help="As `runs show --json` shows it.")]


@runs.command(
    "export",
    help=teach(
        "Let files be made of a run, and save them: `sheet`, `slides`, `archive`, `viewer`, "
        "`animatic`, `edl` or `otio`.",
        "storyloom runs export 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a sheet slides -o handover/",
    ),
)
def export_run(
    run_id: RunId,
    formats: Annotated[list[str], typer.Argument(metavar="FORMAT", help="Any of these.")],
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where to. [this folder]")
    ] = Path(),
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.run_files import export

    export(opt.JobsOptions(None, server, org, as_json), run_id, formats, output)


@runs.command(
    "redraw",
    help=teach(
        "Make another picture of a shot; those that there are stay as versions.",
        "storyloom runs redraw 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a 0001-cinematic-1 --seed 7",
    ),
)
def redraw_shot(
    run_id: RunId,
    shot_id: ShotId,
    *,
    seed: Annotated[int | None, typer.Option(min=0, help="Where chance begins. [any]")] = None,
    prompt: Annotated[str | None, typer.Option(help="Your own words. [as before]")] = None,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.run_files import redraw

    redraw(opt.JobsOptions(None, server, org, as_json), run_id, shot_id, seed=seed, prompt=prompt)


@runs.command(
    "skip",
    help=teach(
        "Make one picture of a run no more; the others go on.",
        "storyloom runs skip 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a 0001-cinematic-1",
    ),
)
def skip_shot(
    run_id: RunId,
    shot_id: ShotId,
    *,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.run_files import skip

    skip(opt.JobsOptions(None, server, org, as_json), run_id, shot_id)


@runs.command(
    "config",
    help=teach(
        "Show what holds for runs that do not say otherwise, as JSON; or replace it by a file's.",
        "storyloom runs config > runs.json",
        "storyloom runs config runs.json",
        "storyloom runs config | jq '.imagesPerPrompt = 2' | storyloom runs config -",
    ),
)
def configure_runs(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="JSON; `-` reads stdin.")
    ] = None,
    *,
    server: Server = None,
    org: opt.Org = None,
) -> None:
    from storyloom.cli.runs import configure

    configure(opt.JobsOptions(None, server, org, as_json=True), file)


@runs.command(
    "restore",
    help=teach(
        "Let another version of a picture count.",
        "storyloom runs restore 3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a 0001-cinematic-1 1",
    ),
)
def restore_version(
    run_id: RunId,
    shot_id: ShotId,
    version: Annotated[int, typer.Argument(min=1, help="Its number; the first is 1.")],
    *,
    server: Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.run_files import restore

    restore(opt.JobsOptions(None, server, org, as_json), run_id, shot_id, version)
