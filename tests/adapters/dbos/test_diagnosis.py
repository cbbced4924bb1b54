"""What is said of the engine's tables."""

from collections.abc import Generator

import pytest
import sqlalchemy as sa

from storyloom.adapters.dbos._client import migrate_engine
from storyloom.adapters.dbos._diagnosis import look_at_tables
from storyloom.kit.findings import Verdict


@pytest.fixture
def database(postgres_url: str) -> Generator[sa.Engine]:
    engine = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+psycopg"))
    yield engine
    engine.dispose()


def test_they_are_missing_then_there_then_older(database: sa.Engine, postgres_url: str) -> None:
    missing = look_at_tables(database, migrates=True)
    by_hand = look_at_tables(database, migrates=False)
    migrate_engine(postgres_url)
    there = look_at_tables(database, migrates=True)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE dbos.dbos_migrations SET version = version - 1"))
    older = look_at_tables(database, migrates=False)

    assert (missing.status, by_hand.status) == (Verdict.WARNING, Verdict.ERROR)
    assert missing.says == "The engine's tables, in the schema dbos, are missing."
    assert there.status is Verdict.OK
    assert older.says.startswith("The engine's tables are older than this version (step ")
    assert older.mend == "Run `storyloom migrate`."
