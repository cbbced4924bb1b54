"""`storyloom work`: a process that takes jobs and has no API."""

import asyncio
import signal
from collections.abc import Callable

import anyio
import typer

from storyloom.api.aside import telling_health
from storyloom.bootstrap.services import open_services
from storyloom.cli.logs import set_up
from storyloom.errors import Misconfigured
from storyloom.settings import Settings
from storyloom.storyboard.studio import Studio


def work(settings: Settings, studio: Studio | None = None) -> None:
    """Take jobs until a signal comes; raises `Misconfigured` without a shared database.

    The studio is opened from the settings when none is given.
    """
    if settings.database_url is None:
        raise Misconfigured(
            "Workers share a PostgreSQL: set DATABASE_URL. "
            "Without one, `storyloom serve` does the work itself.",
            setting="DATABASE_URL",
        )
    set_up(settings.log_level, as_json=settings.app_env == "production")
    anyio.run(_work, settings, studio)


async def _work(settings: Settings, studio: Studio | None) -> None:
    # Heeded from the beginning: a process that is the first in its container is not ended by them.
    stop, hurries = _heed_signals()
    async with open_services(settings, studio) as services, telling_health(settings, services):
        hurries.append(services.hurry)
        typer.echo(f"Storyloom takes jobs from {settings.queues}.", err=True)
        await stop.wait()
        typer.echo("Storyloom finishes what it has begun.", err=True)
    typer.echo("Storyloom has stopped.", err=True)


def _heed_signals() -> tuple[anyio.Event, list[Callable[[], None]]]:
    """Stop at the first signal, and wait no longer at the second, also while everything closes."""
    stop = anyio.Event()
    hurries: list[Callable[[], None]] = []

    def heed() -> None:
        if stop.is_set():
            for hurry in hurries:
                hurry()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heed)
    return stop, hurries
