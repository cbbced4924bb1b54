"""Runs in an SQL database."""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from anyio import to_thread
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.adapters.sql._database import changing, reading
from storyloom.adapters.sql._folding import fold_within
from storyloom.adapters.sql._run_exports import (
    drop_exports,
    export_of,
    exports_of,
    exports_open,
    exports_unfinished,
    keep_exports,
    sought_exports,
)
from storyloom.adapters.sql._sought import page_of
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import run_shots as s
from storyloom.adapters.sql._tables import runs as t
from storyloom.adapters.sql.event_log import append_within
from storyloom.automation.runs.errors import RunNotFound, ShotNotFound, Superseded
from storyloom.automation.runs.exported import RunExport
from storyloom.automation.runs.ports import RunEdit, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus
from storyloom.automation.runs.told import RunTeller
from storyloom.errors import Conflict
from storyloom.events.schemas import Draft
from storyloom.jobs.schemas import Sought
from storyloom.kit.ids import JobId
from storyloom.kit.storable import storable

# A story may have thousands of shots, and their way may be long.
SHOTS_WITHIN_S = 15.0
FORGET_WITHIN_S = 30.0
_SMALL = 256 * 1024
_ID_IN_BODY = 48
log = logging.getLogger(__name__)
_BODIES = sa.select(t.c.body)
_ENDED = sa.not_(OPEN)


