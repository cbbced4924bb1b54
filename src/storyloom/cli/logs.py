"""The log of a server: one line an event, on stderr."""

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
# These tell about themselves what nobody who runs a server asks for.
_QUIET = ("dbos", "uvicorn", "uvicorn.access", "alembic", "sqlalchemy", "httpx2", "httpcore2")


def set_up(level: str) -> None:
    """Log from this level on; what others log, only from warnings on, unless all is asked for."""
    logging.basicConfig(
        level=level.upper(), format=_FORMAT, datefmt="%H:%M:%S", stream=sys.stderr, force=True
    )
    quiet = logging.DEBUG if level == "debug" else logging.WARNING
    for name in _QUIET:
        logging.getLogger(name).setLevel(quiet)
