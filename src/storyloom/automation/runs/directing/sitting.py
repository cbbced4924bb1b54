"""What all parts of the director share while it drives one run."""

from dataclasses import dataclass

from storyloom.automation.runs.directing.notices import Notices
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.supply import Supply
from storyloom.automation.runs.directing.waits import Waits
from storyloom.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Sitting:
    """One process that drives one run, from its claim to the end or to a hand-over."""

    slate: Slate
    waits: Waits
    notices: Notices
    supply: Supply
    clock: Clock
