"""What is known of the work that is being done here: which request, which job, which step.

It goes with the task, also into what the task calls and starts, and every line of the log has it.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_NOTHING: Mapping[str, str] = {}
# Set as it is for each request: the cheapest of all ways.
known: ContextVar[Mapping[str, str]] = ContextVar("storyloom_known", default=_NOTHING)


@contextmanager
def knowing(**more: str) -> Generator[None]:
    """Know more inside the block."""
    before = known.set({**known.get(), **more})
    try:
        yield
    finally:
        known.reset(before)
