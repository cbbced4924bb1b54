"""What can go wrong with the lease of a GPU."""

from storyloom.errors import Conflict, NotFound
from storyloom.gpu.schemas import Lease


class GpuHeld(Conflict):
    """Somebody else holds the GPU."""

    code = "gpu_held"

    def __init__(self, by: Lease) -> None:
        """Take the lease of whoever holds it."""
        super().__init__(f"The GPU {by.claim.resource} is held by somebody else.")
        self.by = by


class LeaseNotFound(NotFound):
    """There is no such lease, or this is not its token."""

    code = "lease_not_found"


class LeaseLost(Conflict):
    """The lease has expired: another may hold the GPU now."""

    code = "lease_lost"
