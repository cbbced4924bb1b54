"""The commands: what each takes and teaches. The work is imported when a command runs."""
# ruff: noqa: PLC0415, PLR0913 - so that `--help` is quick; and a command has the options it has

from pathlib import Path
from typing import Annotated

import typer

from storyloom.cli import app_costs, app_diff, app_making, app_mcp, app_organizations
from storyloom.cli import options as opt
from storyloom.cli.app_events import events
from storyloom.cli.app_jobs import jobs
from storyloom.cli.app_keys import keys
from storyloom.cli.app_machine import GPU_HELP, gpu, swarmui
from storyloom.cli.app_prompts import prompts
from storyloom.cli.app_queues import queues
from storyloom.cli.app_revise import HELP, revise
from storyloom.cli.app_runs import runs
from storyloom.cli.app_story import notifications, sessions
from storyloom.cli.app_webhooks import webhooks
from storyloom.cli.faults import Commands
from storyloom.cli.teaching import teach
from storyloom.kit.loading import loading

# Plain help: Rich's takes three times as long to appear.
app = typer.Typer(
    name="storyloom",
    cls=Commands,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(jobs)
app.add_typer(sessions)
app.add_typer(notifications)
app.add_typer(runs)
app.add_typer(queues)
app.add_typer(events)
app.add_typer(prompts)
app.add_typer(keys)
app.add_typer(webhooks)
app.add_typer(swarmui)


@app.callback(
    help=teach(
        "Turns code files and roadmap screenshots into one-page storyboards, and scripts into pictures.",
        "storyloom code calculator.py",
        "storyloom roadmap plan.png --audience btl_champion",
        "storyloom story script.fountain -o out/",
        "storyloom serve",
        "storyloom doctor",
    )
)
def _storyloom(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[  # noqa: ARG001 - `Commands` sees to it, wherever it stands
        bool, typer.Option("--debug", help="Show the traceback of an error.")
    ] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"storyloom {installed('storyloom')}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(
    help=teach(
        "Draw a storyboard from each code file.",
        "storyloom code calculator.py",
        "storyloom code src/*.go -o boards/ --stage shipped",
        "storyloom code app.ts -o app.pdf --audience business_owner --format portrait",
        'storyloom code roi.py --headline "Know the payback before you sign"',
        "git show HEAD:roi.py | storyloom code - --name roi.py",
        "storyloom code calculator.py --server http://127.0.0.1:8000 --json",
    )
)
def code(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="`-` reads stdin.")],
    *,
    output: opt.Output = None,
    audience: opt.Audience = None,
    stage: opt.Stage = None,
    icp: opt.Icp = None,
    headline: opt.Headline = None,
    page_format: opt.PageFormat = None,
    render: opt.Render = None,
    model: opt.Model = None,
    fresh: opt.Fresh = False,
    file_format: opt.FileFormat = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The name of what `-` reads; it tells the language."),
    ] = None,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> int:
    from storyloom.cli.drawing import draw
    from storyloom.cli.sources import Kind

    options = opt.DrawOptions(
        output=output,
        audience=audience,
        stage=stage,
        icp=icp,
        headline=headline,
        page_format=page_format,
        render=render,
        model=model,
        fresh=fresh,
        file_format=file_format,
        server=server,
        org=org,
        stdin_name=name,
        as_json=as_json,
    )
    return draw(Kind.CODE, files, options)


@app.command(
    help=teach(
        "Draw a storyboard from each roadmap screenshot.",
        "storyloom roadmap plan.png",
        'storyloom roadmap plan.png --headline "Coming Soon" -o teaser.pdf',
        "storyloom roadmap q1.png q2.png -o boards/ --format square",
        "storyloom roadmap plan.png --no-sanitize   # keep names and dates of the picture",
    )
)
def roadmap(
    images: Annotated[
        list[str], typer.Argument(metavar="IMAGE", help="PNG, JPEG, WebP or GIF; `-` reads stdin.")
    ],
    *,
    output: opt.Output = None,
    audience: opt.Audience = None,
    stage: opt.Stage = None,
    icp: opt.Icp = None,
    headline: opt.Headline = None,
    page_format: opt.PageFormat = None,
    render: opt.Render = None,
    model: opt.Model = None,
    fresh: opt.Fresh = False,
    file_format: opt.FileFormat = None,
    sanitize: Annotated[
        bool,
        typer.Option(
            "--sanitize/--no-sanitize",
            help="Keep names, dates, prices, versions and code names out of the result. [on]",
        ),
    ] = True,
    server: opt.Server = None,
    org: opt.Org = None,
    as_json: opt.AsJson = False,
) -> int:
    from storyloom.cli.drawing import draw
    from storyloom.cli.sources import Kind

    options = opt.DrawOptions(
        output=output,
        audience=audience,
        stage=stage,
        icp=icp,
        headline=headline,
        page_format=page_format,
        render=render,
        model=model,
        fresh=fresh,
        file_format=file_format,
        server=server,
        org=org,
        sanitize=sanitize,
        as_json=as_json,
    )
    return draw(Kind.ROADMAP, images, options)


