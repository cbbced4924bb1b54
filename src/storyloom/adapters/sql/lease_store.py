"""Who holds which GPU, in an SQL database."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, reading, writing
from storyloom.adapters.sql._tables import gpu_leases as t
from storyloom.adapters.sql._time import DatabaseTime
from storyloom.gpu.schemas import Claim, HolderKind, Lease
from storyloom.kit.clock import Clock

_NOW = "now"


class SqlLeaseStore:
    """Keeps leases in the table `storyloom_gpu_leases`, one row for each GPU that was ever held.

    A row stays when its lease is released, so that the next grant has a higher number. PostgreSQL
    tells the time itself; SQLite is on this machine, so this machine's clock does.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        """Take an open engine, whose closing is its owner's part, and the clock of this machine."""
        self._engine = engine
        self._time = DatabaseTime(engine, clock)

    async def acquire(
        self, claim: Claim, *, lease_id: str, digest: str, ttl_s: float, takes_over: bool = False
    ) -> Lease:
        """Grant the GPU in one statement, or give the lease of whoever holds it."""
        values: dict[str, Any] = {
            "id": lease_id,
            "digest": digest,
            "fencing_token": 1,
            "org_id": claim.org_id,
            "kind": claim.kind,
            "holder": claim.holder,
            "ttl_s": ttl_s,
            "granted_at": self._time.now(),
            "expires_at": self._time.later(ttl_s),
        }
        grant = (
            inserting(self._engine, t)
            .values(resource=claim.resource, **values)
            .on_conflict_do_update(
                index_elements=[t.c.resource],
                set_=values | {"fencing_token": t.c.fencing_token + 1},
                where=self._may_have(claim, takes_over=takes_over),
            )
            .returning(*self._columns())
        )
        held = self._query(t.c.resource == claim.resource, t.c.id.is_not(None))
        while True:
            async with writing(self._engine) as connection:
                granted = (await connection.execute(grant)).mappings().first()
            if granted is not None:
                return _lease(granted)
            async with reading(self._engine) as connection:
                present = (await connection.execute(held)).mappings().first()
            # Where there is none, it was given back between the two.
            if present is not None:
                return _lease(present)

    async def find(self, lease_id: str) -> Lease | None:
        """The lease, also when it has expired."""
        async with reading(self._engine) as connection:
            found = await connection.execute(self._query(t.c.id == lease_id))
        row = found.mappings().first()
        return None if row is None else _lease(row)

    async def renew(self, lease_id: str, *, ttl_s: float) -> Lease | None:
        """Let it last so long from now on."""
        change = (
            sa.update(t)
            .where(t.c.id == lease_id, t.c.expires_at > self._time.now())
            .values(ttl_s=ttl_s, expires_at=self._time.later(ttl_s))
            .returning(*self._columns())
        )
        async with writing(self._engine) as connection:
            row = (await connection.execute(change)).mappings().first()
        return None if row is None else _lease(row)

    async def release(self, lease_id: str) -> None:
        """Give it back."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.update(t).where(t.c.id == lease_id).values(id=None))

    async def held(self) -> Sequence[Lease]:
        """Every lease that has not expired."""
        query = self._query(t.c.id.is_not(None), t.c.expires_at > self._time.now())
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return sorted(map(_lease, rows), key=lambda lease: lease.claim.resource)

    def _may_have(self, claim: Claim, *, takes_over: bool) -> sa.ColumnElement[bool]:
        is_free = sa.or_(t.c.id.is_(None), t.c.expires_at <= self._time.now())
        if not takes_over:
            return is_free
        is_own = sa.and_(
            t.c.org_id == claim.org_id, t.c.kind == claim.kind, t.c.holder == claim.holder
        )
        return sa.or_(is_free, is_own)

    def _query(self, *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return sa.select(*self._columns()).where(*which)

    def _columns(self) -> Sequence[sa.ColumnElement[Any]]:
        return [*t.c, self._time.now().label(_NOW)]


def _lease(row: Mapping[Any, Any]) -> Lease:
    return Lease(
        id=row["id"],
        claim=Claim(row["resource"], row["org_id"], row["holder"], HolderKind(row["kind"])),
        fencing_token=row["fencing_token"],
        ttl_s=row["ttl_s"],
        granted_at=row["granted_at"],
        expires_at=row["expires_at"],
        left_s=(row["expires_at"] - row[_NOW]).total_seconds(),
        digest=row["digest"],
    )
