"""The log of events in an SQL database."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.adapters.sql._database import reading, writing
from storyloom.adapters.sql._faults import of_sqlite
from storyloom.adapters.sql._tables import events as t
from storyloom.events.schemas import ENDS, EVERYTHING, Draft, Event, Filter, Span, Subject

_SPAN = sa.select(
    sa.func.coalesce(sa.func.min(t.c.seq), 0), sa.func.coalesce(sa.func.max(t.c.seq), 0)
)
_COLUMNS = ("id", "type", "at", "org_id", "subject_kind", "subject_id", "data")
_TAKEN = ", ".join(f"json_extract(new.value, '$.{name}')" for name in _COLUMNS)
_APPEND = sa.text("SELECT * FROM storyloom_append_events(CAST(:rows AS jsonb))")
_APPEND_TO_SQLITE = f"""
    INSERT INTO storyloom_events (seq, {", ".join(_COLUMNS)})
    SELECT (SELECT coalesce(max(seq), 0) FROM storyloom_events)
        + row_number() OVER (ORDER BY new.key), {_TAKEN}
    FROM json_each(?) AS new
    WHERE NOT EXISTS (
        SELECT 1 FROM storyloom_events AS old WHERE old.id = json_extract(new.value, '$.id'))
    RETURNING seq, id
    """  # noqa: S608 - the columns are ours
FORGET_WITHIN_S = 30.0
BATCH = 10_000  #: so many are removed at a time: a statement has to end in time


class SqlEventLog:
    """Keeps events in the table `storyloom_events`.

    One at a time appends: SQLite has one writer anyway, and in PostgreSQL a function has a lock
    that lasts until what was written can be seen. So numbers come to be seen in their order.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def append(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        """Keep those that are not there yet, in one statement."""
        async with writing(self._engine) as connection:
            return await append_within(connection, drafts)

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
        kept = await self.span()
        count = 0
        for start in range(kept.first, kept.last, BATCH):
            end = min(start + BATCH, kept.last)
            batch = t.c.seq >= start, t.c.seq < end
            young = sa.select(sa.func.min(t.c.seq)).where(*batch, t.c.at >= before)
            kept_from = sa.func.coalesce(young.scalar_subquery(), end)
            async with writing(self._engine, FORGET_WITHIN_S) as connection:
                old = sa.delete(t).where(t.c.seq >= start, t.c.seq < kept_from)
                gone = (await connection.execute(old)).rowcount
            count += gone
            if gone < end - start:
                break
        return count

    async def _events(self, query: sa.Select[Any]) -> Sequence[Event]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [_event(row) for row in rows]


async def append_within(connection: AsyncConnection, drafts: Sequence[Draft]) -> Sequence[Event]:
    """The same in a transaction that is open: to be the last of it, for others wait for its end."""
    wanted = {draft.id: draft for draft in drafts}
    rows = json.dumps([_row(draft) for draft in wanted.values()], ensure_ascii=False)
    if connection.dialect.name == "sqlite":
        added = await _append_to_sqlite(connection, rows)
    else:
        added = (await connection.execute(_APPEND, {"rows": rows})).all()
    return [
        wanted[name].numbered(seq)
        for seq, name in sorted((int(row[0]), str(row[1])) for row in added)
    ]


async def _append_to_sqlite(connection: AsyncConnection, rows: str) -> Sequence[tuple[int, str]]:
    """The numbers and ids of what was not there yet.

    By the driver itself, which goes to its thread and back once for it all: while others compute,
    each way takes milliseconds.
    """
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    try:
        return list(await driver.execute_fetchall(_APPEND_TO_SQLITE, (rows,)))
    except sqlite3.Error as fault:
        raise of_sqlite(fault) from fault


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


def _row(event: Draft) -> dict[str, Any]:
    """Its columns but for the number; the time as SQLite has it."""
    return {
        "id": event.id,
        "type": event.type,
        "at": f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}",
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
