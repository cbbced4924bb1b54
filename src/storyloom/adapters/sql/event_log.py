"""The log of events in an SQL database."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.adapters.sql._database import changing, reading, writing
from storyloom.adapters.sql._tables import events as t
from storyloom.events.schemas import ENDS, EVERYTHING, Draft, Event, Filter, Span, Subject

# Any number that nothing else of ours locks.
_LOCK = sa.select(sa.func.pg_advisory_xact_lock(0x5709_0009))
_SPAN = sa.select(
    sa.func.coalesce(sa.func.min(t.c.seq), 0), sa.func.coalesce(sa.func.max(t.c.seq), 0)
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(t.c.seq), 0)).scalar_subquery()
FORGET_WITHIN_S = 30.0


class SqlEventLog:
    """Keeps events in the table `storyloom_events`.

    One at a time appends: SQLite has one writer anyway, and in PostgreSQL there is a lock that
    lasts until what was written can be seen. So numbers come to be seen in their order.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def append(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        """Keep those that are not there yet, in one transaction."""
        wanted = {draft.id: draft for draft in drafts}
        async with changing(self._engine) as connection:
            if self._engine.dialect.name == "postgresql":
                await connection.execute(_LOCK)
            newest, known = await _newest_and_known(connection, wanted)
            fresh = [draft for name, draft in wanted.items() if name not in known]
            if not fresh:
                return []
            events = [draft.numbered(seq) for seq, draft in enumerate(fresh, newest + 1)]
            await connection.execute(sa.insert(t), [_row(event) for event in events])
        return events

    async def after(self, seq: int, *, limit: int, wanted: Filter = EVERYTHING) -> Sequence[Event]:
        """Events with greater numbers, in their order."""
        query = sa.select(t).where(t.c.seq > seq, *_conditions(wanted))
        return await self._events(query.order_by(t.c.seq).limit(limit))

    async def span(self) -> Span:
        """Which numbers are kept."""
        async with reading(self._engine) as connection:
            first, last = (await connection.execute(_SPAN)).one()
        return Span(first, last)

    async def known(self, ids: Collection[str]) -> Collection[str]:
        """Those of the ids that are there."""
        query = sa.select(t.c.id).where(t.c.id.in_(ids))
        async with reading(self._engine) as connection:
            return set((await connection.execute(query)).scalars())

    async def last_end(self, org_id: str | None, subject: Subject) -> Event | None:
        """The last event by which the subject ended, or None."""
        wanted = Filter(org_id, subject.id, frozenset({subject.kind}), frozenset(ENDS))
        query = sa.select(t).where(*_conditions(wanted)).order_by(t.c.seq.desc()).limit(1)
        found = await self._events(query)
        return found[0] if found else None

    async def forget(self, *, before: datetime) -> int:
        """Remove the events of before this time, except the last one of all.

        As a whole piece from the beginning, so that there never is a hole.
        """
        kept_from = sa.select(sa.func.min(t.c.seq)).where(t.c.at >= before).scalar_subquery()
        old = sa.delete(t).where(t.c.seq < sa.func.coalesce(kept_from, _NEWEST))
        async with writing(self._engine, FORGET_WITHIN_S) as connection:
            return (await connection.execute(old)).rowcount

    async def _events(self, query: sa.Select[Any]) -> Sequence[Event]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [_event(row) for row in rows]


async def _newest_and_known(
    connection: AsyncConnection, ids: Collection[str]
) -> tuple[int, Collection[str]]:
    """The newest number, and those of the ids that are there, in one query."""
    known = sa.select(sa.literal(0).label("seq"), t.c.id).where(t.c.id.in_(ids))
    newest = sa.select(_NEWEST, sa.literal(""))
    rows = (await connection.execute(newest.union_all(known))).all()
    return max(row[0] for row in rows), {row[1] for row in rows}


def _conditions(wanted: Filter) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.org_id is not None:
        found.append(t.c.org_id == wanted.org_id)
    if wanted.subject_id is not None:
        found.append(t.c.subject_id == wanted.subject_id)
    if wanted.kinds is not None:
        found.append(t.c.subject_kind.in_(sorted(wanted.kinds)))
    if wanted.types is not None:
        found.append(t.c.type.in_(sorted(wanted.types)))
    return found


def _row(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "id": event.id,
        "type": event.type,
        "at": event.at,
        "org_id": event.org_id,
        "subject_kind": event.subject.kind,
        "subject_id": event.subject.id,
        "data": json.dumps(event.data, ensure_ascii=False, separators=(",", ":")),
    }


def _event(row: sa.Row[Any]) -> Event:
    return Event(
        seq=row.seq,
        id=row.id,
        type=row.type,
        at=row.at,
        org_id=row.org_id,
        subject=Subject(kind=row.subject_kind, id=row.subject_id),
        data=json.loads(row.data),
    )
