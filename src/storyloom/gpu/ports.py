"""What GPU status and leases need from outside."""

from collections.abc import Sequence
from typing import Protocol

from storyloom.gpu.schemas import Claim, GpuReading, Lease


class GpuProbe(Protocol):
    """Looks at the GPUs of this machine."""

    async def look(self) -> GpuReading:
        """What they say now; one without GPUs says why.

        Takes some seconds at most. Raises `Unavailable` when nothing can be found out.
        """
        ...


class LeaseStore(Protocol):
    """Keeps who holds which GPU. It has a clock of its own, by which leases expire.

    Every method raises `Unavailable` when the store does not answer.
    """

    async def acquire(
        self, claim: Claim, *, lease_id: str, digest: str, ttl_s: float, takes_over: bool = False
    ) -> Lease:
        """Grant the GPU, or give the lease of whoever holds it: that has another id.

        With `takes_over`, whatever the same holder of the same organisation and kind has is granted
        anew: it was an earlier process of its.
        """
        ...

    async def find(self, lease_id: str) -> Lease | None:
        """The lease, also when it has expired; None when it was released, or its GPU granted anew."""
        ...

    async def renew(self, lease_id: str, *, ttl_s: float) -> Lease | None:
        """Let it last so long from now on; None when it is no longer held."""
        ...

    async def release(self, lease_id: str) -> None:
        """Give it back; one that is no longer there is no error."""
        ...

    async def held(self) -> Sequence[Lease]:
        """Every lease that has not expired, in the order of the resources."""
        ...
