"""Everything that the director works with; the same for all runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.directing.engine_room import Starter
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.directing.keeping import Inscribe
from storyloom.automation.runs.directing.lights import GpuTurn
from storyloom.automation.runs.directing.reading import Sessions
from storyloom.automation.runs.directing.scribe import Trigger
from storyloom.automation.runs.directing.softening import Softener
from storyloom.automation.runs.directing.writing import Authors
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.imaging.ports import ImageStore
from storyloom.kit.clock import Clock
from storyloom.outbound.ports import Ledger
from storyloom.story.schemas import SessionKey, StoryFacts

#: Makes a run's turn at the GPU, of the run, the backend, and what tells whether its engine is up.
MakesTurn = Callable[[Run, str, Callable[[], Awaitable[bool]]], GpuTurn]


class Herald(Protocol):
    """Tells other services of a run."""

    async def images_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        """Say that the pictures of a session are there; once for the same cause."""
        ...


@dataclass(frozen=True, slots=True)
class Writers:
    """Where words come from."""

    sessions: Sessions
    authors: Authors
    trigger: Trigger
    softener: Softener


@dataclass(frozen=True, slots=True)
class Machine:
    """What makes pictures, and what that needs. None: nothing here can start it, or guards it."""

    gear: Gear
    swarmui: Starter | None = None
    turn: MakesTurn | None = None


@dataclass(frozen=True, slots=True)
class Crew:
    """All of it."""

    runs: RunStore
    writers: Writers
    machine: Machine
    images: ImageStore
    inscribe: Inscribe
    ledger: Ledger
    herald: Herald
    bells: Bells
    clock: Clock
