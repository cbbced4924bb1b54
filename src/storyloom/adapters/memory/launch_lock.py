"""Who may launch, where there is one process."""

from storyloom.kit.clock import Clock


class MemoryLaunchLock:
    """Remembers who claimed, when the last launch was, and where it answers."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock that tells when a time is over."""
        self._clock = clock
        self._claimed_until = 0.0
        self._launch_after = 0.0
        self._published = (0.0, 0)

    async def claim(self, for_s: float) -> bool:
        """Become the one who may launch."""
        now = self._now()
        if self._claimed_until > now:
            return False
        self._claimed_until = now + for_s
        return True

    async def release(self) -> None:
        """Let others."""
        self._claimed_until = 0.0

    async def spend(self, every_s: float) -> float:
        """Take the launch, or learn how long to wait."""
        now = self._now()
        if self._launch_after > now:
            return self._launch_after - now
        self._launch_after = now + every_s
        return 0.0

    async def publish(self, port: int, for_s: float) -> None:
        """Remember where it answers."""
        self._published = (self._now() + for_s, port)

    async def published(self) -> int | None:
        """Where it answers."""
        until, port = self._published
        return port if until > self._now() else None

    async def withdraw(self) -> None:
        """Forget where it answered."""
        self._published = (0.0, 0)

    def _now(self) -> float:
        return self._clock.now().timestamp()
