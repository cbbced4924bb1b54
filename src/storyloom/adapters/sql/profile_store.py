"""The profiles of organisations in an SQL database."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import changing, inserting, reading, writing
from storyloom.adapters.sql._tables import old_logos
from storyloom.adapters.sql._tables import presets as t
from storyloom.kit.clock import Clock
from storyloom.storyboard.profiles.ports import ProfileChange, ProfileEdit
from storyloom.storyboard.profiles.schemas import StoredProfile

_LOGO = ("preset", "brand", "logo", "picture", "key")
_LOGO_IN_SQLITE = sa.func.json_extract(t.c.body, "$." + ".".join(_LOGO))
_LOGO_IN_POSTGRES = sa.cast(t.c.body, postgresql.JSON)[_LOGO].astext


class SqlProfileStore:
    """Keeps them in the table `storyloom_presets`, and notes of old logos in `storyloom_old_logos`.

    What a row holds is its own version: a change is written where the body is still the text that
    the edit saw, whoever else writes, older releases among them.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        """Take an open engine, whose closing is its owner's part, and the clock of this machine."""
        self._engine = engine
        self._clock = clock

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        return _read(await self._body(_is_it(org_id, key)))

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        query = sa.select(t.c.body).where(t.c.org_id == org_id).order_by(t.c.key)
        async with reading(self._engine) as connection:
            bodies = (await connection.execute(query)).scalars().all()
        return [StoredProfile.model_validate_json(body) for body in bodies]

    async def change(self, org_id: str, key: str, edit: ProfileEdit) -> ProfileChange:
        """Let the edit say what becomes of the profile, until nobody was faster."""
        while True:
            seen = await self._body(_is_it(org_id, key))
            change = ProfileChange(before := _read(seen), edit(before))
            if change.after == before:
                return change
            if await self._swapped((org_id, key), seen, change):
                return change

    async def laid_aside(self, *, before: datetime) -> Sequence[str]:
        """The logos that were laid aside before this time."""
        is_sqlite = self._engine.dialect.name == "sqlite"
        found = _LOGO_IN_SQLITE if is_sqlite else _LOGO_IN_POSTGRES
        named = sa.select(found).where(found == old_logos.c.key)
        query = sa.select(old_logos.c.key).where(
            old_logos.c.laid_aside_at < before, sa.not_(named.exists())
        )
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).scalars().all()

    async def forget_logo(self, key: str) -> None:
        """Keep no note of a logo any more."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.delete(old_logos).where(old_logos.c.key == key))

    async def _swapped(
        self, place: tuple[str, str], seen: str | None, change: ProfileChange
    ) -> bool:
        """Write it in place of what was seen; False where that is there no more."""
        async with changing(self._engine) as connection:
            swap = self._swap(place, seen, change.after)
            is_written = (await connection.execute(swap)).first() is not None
            if is_written and change.laid_aside is not None:
                await connection.execute(self._lay_aside(change.laid_aside))
        return is_written

    def _swap(
        self, place: tuple[str, str], seen: str | None, after: StoredProfile | None
    ) -> sa.Executable:
        is_as_seen = sa.and_(_is_it(*place), t.c.body == seen)
        if after is None:
            return sa.delete(t).where(is_as_seen).returning(t.c.key)
        body = after.model_dump_json()
        if seen is not None:
            return sa.update(t).where(is_as_seen).values(body=body).returning(t.c.key)
        row = {"org_id": place[0], "key": place[1], "body": body}
        adding = inserting(self._engine, t).values(row).on_conflict_do_nothing()
        return adding.returning(t.c.key)

    def _lay_aside(self, logo: str) -> sa.Executable:
        row = inserting(self._engine, old_logos).values(key=logo, laid_aside_at=self._clock.now())
        return row.on_conflict_do_update(
            index_elements=[old_logos.c.key], set_={"laid_aside_at": row.excluded.laid_aside_at}
        )

    async def _body(self, is_it: sa.ColumnElement[bool]) -> str | None:
        async with reading(self._engine) as connection:
            return (await connection.execute(sa.select(t.c.body).where(is_it))).scalar()


def _is_it(org_id: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.org_id == org_id, t.c.key == key)


def _read(body: str | None) -> StoredProfile | None:
    return None if body is None else StoredProfile.model_validate_json(body)
