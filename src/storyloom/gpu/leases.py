"""Leases: one heavy user of a GPU at a time, which has to say again and again that it lives.

Nobody can lock a GPU; so this binds those who ask for a lease before they begin. The fencing token is
for what they write to: it can refuse whoever has a lower one than it has seen.
"""

import secrets
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from time import monotonic

import anyio

from storyloom.errors import Unavailable
from storyloom.gpu.errors import GpuHeld, LeaseLost, LeaseNotFound
from storyloom.gpu.ports import LeaseStore
from storyloom.gpu.schemas import Claim, Lease
from storyloom.kit.background import Background
from storyloom.kit.ids import new_job_id, parse_job_id

DEFAULT_RESOURCE = "gpu0"
DEFAULT_TTL_S = 30.0
LOOK_EVERY_S = 1.0
# Renewed three times before it ends; tried again so soon when the store is away.
_RENEWALS, _AGAIN_S = 3, 1.0
_TOKEN_BYTES = 32

#: Hears who holds the GPU; None: others of this process are before us. Returns at once.
Held = Callable[[Lease | None], None]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class GrantedLease:
    """A lease with its token, which only whoever was granted it knows."""

    lease: Lease
    token: str = field(repr=False)


class HeldGpu:
    """A lease that is renewed in the background, for as long as that works."""

    def __init__(self, granted: GrantedLease) -> None:
        """Take what was granted."""
        self.lease = granted.lease
        self.lost = anyio.Event()
        self.why = ""

    @property
    def is_lost(self) -> bool:
        """Whether another may hold the GPU now. Whoever uses it has to stop then."""
        return self.lost.is_set()

    def lose(self, why: str) -> None:
        """Tell that it is lost."""
        self.why = why
        self.lost.set()


