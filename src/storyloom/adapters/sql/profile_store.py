"""The profiles of organisations in an SQL database."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, reading, writing
from storyloom.adapters.sql._tables import presets as t
from storyloom.storyboard.profiles.ports import ProfileChange, ProfileEdit
from storyloom.storyboard.profiles.schemas import StoredProfile

_LOGO = ("preset", "brand", "logo", "picture", "key")
_LOGO_IN_SQLITE = sa.func.json_extract(t.c.body, "$." + ".".join(_LOGO))
_LOGO_IN_POSTGRES = sa.cast(t.c.body, postgresql.JSON)[_LOGO].astext


class SqlProfileStore:
    """Keeps them in the table `storyloom_presets`.

    What a row holds is its own version: a change is written where the body is still the text that
    the edit saw, whoever else writes, older releases among them.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

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
            if await self._swapped((org_id, key), seen, change.after):
                return change

    async def logos(self) -> frozenset[str]:
        """The keys of the files of all logos."""
        is_sqlite = self._engine.dialect.name == "sqlite"
        found = _LOGO_IN_SQLITE if is_sqlite else _LOGO_IN_POSTGRES
        query = sa.select(found).where(found.is_not(None))
        async with reading(self._engine) as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def _swapped(
        self, place: tuple[str, str], seen: str | None, after: StoredProfile | None
    ) -> bool:
        """Write it in place of what was seen; False where that is there no more."""
        is_as_seen = sa.and_(_is_it(*place), t.c.body == seen)
        if after is None:
            statement = sa.delete(t).where(is_as_seen).returning(t.c.key)
        elif seen is not None:
            changing = sa.update(t).where(is_as_seen).values(body=after.model_dump_json())
            statement = changing.returning(t.c.key)
        else:
            row = {"org_id": place[0], "key": place[1], "body": after.model_dump_json()}
            adding = inserting(self._engine, t).values(row).on_conflict_do_nothing()
            statement = adding.returning(t.c.key)
        async with writing(self._engine) as connection:
            return (await connection.execute(statement)).first() is not None

    async def _body(self, is_it: sa.ColumnElement[bool]) -> str | None:
        async with reading(self._engine) as connection:
            return (await connection.execute(sa.select(t.c.body).where(is_it))).scalar()


def _is_it(org_id: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.c.org_id == org_id, t.c.key == key)


def _read(body: str | None) -> StoredProfile | None:
    return None if body is None else StoredProfile.model_validate_json(body)