class SqlRunStore:
    """Keeps runs in the table `storyloom_runs`, and their shots in `storyloom_run_shots`.

    Exports are in the bodies of their runs, and in `storyloom_run_exports` for those who list them.

    The body of a row holds everything; the columns beside it are those that queries need. Whoever
    changes a shot keeps its run from being changed meanwhile, so that nobody can take the run up
    between the look at its epoch and the change. A run that cannot be read is left out, and logged.
    """

    def __init__(self, engine: AsyncEngine, teller: RunTeller | None = None) -> None:
        """Take an open engine; closing it is its owner's part. And what says how changes are told."""
        self._engine = engine
        self._teller = teller or RunTeller()

    async def add(self, run: Run, cause: str = "") -> Run:
        """Keep a new run; for the second of a cause, give the first."""
        row = {
            "id": run.id,
            "org_id": run.org_id,
            "cause": cause or None,
            "created_at": run.created_at,
            **_values(run),
        }
        drafts = self._teller.added(run)
        try:
            async with changing(self._engine) as connection:
                await connection.execute(sa.insert(t).values(row))
                await fold_within(connection, [run.id])
                await _append(connection, drafts)
        except Conflict:
            first = await self._of_cause(run.org_id, cause) if cause else None
            if first is None:
                raise Conflict("There is a run with this id.") from None
            return first
        self._teller.tell(drafts)
        return run

    async def get(self, run_id: JobId) -> Run | None:
        """The run, or None."""
        return await self._run(_BODIES.where(t.c.id == run_id))

    async def page(self, org_id: str, *, limit: int, before: datetime | None) -> Sequence[Run]:
        """Runs of an organisation, the newest first."""
        query = _BODIES.where(t.c.org_id == org_id)
        if before is not None:
            query = query.where(t.c.created_at < before)
        return await self._runs(query.order_by(t.c.created_at.desc(), t.c.id.desc()).limit(limit))

    async def seek(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[Run]:
        """Runs of an organisation, the newest first."""
        return await self._runs(page_of([t.c.body], t, org_id, sought, limit=limit))

    async def progress(self, run_ids: Sequence[JobId]) -> Mapping[JobId, tuple[int, int]]:
        """How many shots of each of these runs have ended, and how many there are."""
        if not run_ids:
            return {}
        status = _in_body(self._engine, "status")
        ended = sa.func.count().filter(
            status.in_(sorted(one for one in ShotStatus if one.is_terminal))
        )
        query = (
            sa.select(s.c.run_id, ended, sa.func.count())
            .where(s.c.run_id.in_(run_ids))
            .group_by(s.c.run_id)
        )
        async with reading(self._engine, SHOTS_WITHIN_S) as connection:
            rows = await connection.execute(query)
            return {JobId(run_id): (done, total) for run_id, done, total in rows}

    async def first_pictures(self, run_ids: Sequence[JobId]) -> Mapping[JobId, str]:
        """The name of the first picture of each of these runs that has one; mostly of its first shot."""
        if not run_ids:
            return {}
        chosen = _in_body(self._engine, "chosen")
        first = (
            sa.select(s.c.name + "." + chosen)
            .where(s.c.run_id == t.c.id, chosen.is_not(None))
            .order_by(s.c.name)
            .limit(1)
            .scalar_subquery()
        )
        query = sa.select(t.c.id, first).where(t.c.id.in_(run_ids))
        async with reading(self._engine, SHOTS_WITHIN_S) as connection:
            rows = (await connection.execute(query)).all()
        return {JobId(run_id): name for run_id, name in rows if name is not None}

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[Run]:
        """Runs that have not ended, the oldest first."""
        query = _BODIES.where(OPEN, t.c.created_at < created_before)
        if created_after is not None:
            query = query.where(t.c.created_at > created_after)
        return await self._runs(query.order_by(t.c.created_at, t.c.id).limit(limit))

    async def change(self, run_id: JobId, edit: RunEdit, *, epoch: int | None = None) -> Run:
        """Change a run."""
        is_it = t.c.id == run_id
        async with changing(self._engine) as connection:
            _, body = await _of_epoch(connection, run_id, epoch, alone=True)
            run = Run.model_validate_json(body)
            changed = edit(run)
            if changed != run:
                await connection.execute(sa.update(t).where(is_it).values(_values(changed)))
            if changed.exports != run.exports:
                await keep_exports(connection, changed)
            drafts = self._teller.changed(run, changed)
            await _append(connection, drafts)
        self._teller.tell(drafts)
        return changed

    async def shots(self, run_id: JobId) -> Sequence[Shot]:
        """The shots of a run, in the story's order."""
        query = sa.select(s.c.body).where(s.c.run_id == run_id)
        async with reading(self._engine, SHOTS_WITHIN_S) as connection:
            bodies = list((await connection.execute(query)).scalars())
        if sum(map(len, bodies)) > _SMALL:
            return await to_thread.run_sync(_shots_of, bodies)
        return _shots_of(bodies)

    async def add_shots(self, run_id: JobId, shots: Sequence[Shot], *, epoch: int) -> None:
        """Keep new shots."""
        known = sa.select(s.c.name).where(s.c.run_id == run_id)
        async with changing(self._engine, SHOTS_WITHIN_S) as connection:
            # Alone, so that nobody adds the same ones meanwhile.
            org_id, _ = await _of_epoch(connection, run_id, epoch, alone=True)
            kept = set((await connection.execute(known)).scalars())
            new = {shot.id: shot for shot in shots if shot.id not in kept}
            if new:
                rows = [_row(run_id, shot) for shot in new.values()]
                await connection.execute(sa.insert(s), rows)
            drafts = self._teller.shots_added(list(new.values()), org_id=org_id, run_id=run_id)
            await _append(connection, drafts)
        self._teller.tell(drafts)

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        """Change a shot."""
        is_it = sa.and_(s.c.run_id == run_id, s.c.name == name)
        async with changing(self._engine) as connection:
            org_id, _ = await _of_epoch(connection, run_id, epoch, alone=False)
            found = await connection.execute(sa.select(s.c.body).where(is_it).with_for_update())
            body = found.scalar()
            if body is None:
                raise ShotNotFound
            shot = Shot.model_validate_json(body)
            changed = edit(shot)
            if changed != shot:
                values = {"body": _json(changed)}
                await connection.execute(sa.update(s).where(is_it).values(values))
            drafts = self._teller.shot_changed(shot, changed, org_id=org_id, run_id=run_id)
            await _append(connection, drafts)
        self._teller.tell(drafts)
        return changed

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[Run]:
        """Remove the runs that ended first, with their shots."""
        oldest = (
            _BODIES.where(_ENDED, t.c.completed_at < ended_before)
            .order_by(t.c.completed_at, t.c.id)
            .limit(limit)
            # Others may forget at the same time.
            .with_for_update(skip_locked=True)
        )
        async with changing(self._engine, FORGET_WITHIN_S) as connection:
            gone = await _runs_of(connection, oldest)
            ids = [run.id for run in gone]
            if ids:
                await connection.execute(sa.delete(s).where(s.c.run_id.in_(ids)))
                await drop_exports(connection, ids)
                await connection.execute(sa.delete(t).where(t.c.id.in_(ids)))
        return gone

    async def ended(self, *, before: datetime) -> int:
        """How many runs ended before this time."""
        query = sa.select(sa.func.count()).where(_ENDED, t.c.completed_at < before)
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).scalar_one()

    async def seek_exports(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[RunExport]:
        """Exports of an organisation's runs, the last asked for first."""
        return await self._exports(sought_exports(org_id, sought, limit=limit))

    async def export(self, export_id: JobId) -> RunExport | None:
        """One of them, or None."""
        found = await self._exports(export_of(export_id))
        return found[0] if found else None

    async def open_exports(self, run_ids: Collection[JobId]) -> Sequence[RunExport]:
        """Those of these runs that have not ended."""
        return await self._exports(exports_open(run_ids))

    async def unfinished_exports(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[RunExport]:
        """Exports that have not ended, the first asked for first."""
        query = exports_unfinished(
            created_before=created_before, limit=limit, created_after=created_after
        )
        return await self._exports(query)

    async def oldest(self, *, without_ended_before: datetime | None = None) -> datetime | None:
        """When the oldest run was made, without those that ended before a time."""
        query = sa.select(sa.func.min(t.c.created_at))
        if without_ended_before is not None:
            query = query.where(sa.or_(OPEN, t.c.completed_at >= without_ended_before))
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).scalar()

    async def _of_cause(self, org_id: str, cause: str) -> Run | None:
        return await self._run(_BODIES.where(t.c.org_id == org_id, t.c.cause == cause))

    async def _run(self, query: sa.Select[str]) -> Run | None:
        found = await self._runs(query)
        return found[0] if found else None

    async def _exports(self, query: sa.Select[Any]) -> list[RunExport]:
        async with reading(self._engine) as connection:
            return await exports_of(connection, query)

    async def _runs(self, query: sa.Select[str]) -> list[Run]:
        async with reading(self._engine) as connection:
            return await _runs_of(connection, query)


def _in_body(engine: AsyncEngine, name: str) -> sa.ColumnElement[str]:
    """A field of a shot, as a word."""
    if engine.dialect.name == "sqlite":
        return sa.cast(sa.func.json_extract(s.c.body, f"$.{name}"), sa.Text)
    return sa.cast(s.c.body, postgresql.JSON)[name].astext


async def _of_epoch(
    connection: AsyncConnection, run_id: JobId, epoch: int | None, *, alone: bool
) -> tuple[str, str]:
    """Whose the run is, and its body, which nobody changes until the end of the transaction.

    Raises `RunNotFound`, and `Superseded` where it has another epoch than the wanted one.
    """
    query = sa.select(t.c.epoch, t.c.org_id, t.c.body).where(t.c.id == run_id)
    found = (await connection.execute(query.with_for_update(read=not alone))).first()
    if found is None:
        raise RunNotFound
    if epoch is not None and found.epoch != epoch:
        raise Superseded
    return found.org_id, found.body


async def _append(connection: AsyncConnection, drafts: Sequence[Draft]) -> None:
    """Let the log have them with what they tell of, or neither of both."""
    if drafts:
        await append_within(connection, drafts)


async def _runs_of(connection: AsyncConnection, query: sa.Select[str]) -> list[Run]:
    bodies = (await connection.execute(query)).scalars()
    return list(_readable(bodies))


def _readable(bodies: Iterable[str]) -> Iterator[Run]:
    """The runs that can be read. One that cannot, of a newer version say, stands in no other's way."""
    for body in bodies:
        try:
            yield Run.model_validate_json(body)
        except ValidationError as fault:
            where = fault.errors(include_input=False)[0]["loc"]
            # A body begins with the id of its run.
            log.error("a run cannot be read", extra={"row": body[:_ID_IN_BODY], "where": where})  # noqa: TRY400 - its text holds the story


def _values(run: Run) -> dict[str, Any]:
    return {
        "status": run.status,
        "epoch": run.epoch,
        "completed_at": run.completed_at,
        "body": _json(run),
    }


def _row(run_id: JobId, shot: Shot) -> dict[str, str]:
    return {"run_id": run_id, "name": shot.id, "body": _json(shot)}


def _json(kept: Run | Shot) -> str:
    """The body. Half a surrogate pair, which sessions may have among parameters, is marked in it."""
    try:
        return kept.model_dump_json(by_alias=True)
    except PydanticSerializationError:
        return json.dumps(storable(kept.model_dump(by_alias=True, mode="json")))


def _shots_of(bodies: Sequence[str]) -> list[Shot]:
    shots = [Shot.model_validate_json(body) for body in bodies]
    return sorted(shots, key=lambda shot: (shot.place, shot.id))
