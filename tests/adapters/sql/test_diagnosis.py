"""Every mistake with PostgreSQL, made for real: what is said of it, and how to mend it."""

from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from anyio import to_thread

from storyloom.adapters.sql import _diagnosis
from storyloom.adapters.sql._connecting import host_of, place_of, pooler, refusal
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._migrations import pending, upgrade
from storyloom.errors import StoryloomError, Unavailable
from storyloom.kit.findings import Finding, Verdict
from tests.databases import PostgresServer, free_port, postgres_running

ROLES = """
    CREATE ROLE wary LOGIN PASSWORD 'right';
    CREATE ROLE encrypted LOGIN;
    CREATE ROLE stranger LOGIN;
    CREATE ROLE one LOGIN CONNECTION LIMIT 0;
    CREATE ROLE guest LOGIN;
"""
HBA = """
host all wary 127.0.0.1/32 scram-sha-256
hostssl all encrypted 127.0.0.1/32 trust
host all stranger 127.0.0.1/32 reject
host all encrypted 127.0.0.1/32 reject
"""


@pytest.fixture(scope="module")
def strict() -> Generator[PostgresServer]:
    """One that does not let everybody in."""
    with postgres_running() as server:
        file = server.folder / "data" / "pg_hba.conf"
        file.write_text(HBA + file.read_text("utf-8"), "utf-8")
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(ROLES.encode())
            connection.execute("SELECT pg_reload_conf()")
        yield server


async def refused(address: str) -> Finding:
    async with open_database(address) as engine:
        try:
            await _diagnosis.server_of(engine)
        except StoryloomError as fault:
            return refusal(address, fault)
    pytest.fail("it connected")


@pytest.mark.parametrize(
    ("address", "says", "mend"),
    [
        ("postgres@127.0.0.1:{closed}/jobs", "Nothing listens at 127.0.0.1:{closed}", "pg_isready"),
        ("wary:hunter2@127.0.0.1:{port}/postgres", "refuses the user or the password", "%40"),
        ("wary@127.0.0.1:{port}/postgres", "asks for a password, and DATABASE_URL has", "PASSWORD"),
        ("nobody@127.0.0.1:{port}/postgres", "refuses the user or the password", "%40"),
        ("postgres@127.0.0.1:{port}/jobs", "has no database 'jobs'", "createdb jobs"),
        ("encrypted@127.0.0.1:{port}/postgres", "over TLS only", "?sslmode=require"),
        ("postgres@127.0.0.1:{port}/postgres?sslmode=require", "does not speak it", "sslmode"),
        ("one@127.0.0.1:{port}/postgres", "no connection to spare", "fewer processes"),
        ("postgres@127.0.0.1:{port}/postgres?sslmode=odd", 'invalid sslmode value: "odd".', "psql"),
    ],
)
async def test_addresses_that_are_wrong(
    strict: PostgresServer, *, address: str, says: str, mend: str
) -> None:
    ports = {"closed": free_port(), "port": strict.port}

    found = await refused(f"postgresql://{address.format(**ports)}")

    assert (found.check, found.status) == ("database", Verdict.ERROR)
    assert says.format(**ports) in found.says
    assert mend in found.mend
    assert "hunter2" not in found.says + found.mend


async def test_a_server_that_hangs(strict: PostgresServer) -> None:
    strict.pause()
    try:
        found = await refused(strict.url)
    finally:
        strict.resume()

    assert "did not answer in time" in found.says


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("FATAL:  Tenant or user not found", "pooler does not know the user"),
        ("FATAL:  no pg_hba.conf entry for host, user, no encryption", "over TLS only"),
        (
            "FATAL:  no pg_hba.conf entry for host, user, SSL encryption",
            "does not let this machine",
        ),
        ("FATAL:  no pg_hba.conf entry for host", "does not let this machine"),
        ("SSL error: certificate verify failed", "certificate"),
        ("FATAL:  sorry, too many clients already", "no connection to spare"),
        ("FATAL:  the database system is starting up", "starting or stopping"),
        ("failed to resolve host 'db': Name or service not known", "host is not known here"),
        ("received invalid response to SSL negotiation: H", "is no PostgreSQL"),
        ("Network is unreachable", "no way through the network"),
    ],
)
def test_what_cannot_be_made_here_is_told_from_its_words(words: str, says: str) -> None:
    fault = Unavailable(f"The job archive did not answer: {words}")

    assert says in refusal("postgresql://me:hunter2@db/jobs", fault).says


