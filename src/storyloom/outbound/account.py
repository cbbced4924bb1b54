"""On whose account the running code calls providers."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from storyloom.outbound.schemas import Account

_current: ContextVar[Account] = ContextVar("storyloom_account", default=Account())  # noqa: B039 - it is frozen


@contextmanager
def charged_to(account: Account) -> Generator[None]:
    """Make all calls of this block on this account."""
    token = _current.set(account)
    try:
        yield
    finally:
        _current.reset(token)


def current_account() -> Account:
    """The account of the block around us; outside of one, that of nobody in particular."""
    return _current.get()
