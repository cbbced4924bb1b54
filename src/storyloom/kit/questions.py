"""Asking parts that may be slow or away, and waiting only so long.

A database's statements are shielded from cancellation, so giving up does not end them. Therefore a
question lives in the service's own task group and not in the request that asked it; and while it is
open, the same question is not asked again.
"""

from collections.abc import Awaitable, Callable

import anyio
from anyio.abc import TaskGroup


class _Question:
    """One question that is open, or was answered."""

    def __init__(self) -> None:
        self.answered = anyio.Event()
        self.fault: Exception | None = None


class Questions:
    """Questions under way. They end with the task group at the latest."""

    def __init__(self, tasks: TaskGroup) -> None:
        """Take the task group in which they live."""
        self._tasks = tasks
        self._open: dict[str, _Question] = {}

    async def ask(self, name: str, put: Callable[[], Awaitable[None]], within_s: float) -> None:
        """Wait for the answer to the question of this name; raises what it raises.

        Raises `TimeoutError` when that takes longer; the question then goes on without us.
        """
        question = self._open.get(name)
        if question is None:
            question = self._open[name] = _Question()
            self._tasks.start_soon(self._put, name, put, question)
        with anyio.fail_after(within_s):
            await question.answered.wait()
        if question.fault is not None:
            raise question.fault

    async def _put(
        self, name: str, put: Callable[[], Awaitable[None]], question: _Question
    ) -> None:
        try:
            await put()
        # Whatever it is, it is for who asked, and must not bring the service down.
        except Exception as fault:  # noqa: BLE001 - raised again in `ask`
            question.fault = fault
        finally:
            del self._open[name]
            question.answered.set()
