"""Work for a client, for as long as it is there."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from starlette.types import Receive

_T = TypeVar("_T")


async def gone(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] not in {"http.disconnect", "websocket.disconnect"}:
        pass


async def unless_gone(receive: Receive, work: Callable[[], Awaitable[_T]]) -> _T | None:
    """Do it for as long as the client is there: None when it has gone."""
    done: list[_T] = []
    faults: list[Exception] = []

    async def leave() -> None:
        await gone(receive)

    async def answer() -> None:
        done.append(await work())

    async def first(run: Callable[[], Awaitable[None]]) -> None:
        try:
            await run()
        except Exception as fault:  # noqa: BLE001 - raised below: the group would wrap it
            faults.append(fault)
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(first, leave)  # it may find a body, which is too large
        tasks.start_soon(first, answer)
    if faults:
        raise faults[0]
    return done[0] if done else None
