"""Tasks that do one work together: the first fault ends them all, and is raised as it is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup


@asynccontextmanager
async def together() -> AsyncGenerator[TaskGroup]:
    """A task group that raises the fault itself, where the library's raises a group of them."""
    try:
        async with anyio.create_task_group() as tasks:
            yield tasks
    except BaseExceptionGroup as faults:
        raise first_of(faults) from None


def first_of(faults: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first fault, however deep it lies."""
    first = next(iter(faults.exceptions))
    # pyright does not know of which faults an inner group is one.
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first  # pyright: ignore[reportUnknownArgumentType]
