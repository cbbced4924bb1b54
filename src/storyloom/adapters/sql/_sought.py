"""Pages of what is kept by organisation and time, as conditions of a query."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storyloom.adapters.sql._tables import work as w
from storyloom.jobs.schemas import Sought
from storyloom.kit.folding import folded


def page_of(
    columns: Sequence[sa.ColumnElement[Any]],
    table: sa.Table,
    org_id: str,
    sought: Sought,
    *,
    limit: int,
) -> sa.Select[Any]:
    """The rows that are sought, each with its `title`; kinds do not choose here.

    What is looked for by text or labels is looked for in narrow rows, in the order of the page, and
    whole rows are read of those that are found.
    """
    query = sa.select(*columns, w.c.title)
    if sought.text or sought.labels:
        query = query.select_from(w).join(table, w.c.id == table.c.id)
        # Without it, a table with few rows would have all narrow rows looked through.
        query = query.where(w.c.kept_in == table.name, *_found(sought))
        walked = w
    else:
        query = query.select_from(table).outerjoin(w, w.c.id == table.c.id)
        walked = table
    conditions = [walked.c.org_id == org_id, *_times(walked, sought)]
    if sought.statuses:
        conditions.append(table.c.status.in_(sorted(sought.statuses)))
    newest = (walked.c.created_at.desc(), walked.c.id.desc())
    return query.where(*conditions).order_by(*newest).limit(limit)


def _found(sought: Sought) -> Sequence[sa.ColumnElement[bool]]:
    conditions = [w.c.labels[name].as_string() == value for name, value in sought.labels.items()]
    if sought.text:
        is_found = w.c.searched.contains(folded(sought.text), autoescape=True)
        if ids := sought.ids:
            is_found = sa.or_(is_found, w.c.id.between(*ids))
        conditions.append(is_found)
    return conditions


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
