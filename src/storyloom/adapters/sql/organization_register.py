"""The organisations that an SQL database knows of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.access.schemas import Scope
from storyloom.adapters.sql._database import reading
from storyloom.adapters.sql._spending import scope_of_call, sums
from storyloom.adapters.sql._tables import api_keys, model_calls, presets, sessions
from storyloom.adapters.sql._tables import runs as r
from storyloom.adapters.sql._tables import storyboard_jobs as b
from storyloom.adapters.sql._tables import work as w
from storyloom.jobs.ports import JobOwners
from storyloom.outbound.schemas import Spent
from storyloom.work.statistics import KnownOrganizations

_COUNT_WITHIN_S = 20.0
_NAMED_IN = (api_keys, w, model_calls, presets, sessions)
_LAST_UNKNOWN = (
    "When the last storyboard of an organisation was made is not told: Supabase counts them alone."
)


class SqlOrganizationRegister:
    """Finds names by the indexes that begin with them. Storyboards may be kept elsewhere."""

    def __init__(self, engine: AsyncEngine, elsewhere: JobOwners | None = None) -> None:
        """Take an open engine, and who counts storyboards, if they are not kept here."""
        self._engine = engine
        self._elsewhere = elsewhere

    async def names(self) -> Collection[str]:
        """All that there are."""
        named = sa.union(*map(_names_in, _NAMED_IN))
        async with reading(self._engine, _COUNT_WITHIN_S) as connection:
            here = set((await connection.execute(named)).scalars())
        return here if self._elsewhere is None else here | (await self._elsewhere.counts()).keys()

    async def tell(
        self, org_ids: Sequence[str], scopes: Collection[Scope], since: datetime
    ) -> KnownOrganizations:
        """Figures of some of them."""
        if not org_ids:
            return KnownOrganizations({}, {}, {})
        elsewhere = self._elsewhere if Scope.STORYBOARDS in scopes else None
        counts: Mapping[str, int] = {} if elsewhere is None else await elsewhere.counts()
        tables = [r.name] if Scope.STORIES in scopes else []
        if Scope.STORYBOARDS in scopes and elsewhere is None:
            tables.append(b.name)
        async with reading(self._engine, _COUNT_WITHIN_S) as connection:
            work = (await connection.execute(_work_of(org_ids, tables))).all()
            spent = (await connection.execute(_spent_by(org_ids, scopes, since))).mappings().all()
        here = {row.org_id: row.jobs for row in work}
        return KnownOrganizations(
            jobs={name: here.get(name, 0) + counts.get(name, 0) for name in org_ids},
            last_work_at={row.org_id: row.last for row in work},
            spent={row["org_id"]: Spent.model_validate(dict(row)) for row in spent},
            missing=() if elsewhere is None else (_LAST_UNKNOWN,),
        )


def _names_in(table: sa.Table) -> sa.Select[Any]:
    """The names in a table, one step by an index for each, however many rows it has."""
    first = sa.select(sa.func.min(table.c.org_id).label("name")).cte(
        f"names_{table.name}", recursive=True
    )
    following = sa.select(sa.func.min(table.c.org_id)).where(table.c.org_id > first.c.name)
    step = sa.select(following.scalar_subquery()).where(first.c.name.is_not(None))
    names = first.union_all(step)
    return sa.select(names.c.name).where(names.c.name.is_not(None))


def _work_of(org_ids: Sequence[str], tables: Sequence[str]) -> sa.Select[Any, int, Any]:
    return (
        sa.select(
            w.c.org_id,
            sa.func.count().label("jobs"),
            sa.func.max(w.c.created_at, type_=w.c.created_at.type).label("last"),
        )
        .where(w.c.org_id.in_(org_ids), w.c.kept_in.in_(tables))
        .group_by(w.c.org_id)
    )


def _spent_by(org_ids: Sequence[str], scopes: Collection[Scope], since: datetime) -> sa.Select[Any]:
    t = model_calls
    return (
        sa.select(t.c.org_id, *sums(t))
        .where(t.c.org_id.in_(org_ids), t.c.started_at >= since, scope_of_call().in_(scopes))
        .group_by(t.c.org_id)
    )