def test_a_pooler_in_transaction_mode() -> None:
    (supabase,) = pooler("postgresql://me@aws-0-eu.pooler.supabase.com:6543/postgres")
    (other,) = pooler("postgresql://me@127.0.0.1:6543/postgres")

    assert (supabase.status, other.status) == (Verdict.ERROR, Verdict.WARNING)
    assert "6543" in supabase.says
    assert "session mode, port 5432" in supabase.mend
    assert pooler("postgresql://me@127.0.0.1/postgres") == []


def test_a_place_is_told_without_the_password() -> None:
    assert place_of("postgres://me:hunter2@db:7000/jobs") == "db:7000, database jobs"
    assert place_of("postgres://me@/") == "localhost:5432, database me"
    assert host_of("postgres://me@/jobs?host=/run/pg") == "/run/pg:5432"


async def test_a_server_that_takes_no_writes_says_so(strict: PostgresServer) -> None:
    url = strict.new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        name = url.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())

    async with open_database(url) as engine:
        server = await _diagnosis.server_of(engine)

    assert server.is_read_only
    assert not server.is_standby


async def tables_of(url: str, *, migrates: bool = True) -> Finding:
    async with open_database(url) as engine:
        (found,) = await _diagnosis.look_at_tables(engine, migrates=migrates)
    return found


async def test_tables_that_are_missing(postgres_url: str) -> None:
    found = await tables_of(postgres_url)
    by_hand = await tables_of(postgres_url, migrates=False)

    assert (found.status, by_hand.status) == (Verdict.WARNING, Verdict.ERROR)
    missing = await to_thread.run_sync(pending, postgres_url)
    assert found.says == by_hand.says == f"The database lacks {', '.join(missing)}."
    assert by_hand.mend == "Run `storyloom migrate`."


async def test_tables_that_are_older(postgres_url: str) -> None:
    await to_thread.run_sync(upgrade, postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("UPDATE storyloom_migrations SET version_num = '004_job_indexes'")

    first, *others = await to_thread.run_sync(pending, postgres_url)
    assert first == "005_model_calls.sql"
    missing = ", ".join([first, *others])
    assert (await tables_of(postgres_url)).says == f"The database lacks {missing}."


async def test_tables_that_are_up_to_date_or_were_removed(postgres_url: str) -> None:
    await to_thread.run_sync(upgrade, postgres_url)
    well = await tables_of(postgres_url)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("DROP TABLE storyboard_jobs CASCADE")
    gone = await tables_of(postgres_url)

    assert well.status is Verdict.OK
    assert gone.status is Verdict.ERROR
    assert "storyboard_jobs is missing" in gone.says
    assert "sql/002_storyboard_jobs.sql" in gone.mend


async def rights_of(url: str, role: str) -> list[Finding]:
    async with open_database(url.replace("postgres@", f"{role}@")) as engine:
        return list(await _diagnosis.look_at_rights(engine))


async def test_a_role_without_rights_or_behind_row_level_security(strict: PostgresServer) -> None:
    url = strict.new_database()
    before = await rights_of(url, "postgres")
    may_not_make = await tables_of(url.replace("postgres@", "guest@"))
    await to_thread.run_sync(upgrade, url)
    owner = await rights_of(url, "postgres")
    without = await rights_of(url, "guest")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON storyboard_jobs TO guest")
        hidden = await rights_of(url, "guest")
        connection.execute("CREATE POLICY all_of_it ON storyboard_jobs TO guest USING (true)")
        let_in = await rights_of(url, "guest")

    assert before == []
    assert (may_not_make.status, "may not make tables" in may_not_make.says) == ("error", True)
    assert owner[0].status is let_in[0].status is Verdict.OK
    assert without[0].says == "The role guest may not read and write the table storyboard_jobs."
    assert hidden[0].says == "Row level security hides all jobs from the role guest."
    assert "BYPASSRLS" in hidden[0].mend


async def test_a_file_is_read_and_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "a name with ? and %.sqlite"
    file.touch()
    async with _diagnosis.reading_file(file) as empty:
        assert not await _diagnosis.has_jobs(empty)
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'full.sqlite'}"):
        pass
    async with _diagnosis.reading_file(tmp_path / "full.sqlite") as full:
        assert await _diagnosis.has_jobs(full)

    assert file.stat().st_size == 0
