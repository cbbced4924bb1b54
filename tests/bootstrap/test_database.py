"""The address of the shared database, as every part of ours reads it."""

from pathlib import Path
from typing import Any

import pytest

from storyloom.bootstrap.archive import records_of
from storyloom.bootstrap.database import shared_database
from storyloom.bootstrap.engine import engine_of
from storyloom.errors import Misconfigured
from storyloom.settings import Settings


def settings(tmp_path: Path, **chosen: Any) -> Settings:
    return Settings.load(data_dir=tmp_path, **chosen)


def test_without_an_address_nothing_is_shared(tmp_path: Path) -> None:
    assert shared_database(settings(tmp_path)) is None


def test_a_password_survives_with_all_its_marks(tmp_path: Path) -> None:
    address = "postgres://me:p%40ss%2Fword@db.example:6543/jobs?sslmode=require"

    shared = shared_database(settings(tmp_path, database_url=address))

    assert shared is not None
    assert shared.startswith("postgresql+psycopg://me:p%40ss%2Fword@db.example:6543/jobs?")
    assert "sslmode=require" in shared


async def test_options_of_other_programs_disturb_no_part(tmp_path: Path, postgres_url: str) -> None:
    address = f"{postgres_url}?pgbouncer=true&connection_limit=1"
    chosen = settings(tmp_path, database_url=address)

    async with (
        records_of(chosen) as records,
        engine_of(chosen, [], takes_jobs=False) as opened,
    ):
        await records.archive.ping()
        await opened.engine.ping()


async def test_work_cannot_be_left_to_others_without_a_shared_database(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="set DATABASE_URL") as fault:
        async with engine_of(settings(tmp_path), [], takes_jobs=False):
            pytest.fail("it opened")

    assert fault.value.setting == "DATABASE_URL"