app.command(help=HELP)(revise)
app.command(help=app_making.HELP)(app_making.story)
app.command(help=app_diff.HELP)(app_diff.diff)
app.command(help=app_mcp.HELP)(app_mcp.mcp)


@app.command(
    help=teach(
        "Start the API and its worker, in one process. Ctrl+C stops it.",
        "storyloom serve",
        "storyloom serve --port 0                    # any free port",
        "storyloom serve --host 0.0.0.0 --data-dir /srv/storyloom --log-level warning",
    )
)
def serve(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Where to listen. [127.0.0.1]")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0 takes a free one. [8000]")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where jobs and pictures are kept.")
    ] = None,
    log_level: Annotated[
        opt.LogLevelName | None, typer.Option(help="How much the log tells. [info]")
    ] = None,
    *,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Whether it takes jobs itself. [yes]")
    ] = True,
) -> None:
    from storyloom.bootstrap.lock import refuse_second
    from storyloom.settings import Settings

    settings = Settings.load(host=host, port=port, data_dir=data_dir, log_level=log_level)
    if settings.database_url is None:
        refuse_second(settings.data_dir)

    # Seconds of imports: a second server is refused before them.
    with loading():
        from storyloom.cli.serving import serve as run

    run(settings, takes_jobs=worker)


@app.command(
    help=teach(
        "Take jobs from the queues of a shared database (DATABASE_URL), until stopped.",
        "storyloom work",
        "storyloom work --queues storyboards --concurrency 8",
        "storyloom work --queues 'images-*'           # a machine with a GPU",
    )
)
def work(
    queues: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="Names or patterns, with commas between them. [*]"),
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=64, help="How many jobs at the same time. [4]")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where pictures are kept.")
    ] = None,
    log_level: Annotated[
        opt.LogLevelName | None, typer.Option(help="How much the log tells. [info]")
    ] = None,
) -> None:
    with loading():
        from storyloom.cli.working import work as run
        from storyloom.settings import Settings

    run(
        Settings.load(
            queues=queues, concurrency=concurrency, data_dir=data_dir, log_level=log_level
        )
    )


@app.command(
    help=teach(
        "Bring the PostgreSQL database at DATABASE_URL up to date. Running it again does no harm.",
        "storyloom migrate",
        "storyloom migrate --check || echo behind",
        "storyloom migrate --sql > missing.sql      # for somebody else to run",
    )
)
def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; the exit status is 1 when behind.")
    ] = False,
    sql: Annotated[
        bool, typer.Option("--sql", help="Change nothing; print the SQL that would run.")
    ] = False,
    as_json: opt.AsJson = False,
) -> int:
    from storyloom.cli import migrate as command
    from storyloom.settings import Settings

    settings = Settings.load()
    if sql:
        command.show_sql(settings)
    elif check:
        return command.check(settings, as_json=as_json)
    else:
        command.migrate(settings, as_json=as_json)
    return 0


@app.command(
    help=teach(
        "Forget old jobs and their files. A server may be running beside it.",
        "storyloom clean --older-than 30 --dry-run",
        "storyloom clean --older-than 30",
        "storyloom clean --json                       # as old as STORYLOOM_KEEP_DAYS says",
    )
)
def clean(
    *,
    older_than: Annotated[
        float | None,
        typer.Option(min=0, metavar="DAYS", help="Counted from their end. [STORYLOOM_KEEP_DAYS]"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Remove nothing; say what would go.")
    ] = False,
    data_dir: opt.DataDir = None,
    as_json: opt.AsJson = False,
) -> None:
    from storyloom.cli.clean import clean as run
    from storyloom.settings import Settings

    settings = Settings.load(data_dir=data_dir)
    run(settings, older_than=older_than, dry_run=dry_run, as_json=as_json)


@app.command(
    help=teach(
        "Show what is set, installed and chosen, what is wrong, and how to mend it.",
        "storyloom doctor",
        "storyloom doctor --json | jq .findings",
    )
)
def doctor(*, data_dir: opt.DataDir = None, as_json: opt.AsJson = False) -> int:
    from storyloom.cli.doctor import examine
    from storyloom.settings import Settings

    return examine(Settings.load(data_dir=data_dir), as_json=as_json)


@app.command(
    help=teach(
        "List what --icp, --stage and --audience can be.",
        "storyloom presets",
        "storyloom presets --json | jq -r '.stages[].key'",
    )
)
def presets(*, server: opt.Server = None, as_json: opt.AsJson = False) -> None:
    from storyloom.cli.presets import show

    show(opt.JobsOptions(None, server, None, as_json))


app.command(help=app_costs.HELP)(app_costs.costs)
app.command(help=app_organizations.HELP)(app_organizations.organizations)
app.command(help=GPU_HELP)(gpu)
