"""Asking many parts at the same time. Each has a limit of its own, and none hides another."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import anyio
from anyio.abc import TaskGroup

from storyloom.errors import Misconfigured, StoryloomError
from storyloom.kit.findings import Finding, error
from storyloom.kit.questions import Questions

LIMIT_S = 3.0
Look = Callable[[], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Check:
    """One part: its name, how it is looked at, and what to do when it does not answer."""

    name: str
    look: Look
    mend: str
    limit_s: float = LIMIT_S


@dataclass
class Inquiry:
    """What has been found so far.

    A look that is given up goes on in the task group until it ends by itself, since a database's
    statements cannot be cancelled.
    """

    lasting: TaskGroup
    findings: list[Finding]
    took_ms: dict[str, int] = field(default_factory=dict[str, int])

    async def ask(self, *checks: Check) -> Sequence[Finding]:
        """Ask them at the same time, and keep what was found."""
        found: dict[str, Sequence[Finding]] = {}
        questions = Questions(self.lasting)
        async with anyio.create_task_group() as tasks:
            for check in checks:
                tasks.start_soon(self._ask, questions, check, found)
        now = [finding for check in checks for finding in found[check.name]]
        self.findings += now
        return now

    async def _ask(
        self, questions: Questions, check: Check, found: dict[str, Sequence[Finding]]
    ) -> None:
        began_at = anyio.current_time()
        told: list[Finding] = []

        async def put() -> None:
            told.extend(await check.look())

        try:
            await questions.ask(check.name, put, check.limit_s)
        except TimeoutError:
            told = [_late(check)]
        except Misconfigured as fault:
            told = [error(check.name, fault.message, f"Correct {fault.setting}.")]
        except (StoryloomError, OSError) as fault:
            said = fault.message if isinstance(fault, StoryloomError) else type(fault).__name__
            told = [error(check.name, said, check.mend)]
        found[check.name] = told
        self.took_ms[check.name] = round((anyio.current_time() - began_at) * 1000)


def at_once(look: Callable[[], Sequence[Finding]]) -> Look:
    """A look at what blocks, such as the disk, in a thread that may be left behind."""
    return partial(anyio.to_thread.run_sync, look, abandon_on_cancel=True)


def _late(check: Check) -> Finding:
    return error(check.name, f"There was no answer within {check.limit_s:g} s.", check.mend)
