"""What SQLAlchemy calls in its greenlets, where coverage does not look, called from blocking engines."""

from collections.abc import Generator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError

from storyloom.adapters.sql import _sqlite
from storyloom.adapters.sql._postgres import _drop_if_dead, _leave_a_standby
from storyloom.adapters.sql._sqlite import _bring_up_to_date, _complete, _prepare
from storyloom.adapters.sql._tables import metadata
from storyloom.adapters.sql._types import UsDollars


@pytest.fixture
def file(tmp_path: Path) -> Generator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'storyloom.sqlite'}")
    event.listen(engine, "connect", _prepare)
    yield engine
    engine.dispose()


def test_a_file_is_opened_so_that_a_commit_is_safe(file: sa.Engine) -> None:
    with file.connect() as connection:
        said = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("busy_timeout", "journal_mode", "synchronous")
        ]

    assert said == [15000, "wal", 2]


def test_only_what_is_missing_or_old_is_written(file: sa.Engine) -> None:
    def kept(connection: sa.Connection) -> dict[str, str]:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")
        return {row.name: row.sql for row in rows}

    with file.begin() as connection:
        _complete(connection)
        whole = kept(connection)
        view = next(name for name, sql in whole.items() if sql and sql.startswith("CREATE VIEW"))
        connection.exec_driver_sql("DROP INDEX idx_storyboard_jobs_ended")
        connection.exec_driver_sql(f"DROP VIEW {view}")
        connection.exec_driver_sql(f"CREATE VIEW {view} AS SELECT 1")
        _complete(connection)
        changes = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
        _complete(connection)

        assert kept(connection) == whole
        assert whole.keys() >= metadata.tables.keys()
        assert connection.exec_driver_sql("PRAGMA schema_version").scalar_one() == changes


def test_a_version_that_cannot_be_made_leaves_nothing_half_made(
    file: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as wrong:
        wrong.setattr(_sqlite, "VIEWS", {"wrong": "SELECT nothing FROM nowhere, "})
        with pytest.raises(OperationalError, match="syntax"):
            _bring_up_to_date(file.url)
    assert sa.inspect(file).get_table_names() == []

    _bring_up_to_date(file.url)

    assert set(sa.inspect(file).get_table_names()) >= metadata.tables.keys()


def test_whoever_writes_while_it_is_looked_at_is_waited_for(
    file: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def disturbed(connection: sa.Connection) -> None:
        begun.append("looked")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if len(begun) == 1:  # after that, nobody else can
            with file.begin() as other:
                other.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
        _complete(connection)

    monkeypatch.setattr(_sqlite, "_complete", disturbed)

    _bring_up_to_date(file.url)

    assert begun == ["looked", "looked"]
    assert set(sa.inspect(file).get_table_names()) > metadata.tables.keys()


@pytest.mark.parametrize("dollars", [None, Decimal("0.000000000001"), Decimal("12.5"), Decimal(0)])
def test_dollars_are_whole_picodollars_in_a_file(dollars: Decimal | None) -> None:
    kind, dialect = UsDollars(), sqlite.dialect()

    kept = kind.process_bind_param(dollars, dialect)

    assert kept is None or isinstance(kept, int)
    assert kind.process_result_value(kept, dialect) == dollars


def test_a_connection_is_dropped_when_its_server_has_hung_up(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as driver, psycopg.connect(postgres_url) as other:
        pooled: Any = SimpleNamespace(driver_connection=driver)
        entry: Any = None
        _drop_if_dead(pooled, entry, None)

        other.execute("SELECT pg_terminate_backend(%s, 20000)", [driver.info.backend_pid])

        with pytest.raises(InvalidatePoolError):
            _drop_if_dead(pooled, entry, None)


def test_a_server_that_only_reads_loses_its_connections(postgres_url: str) -> None:
    engine = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+psycopg"))
    event.listen(engine, "handle_error", _leave_a_standby)

    def is_left_after(statement: str) -> bool:
        with engine.connect() as connection:
            connection.execute(sa.text("SET default_transaction_read_only = on"))
            connection.commit()
            with pytest.raises(DBAPIError) as caught:
                connection.execute(sa.text(statement))
            return caught.value.connection_invalidated

    assert not is_left_after("SELECT nothing")
    assert is_left_after("CREATE TABLE more (id int)")
    engine.dispose()
