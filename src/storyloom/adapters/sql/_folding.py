"""Folding what is searched: the database folds the letters of ASCII alone, and Python the others.

In PostgreSQL whoever writes a row folds it in the same transaction. What others write, and what an
older version wrote, is folded later, some rows at a time. Plain ASCII needs none of it.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.adapters.sql._database import changing
from storyloom.adapters.sql._tables import UNFOLDED
from storyloom.adapters.sql._tables import work as t
from storyloom.kit.folding import folded
from storyloom.kit.ids import JobId

#: So many rows are locked at once.
AT_ONCE = 500
_WITHIN_S = 15.0
_ROWS = sa.select(t.c.id, t.c.searched).with_for_update(skip_locked=True)
_FOLD = (
    sa.update(t)
    .where(t.c.id == sa.bindparam("row"))
    .values(searched=sa.bindparam("words"), folded=True)
)


async def fold_within(connection: AsyncConnection, ids: Iterable[JobId]) -> None:
    """Fold these rows, which were just written."""
    # In SQLite its trigger has done so, with a function of ours.
    if connection.dialect.name != "sqlite":
        await _fold(connection, _ROWS.where(t.c.id.in_(ids)))


async def fold_some(engine: AsyncEngine) -> int:
    """Fold some of what is left; how many rows that were."""
    async with changing(engine, _WITHIN_S) as connection:
        return await _fold(connection, _ROWS.order_by(t.c.id).limit(AT_ONCE))


async def _fold(connection: AsyncConnection, query: sa.Select[Any, Any]) -> int:
    unfolded = query.where(UNFOLDED[connection.dialect.name])
    rows = (await connection.execute(unfolded)).all()
    if rows:
        folds = [{"row": row.id, "words": folded(row.searched)} for row in rows]
        await connection.execute(_FOLD, folds)
    return len(rows)
