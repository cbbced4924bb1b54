"""Who holds which GPU, in this process: the twin that tests use."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from storyloom.gpu.schemas import Claim, Lease
from storyloom.kit.clock import Clock


class MemoryLeaseStore:
    """Keeps leases in a dictionary. Nothing waits, so every method is of one piece."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock by which leases expire."""
        self._clock = clock
        self._leases: dict[str, Lease] = {}
        self._fencing: dict[str, int] = {}

    async def acquire(
        self, claim: Claim, *, lease_id: str, digest: str, ttl_s: float, takes_over: bool = False
    ) -> Lease:
        """Grant the GPU, or give the lease of whoever holds it."""
        now = self._clock.now()
        present = self._leases.get(claim.resource)
        is_held = present is not None and present.expires_at > now
        if present is not None and is_held and not (takes_over and present.claim == claim):
            return self._read(present)
        fencing = self._fencing[claim.resource] = self._fencing.get(claim.resource, 0) + 1
        until = now + timedelta(seconds=ttl_s)
        lease = Lease(lease_id, claim, fencing, ttl_s, now, until, ttl_s, digest)
        self._leases[claim.resource] = lease
        return lease

    async def find(self, lease_id: str) -> Lease | None:
        """The lease, also when it has expired."""
        found = next((one for one in self._leases.values() if one.id == lease_id), None)
        return None if found is None else self._read(found)

    async def renew(self, lease_id: str, *, ttl_s: float) -> Lease | None:
        """Let it last so long from now on."""
        lease = await self.find(lease_id)
        if lease is None or lease.left_s <= 0:
            return None
        until = self._clock.now() + timedelta(seconds=ttl_s)
        renewed = replace(lease, ttl_s=ttl_s, expires_at=until, left_s=ttl_s)
        self._leases[lease.claim.resource] = renewed
        return renewed

    async def release(self, lease_id: str) -> None:
        """Give it back."""
        self._leases = {name: one for name, one in self._leases.items() if one.id != lease_id}

    async def held(self) -> Sequence[Lease]:
        """Every lease that has not expired."""
        read = [self._read(self._leases[name]) for name in sorted(self._leases)]
        return [lease for lease in read if lease.left_s > 0]

    def _read(self, lease: Lease) -> Lease:
        return replace(lease, left_s=(lease.expires_at - self._clock.now()).total_seconds())
