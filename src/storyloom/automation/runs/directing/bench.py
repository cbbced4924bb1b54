"""A backend with what it needs, and how long it may keep us waiting."""

import anyio

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.directing.engine_room import EngineRoom
from storyloom.automation.runs.directing.lights import GpuTurn, Lights
from storyloom.automation.runs.directing.obstacles import Obstacle
from storyloom.automation.runs.schemas import WaitCode
from storyloom.errors import Busy, RateLimited, StoryloomError, Unavailable
from storyloom.imaging.ports import ImageBackend

FIRST_HOLD_S, LONGEST_HOLD_S = 5.0, 300.0


class Bench:
    """Where one backend's pictures are made."""

    def __init__(
        self,
        name: str,
        backend: ImageBackend,
        lights: Lights,
        *,
        engine: EngineRoom | None = None,
        gpu: GpuTurn | None = None,
    ) -> None:
        """Take the backend by the name that people choose it by."""
        self.name = name
        self.backend = backend
        self.lights = lights
        self.engine = engine
        self.gpu = gpu
        self._hold_s = FIRST_HOLD_S
        self._busy_since: float | None = None

    @property
    def is_frames(self) -> bool:
        """Whether it draws frames."""
        return self.name == Backend.FRAMES

    def heard(self, fault: StoryloomError, *, may_wait_s: float) -> bool:
        """Whether it only wants us to wait: the lights see to that, for so long at most."""
        if self.engine is not None and isinstance(fault, Unavailable):
            self.engine.is_up = False
        if not isinstance(fault, RateLimited | Busy):
            return False
        now = anyio.current_time()
        self._busy_since = now if self._busy_since is None else self._busy_since
        if now - self._busy_since >= may_wait_s:
            return False
        wait_s = max(self._hold_s, min(fault.retry_after_s or 0, LONGEST_HOLD_S))
        self._hold_s = min(2 * self._hold_s, LONGEST_HOLD_S)
        is_limit = isinstance(fault, RateLimited)
        code = WaitCode.RATE_LIMIT if is_limit else WaitCode.ENGINE_BUSY
        self.lights.hold(Obstacle(code, fault.message, wait_s))
        return True

    def worked(self) -> None:
        """Forget that it was busy."""
        self._hold_s, self._busy_since = FIRST_HOLD_S, None
