"""`storyloom clean`: old jobs, runs and their files, forgotten now."""

import anyio
import typer

from storyloom.bootstrap.retention import open_cleaning
from storyloom.cli.logs import set_up
from storyloom.cli.output import print_json
from storyloom.cli.wording import clock_time, size
from storyloom.errors import InvalidInput
from storyloom.settings import Settings
from storyloom.storyboard.retention import Forgotten


def clean(settings: Settings, *, older_than: float | None, dry_run: bool, as_json: bool) -> None:
    """Forget what is older than so many days, and say what that was."""
    set_up("error")
    days = settings.keep_days if older_than is None else older_than
    if days is None:
        raise InvalidInput("Say how old they have to be: --older-than DAYS or STORYLOOM_KEEP_DAYS.")
    gone = anyio.run(_clean, settings, days, dry_run)
    if as_json:
        print_json({"dry_run": dry_run, **gone.model_dump(mode="json")})
    else:
        typer.echo(_told(gone, dry_run=dry_run))


# anyio.run takes positions alone.
async def _clean(settings: Settings, days: float, dry_run: bool) -> Forgotten:  # noqa: FBT001
    async with open_cleaning(settings, days) as cleaning:
        if dry_run:
            return await cleaning.retention.look(cleaning.ended)
        return await cleaning.retention.run_once()


def _told(gone: Forgotten, *, dry_run: bool) -> str:
    verb = "Would remove" if dry_run else "Removed"
    return (
        f"{verb} {_many(gone.jobs, 'job')} and {_many(gone.runs, 'run')} that ended before "
        f"{clock_time(gone.ended_before)}, and {_many(gone.files, 'file')} ({size(gone.size_bytes)})."
    )


def _many(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"
