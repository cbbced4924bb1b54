"""No GPU, where none is to be looked for."""

from storyloom.gpu.schemas import GpuReading

SAYS = "No GPU is looked for here"


class NoGpuProbe:
    """Finds none."""

    async def look(self) -> GpuReading:
        """Nothing."""
        return GpuReading((), says=SAYS)
