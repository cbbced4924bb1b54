"""Requests with a key, and their answers, in an SQL database."""

import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, reading, writing
from storyloom.adapters.sql._tables import idempotency_keys as t
from storyloom.adapters.sql._time import DatabaseTime
from storyloom.idempotency.schemas import Finding, Found, KeptAnswer, KeyedRequest
from storyloom.kit.clock import Clock


class SqlIdempotencyStore:
    """Keeps them in the table `storyloom_idempotency_keys`, one row for each key of a route.

    A row without a status has no answer yet: it is held, or was freed and has no holder.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        """Take an open engine, whose closing is its owner's part, and the clock of this machine."""
        self._engine = engine
        self._time = DatabaseTime(engine, clock)

    async def claim(
        self, request: KeyedRequest, *, holder: str, lease_s: float, keep_s: float
    ) -> Found:
        """Claim the request in one statement, or tell what there is."""
        claiming = self._claiming(request, holder, lease_s, keep_s)
        present = sa.select(t).where(t.c.digest == request.digest)
        while True:
            async with writing(self._engine) as connection:
                seed = (await connection.execute(claiming)).scalar()
            if seed is not None:
                return Found(Finding.CLAIMED, seed)
            async with reading(self._engine) as connection:
                row = (await connection.execute(present)).mappings().first()
            # Where there is none, or one without a holder, it was given up between the two.
            if row is not None and (found := _found(row, request)) is not None:
                return found

    async def renew(self, holders: Collection[str], *, lease_s: float) -> None:
        """Let these claims last so long from now on."""
        until = self._time.later(lease_s)
        await self._write(sa.update(t).where(t.c.holder.in_(holders)).values(held_until=until))

    async def keep(self, digest: str, holder: str, answer: KeptAnswer) -> None:
        """Keep the answer."""
        change = sa.update(t).where(*_held(digest, holder))
        headers = json.dumps(answer.headers)
        await self._write(
            change.values(holder=None, status=answer.status, headers=headers, body=answer.body)
        )

    async def free(self, digest: str, holder: str) -> None:
        """Let anybody claim it."""
        await self._write(sa.update(t).where(*_held(digest, holder)).values(holder=None))

    async def withdraw(self, digest: str, holder: str) -> None:
        """Forget the claim."""
        await self._write(sa.delete(t).where(*_held(digest, holder)))

    async def forget(self, *, limit: int) -> int:
        """Remove what need not be kept any longer."""
        old = sa.select(t.c.digest).where(t.c.expires_at <= self._time.now()).limit(limit)
        removal = sa.delete(t).where(t.c.digest.in_(old)).returning(t.c.digest)
        async with writing(self._engine) as connection:
            return len((await connection.execute(removal)).all())

    def _claiming(
        self, request: KeyedRequest, holder: str, lease_s: float, keep_s: float
    ) -> sa.Executable:
        row = inserting(self._engine, t).values(
            digest=request.digest,
            org_id=request.org_id,
            fingerprint=request.fingerprint,
            seed=str(uuid4()),
            holder=holder,
            held_until=self._time.later(lease_s),
            expires_at=self._time.later(keep_s),
        )
        new, now = row.excluded, self._time.now()
        is_old = t.c.expires_at <= now
        has_died = sa.and_(t.c.held_until <= now, t.c.fingerprint == new.fingerprint)
        is_free = sa.and_(t.c.status.is_(None), sa.or_(t.c.holder.is_(None), has_died))
        return row.on_conflict_do_update(
            index_elements=[t.c.digest],
            set_={
                "fingerprint": new.fingerprint,
                "seed": sa.case((is_old, new.seed), else_=t.c.seed),
                "holder": new.holder,
                "held_until": new.held_until,
                "expires_at": new.expires_at,
                **dict.fromkeys(("status", "headers", "body")),
            },
            where=sa.or_(is_old, is_free),
        ).returning(t.c.seed)

    async def _write(self, statement: sa.Executable) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(statement)


def _held(digest: str, holder: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return t.c.digest == digest, t.c.holder == holder


def _found(row: Mapping[Any, Any], request: KeyedRequest) -> Found | None:
    if row["status"] is None and row["holder"] is None:
        return None
    if row["fingerprint"] != request.fingerprint:
        return Found(Finding.REUSED)
    if row["status"] is None:
        return Found(Finding.IN_FLIGHT)
    headers = tuple((name, value) for name, value in json.loads(row["headers"]))
    return Found(Finding.ANSWERED, answer=KeptAnswer(row["status"], headers, row["body"]))