class GpuLeases:
    """Grants leases, and keeps those of this process. To be made in the event loop."""

    def __init__(
        self,
        store: LeaseStore,
        background: Background,
        *,
        host: str,
        sleep: Sleep = anyio.sleep,
        now: Callable[[], float] = monotonic,
    ) -> None:
        """Take where leases are kept, where they are renewed, and the name of this host."""
        self._store = store
        self._background = background
        self._host = host
        self._sleep = sleep
        self._now = now
        self._waiting: defaultdict[str, deque[object]] = defaultdict(deque)

    def named(self, resource: str) -> str:
        """The GPU with its host: several hosts may share a database, and each has a `gpu0`."""
        return resource if "/" in resource else f"{self._host}/{resource}"

    async def acquire(
        self, claim: Claim, *, ttl_s: float = DEFAULT_TTL_S, takes_over: bool = False
    ) -> GrantedLease:
        """Take the GPU; raises `GpuHeld`.

        A holder that can be alive only once, such as a run, takes over what an earlier process of
        its has left.
        """
        token, lease_id = secrets.token_hex(_TOKEN_BYTES), new_job_id()
        lease = await self._store.acquire(
            self._full(claim),
            lease_id=lease_id,
            digest=_digest_of(token),
            ttl_s=ttl_s,
            takes_over=takes_over,
        )
        if lease.id != lease_id:
            raise GpuHeld(lease)
        return GrantedLease(lease, token)

    async def renew(
        self, lease_id: str, token: str, *, org_id: str, ttl_s: float | None = None
    ) -> Lease:
        """Let it last so long from now on, or as long as before.

        Raises `LeaseLost` when it has expired; `LeaseNotFound` when it was released, the GPU was
        granted to another since, or the token is wrong.
        """
        lease = await self._find(lease_id)
        if lease is None or not _is_own(lease, org_id, token):
            raise LeaseNotFound
        renewed = await self._store.renew(lease.id, ttl_s=lease.ttl_s if ttl_s is None else ttl_s)
        if renewed is None:
            raise LeaseLost
        return renewed

    async def release(self, lease_id: str, token: str, *, org_id: str) -> None:
        """Give it back. One that is no longer there is no error; raises `LeaseNotFound` for another's."""
        lease = await self._find(lease_id)
        if lease is None:
            return
        if not _is_own(lease, org_id, token):
            raise LeaseNotFound
        await self._store.release(lease.id)

    async def current(self, resource: str | None = None) -> Sequence[Lease]:
        """Who holds what now; of one GPU, or of all."""
        held = await self._store.held()
        return [one for one in held if resource in {None, one.claim.resource}]

    async def wait_for(
        self, claim: Claim, held: Held, *, ttl_s: float = DEFAULT_TTL_S, takes_over: bool = False
    ) -> GrantedLease:
        """Take the GPU as soon as it is free, and tell `held` every second why it is not.

        Those of this process who wait for the same GPU get it in the order in which they came. An
        outage of the store is raised as it is: whoever waits knows best how long.
        """
        resource, me = self.named(claim.resource), object()
        queue = self._waiting[resource]
        queue.append(me)
        try:
            while True:
                if queue[0] is not me:
                    held(None)
                else:
                    try:
                        return await self.acquire(claim, ttl_s=ttl_s, takes_over=takes_over)
                    except GpuHeld as fault:
                        held(fault.by)
                await self._sleep(LOOK_EVERY_S)
        finally:
            queue.remove(me)
            if not queue:
                del self._waiting[resource]

    @asynccontextmanager
    async def holding(self, granted: GrantedLease) -> AsyncGenerator[HeldGpu]:
        """Renew it for as long as the block lasts, and give it back in the end.

        When that fails, `lost` is set while the lease may still be good for a moment; the block is
        not interrupted.
        """
        held, scope = HeldGpu(granted), anyio.CancelScope()
        self._background.soon(partial(self._keep, held, granted.token, scope))
        try:
            yield held
        finally:
            scope.cancel()
            lease = granted.lease
            with anyio.CancelScope(shield=True), suppress(Unavailable, LeaseNotFound):
                await self.release(lease.id, granted.token, org_id=lease.claim.org_id)

    async def _keep(self, held: HeldGpu, token: str, scope: anyio.CancelScope) -> None:
        with scope:
            try:
                await self._renewing(held, token)
            except (LeaseLost, LeaseNotFound) as fault:
                held.lose(fault.message)
            finally:
                if not held.is_lost and not scope.cancel_called:
                    held.lose("It is renewed no longer.")

    async def _renewing(self, held: HeldGpu, token: str) -> None:
        ttl_s, org_id = held.lease.ttl_s, held.lease.claim.org_id
        good_until = self._now() + held.lease.left_s
        pause_s = ttl_s / _RENEWALS
        while True:
            await self._sleep(max(0.0, min(pause_s, good_until - self._now())))
            asked_at = self._now()
            if asked_at >= good_until:
                held.lose("It could not be renewed in time.")
                return
            try:
                held.lease = await self.renew(held.lease.id, token, org_id=org_id)
            except Unavailable:
                pause_s = min(_AGAIN_S, ttl_s / _RENEWALS)
            else:
                # Counted from when it was asked for: it ends here before it does in the store.
                good_until, pause_s = asked_at + ttl_s, ttl_s / _RENEWALS

    async def _find(self, lease_id: str) -> Lease | None:
        known = parse_job_id(lease_id)
        return None if known is None else await self._store.find(known)

    def _full(self, claim: Claim) -> Claim:
        return replace(claim, resource=self.named(claim.resource))


def _is_own(lease: Lease, org_id: str, token: str) -> bool:
    """Whether it is of this organisation and has this token, found out in constant time."""
    is_token = compare_digest(lease.digest.encode(), _digest_of(token).encode())
    return is_token and lease.claim.org_id == org_id


def _digest_of(token: str) -> str:
    # It has 256 random bits, which nobody can try out: a slow hash would protect nothing more.
    return sha256(token.encode("utf-8", "replace")).hexdigest()
