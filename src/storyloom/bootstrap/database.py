"""Which database it is, in the one form that every part of ours reads."""

from pathlib import Path

from storyloom.adapters.sql._postgres import postgres_url
from storyloom.settings import Settings


def database_file(data_dir: Path) -> Path:
    """The one file that holds the jobs and the engine's tables."""
    return data_dir / "storyloom.sqlite"


def shared_database(settings: Settings) -> str | None:
    """The address of the PostgreSQL that processes share; raises `Misconfigured`.

    Operators write it in many ways, with options that only other programs know; here they are
    gone, so that the engine can read it as well as we do.
    """
    if settings.database_url is None:
        return None
    url = postgres_url(settings.database_url.get_secret_value())
    return url.render_as_string(hide_password=False)
