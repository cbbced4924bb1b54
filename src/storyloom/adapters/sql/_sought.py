"""Pages of what is kept by organisation and time, as conditions of a query."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storyloom.jobs.schemas import Sought


def page_of(
    query: sa.Select[Any], table: sa.Table, org_id: str, sought: Sought, *, limit: int
) -> sa.Select[Any]:
    """The rows that are sought, but for kinds and labels: each table has its own way of those."""
    conditions = [table.c.org_id == org_id, *_times(table, sought)]
    if sought.statuses:
        conditions.append(table.c.status.in_(sorted(sought.statuses)))
    newest = (table.c.created_at.desc(), table.c.id.desc())
    return query.where(*conditions).order_by(*newest).limit(limit)


def _times(table: sa.Table, sought: Sought) -> Sequence[sa.ColumnElement[bool]]:
    made, conditions = table.c.created_at, list[sa.ColumnElement[bool]]()
    if sought.created_after is not None:
        conditions.append(made > sought.created_after)
    if sought.created_before is not None:
        conditions.append(made < sought.created_before)
    if sought.after is not None:
        at, name = sought.after
        # The first half is the second one's; by itself it lets the index find the place.
        conditions.append(made <= at)
        conditions.append(sa.or_(made < at, table.c.id < name))
    return conditions
