"""Addresses of PostgreSQL, as people and Supabase write them."""

import pytest

from storyloom.adapters.sql._database import open_database, reading
from storyloom.adapters.sql._postgres import postgres_url as url_of
from storyloom.errors import Misconfigured

POOLER = "postgres.abc:p%40ss@aws-0-eu-central-1.pooler.supabase.com:5432/postgres"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_scheme_leads_to_psycopg(scheme: str) -> None:
    url = url_of(f"{scheme}://{POOLER}?sslmode=require")

    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password) == ("postgres.abc", "p@ss")
    assert url.query["sslmode"] == "require"


def test_what_only_other_libraries_know_is_left_out() -> None:
    url = url_of(f"postgres://{POOLER}?pgbouncer=true&connection_limit=1&sslmode=require")

    assert {"pgbouncer", "connection_limit"} & url.query.keys() == set()


def test_ones_own_choice_wins() -> None:
    url = url_of(f"postgres://{POOLER}?application_name=mine&keepalives_idle=5")

    assert (url.query["application_name"], url.query["keepalives_idle"]) == ("mine", "5")
    assert url.query["tcp_user_timeout"] == "15000"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("postgresql://me:hunter2@host:port/name", "DATABASE_URL"),
        ("postgresql:/hunter2", "DATABASE_URL"),
        ("postgresql://me:hunter2@host/name?sslmod=require", "sslmod"),
    ],
)
def test_a_mistake_is_told_without_the_password(address: str, named: str) -> None:
    with pytest.raises(Misconfigured, match=named) as fault:
        url_of(address)

    assert fault.value.setting == "DATABASE_URL"
    assert "hunter2" not in fault.value.message


async def test_a_session_speaks_utc_and_ends_what_nobody_waits_for(postgres_url: str) -> None:
    async with open_database(postgres_url) as database, reading(database) as connection:
        zone = (await connection.exec_driver_sql("SHOW timezone")).scalar()
        limit = (await connection.exec_driver_sql("SHOW statement_timeout")).scalar()

    assert (zone, limit) == ("UTC", "1min")
