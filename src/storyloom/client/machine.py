"""The machine behind a server: its GPUs, its SwarmUI, its keys, and whether it is well."""

from collections.abc import Iterable
from datetime import datetime

import storyloom.client.operations as ops
from storyloom.access.schemas import KeyList, MadeKey, Scope
from storyloom.automation.schemas import SwarmLog, SwarmStarted, SwarmStatus, SwarmStopped
from storyloom.client.bodies import given
from storyloom.client.faces import F, Group, operation
from storyloom.gpu.lease_bodies import HeldLease, LeaseGrant, LeaseList
from storyloom.gpu.schemas import GpuStatus
from storyloom.kit.diagnosis import Diagnosis
from storyloom.work.organizations import OrganizationList

#: A first start may build SwarmUI, for as long as the server's settings let it.
START_TIMEOUT_S = 3700.0
STOP_TIMEOUT_S = 120.0
_TOKEN = "X-Lease-Token"  # noqa: S105 - the header's name


class Gpus(Group[F]):
    """The GPUs of the server's machine, and who holds them."""

    @operation
    async def status(self) -> GpuStatus:
        """How busy they are; where there is none, `available` is false and `error` says why."""
        return await self.line.ask(ops.GET_GPU_STATUS)

    @operation
    async def leases(self) -> LeaseList:
        """Who holds which."""
        return await self.line.ask(ops.LIST_LEASES)

    @operation
    async def acquire(
        self, holder: str, *, ttl_s: float | None = None, resource: str | None = None
    ) -> LeaseGrant:
        """Take one for oneself; raises `GpuHeld` where somebody else has it."""
        body = given(holder=holder, ttlSeconds=ttl_s, resource=resource)
        return await self.line.ask(ops.ACQUIRE_LEASE, body=body)

    @operation
    async def renew(self, lease: LeaseGrant, *, ttl_s: float | None = None) -> HeldLease:
        """Hold it so long from now on."""
        names, headers = {"lease_id": lease.lease_id}, {_TOKEN: lease.token}
        body = given(ttlSeconds=ttl_s)
        return await self.line.ask(ops.RENEW_LEASE, names, body=body, headers=headers)

    @operation
    async def release(self, lease: LeaseGrant) -> None:
        """Give it back; one that is no longer held is no error."""
        names, headers = {"lease_id": lease.lease_id}, {_TOKEN: lease.token}
        await self.line.ask(ops.RELEASE_LEASE, names, headers=headers)


class SwarmUi(Group[F]):
    """The SwarmUI that a server looks after."""

    @operation
    async def start(self) -> SwarmStarted:
        """Return when it answers; a first start may take long."""
        return await self.line.ask(ops.START_SWARMUI, timeout_s=START_TIMEOUT_S)

    @operation
    async def status(self) -> SwarmStatus:
        """How far it is, and what it has to do."""
        return await self.line.ask(ops.GET_SWARMUI)

    @operation
    async def log(self, *, limit: int = 200) -> SwarmLog:
        """The last lines of what was launched there."""
        return await self.line.ask(ops.GET_SWARMUI_LOG, query={"limit": limit})

    @operation
    async def stop(self, *, force: bool = False) -> SwarmStopped:
        """End it; with `force`, also while it generates."""
        query = {"force": force}
        return await self.line.ask(ops.STOP_SWARMUI, query=query, timeout_s=STOP_TIMEOUT_S)


class Organizations(Group[F]):
    """The organisations that a server knows of: all for its operator, one's own for others."""

    @operation
    async def list(self, *, limit: int = 200, cursor: str | None = None) -> OrganizationList:
        """One page, by their names; `next_cursor` of it is the `cursor` of the next."""
        query = {"limit": limit, "cursor": cursor}
        return await self.line.ask(ops.LIST_ORGANIZATIONS, query=query)


class Keys(Group[F]):
    """The keys of the caller's organisation."""

    @operation
    async def list(self, *, limit: int = 200) -> KeyList:
        """The newest ones, without their secrets."""
        return await self.line.ask(ops.LIST_KEYS, query={"limit": limit})

    @operation
    async def create(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        org_id: str | None = None,
        expires_at: datetime | None = None,
    ) -> MadeKey:
        """Make one. Only this answer shows its secret."""
        body = given(name=name, scopes=list(scopes), org_id=org_id, expires_at=expires_at)
        return await self.line.ask(ops.CREATE_KEY, body=body)

    @operation
    async def revoke(self, key_id: str) -> None:
        """Let nobody in with it from now on."""
        await self.line.ask(ops.REVOKE_KEY, {"key_id": key_id})


class Service(Group[F]):
    """Whether the server is well."""

    @operation
    async def health(self) -> ops.Health:
        """Return when its process answers."""
        return await self.line.ask(ops.GET_HEALTH)

    @operation
    async def readiness(self) -> ops.Readiness:
        """How each part of it is, also where one that it needs is down."""
        return await self.line.ask(ops.GET_READINESS)

    @operation
    async def doctor(self, *, fresh: bool = False) -> Diagnosis:
        """How every part is, and how to mend what is not well; `fresh` has it looked at now."""
        return await self.line.ask(ops.DIAGNOSE, query={"fresh": fresh})

    @operation
    async def version(self) -> ops.ServerVersion:
        """Which version it is."""
        return await self.line.ask(ops.GET_VERSION)
