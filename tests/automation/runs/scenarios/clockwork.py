"""An event loop whose time jumps to the next thing that happens, so that a night takes a moment."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits: where nothing is to be heard, the time is moved on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found:
            assert timeout is not None, "everybody waits for something that nobody will do"
            self.now += timeout
        return found


class JumpingLoop(asyncio.SelectorEventLoop):
    """Knows no threads and no network: while they work, the time would jump."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


class LoopClock:
    """The time of the loop, as a time of day."""

    def now(self) -> datetime:
        return EVENING + timedelta(seconds=asyncio.get_running_loop().time())


def play(scenario: Coroutine[Any, Any, T], within_s: float = 100_000) -> T:
    """What the scenario gives; it has so many seconds of its own time."""

    async def bounded() -> T:
        async with asyncio.timeout(within_s):
            return await scenario

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(bounded())
