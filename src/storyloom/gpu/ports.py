"""What GPU status needs from outside."""

from typing import Protocol

from storyloom.gpu.schemas import GpuReading


class GpuProbe(Protocol):
    """Looks at the GPUs of this machine."""

    async def look(self) -> GpuReading:
        """What they say now; one without GPUs says why.

        Takes some seconds at most. Raises `Unavailable` when nothing can be found out.
        """
        ...
