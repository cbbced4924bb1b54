"""`storyloom work`: a process that takes jobs and has no API."""

import asyncio
import signal

import anyio
import typer

from storyloom.api.aside import telling_health
from storyloom.bootstrap.services import Services, open_services
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
    async with open_services(settings, studio) as services, telling_health(settings, services):
        stop = _heed_signals(services)
        typer.echo(f"Storyloom takes jobs from {settings.queues}.", err=True)
        await stop.wait()
        typer.echo("Storyloom finishes what it has begun.", err=True)
    typer.echo("Storyloom has stopped.", err=True)


def _heed_signals(services: Services) -> anyio.Event:
    """Stop at the first signal, and wait no longer at the second, also while everything closes."""
    stop = anyio.Event()

    def heed() -> None:
        if stop.is_set():
            services.hurry()
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heed)
    return stop
