"""The numbered files: what they make, and that they may be run in any way, again and again."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from storyloom.adapters.sql._migrations import pending, script, upgrade
from storyloom.adapters.sql._postgres import postgres_url as url_of
from storyloom.adapters.sql._tables import metadata
from storyloom.errors import Unavailable
from tests.databases import PostgresServer, postgres_running

FOLDER = Path(__file__).parents[3] / "sql"
FILES = sorted(file.name for file in FOLDER.glob("*.sql"))
INDEXES = {
    "idx_storyboard_jobs_org_id",
    "idx_storyboard_jobs_status",
    "idx_storyboard_jobs_created",
    "idx_storyboard_jobs_type",
    "idx_storyboard_jobs_org_status",
}
TYPES = {
    "id": "uuid",
    "org_id": "text",
    "job_type": "text",
    "status": "text",
    "input_params": "jsonb",
    "result_image": "text",
    "understanding": "jsonb",
    "error_message": "text",
    "execution_time_ms": "integer",
    "created_at": "timestamp with time zone",
    "completed_at": "timestamp with time zone",
}
VIEWS = (
    "recent_storyboard_jobs",
    "storyboard_job_stats",
    "storyboard_org_usage",
    "storyboard_failures",
)
JOB = (
    "INSERT INTO storyboard_jobs (org_id, job_type, input_params) "
    "VALUES ('my-org', 'code_to_storyboard', '{}')"
)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def made(url: str) -> list[tuple[Any, ...]]:
    """Everything that the files make, as the catalogue tells it."""
    return rows(
        url,
        """
        SELECT 'column', table_name, column_name, data_type, column_default
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'index', tablename, indexname, indexdef, NULL
            FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'view', viewname, definition, NULL, NULL
            FROM pg_views WHERE schemaname = 'public'
        UNION ALL SELECT 'policy', tablename, policyname, roles::text, qual FROM pg_policies
        UNION ALL SELECT 'check', conname, pg_get_constraintdef(oid), NULL, NULL
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'table', relname, relrowsecurity::text, reloptions::text, relacl::text
            FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
        ORDER BY 1, 2, 3, 4, 5
        """,
    )


def test_the_documented_table_is_made(postgres_url: str) -> None:
    upgrade(postgres_url)

    columns = dict(
        rows(
            postgres_url,
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = 'storyboard_jobs'",
        )
    )
    indexes = dict(rows(postgres_url, "SELECT indexname, indexdef FROM pg_indexes"))
    assert {name: columns[name] for name in TYPES} == TYPES
    assert indexes.keys() >= INDEXES
    assert "created_at DESC" in indexes["idx_storyboard_jobs_created"]


def test_the_files_and_the_tables_agree(postgres_url: str) -> None:
    upgrade(postgres_url)
    engine = sa.create_engine(url_of(postgres_url))

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": "storyloom_migrations"}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_a_second_run_changes_nothing(postgres_url: str) -> None:
    assert pending(postgres_url) == FILES
    assert upgrade(postgres_url) == FILES
    before = made(postgres_url)

    assert pending(postgres_url) == []
    assert upgrade(postgres_url) == []
    assert script(postgres_url) == ""
    assert made(postgres_url) == before


def test_files_run_by_hand_change_nothing(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    upgrade(postgres_url)
    run(postgres_url, JOB)
    before = made(postgres_url)

    said = [postgres_server.psql(postgres_url, (FOLDER / name).read_text()) for name in FILES]

    assert [line for line in said if "ERROR" in line] == []
    assert made(postgres_url) == before
    assert rows(postgres_url, "SELECT count(*) FROM storyboard_jobs") == [(1,)]


def test_who_ran_the_files_by_hand_may_still_migrate(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    for name in FILES:
        postgres_server.psql(postgres_url, (FOLDER / name).read_text())
    before = made(postgres_url)

    assert upgrade(postgres_url) == FILES

    assert made(postgres_url) == before


def test_many_may_start_at_once(postgres_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(upgrade, [postgres_url] * 4))

    assert sorted(map(len, applied)) == [0, 0, 0, len(FILES)]
    assert pending(postgres_url) == []


def test_a_role_that_may_not_make_tables_can_start(
    postgres_url: str, postgres_server: PostgresServer
) -> None:
    upgrade(postgres_url)
    name = postgres_url.rpartition("/")[2]
    run(
        postgres_url,
        f"CREATE ROLE only_{name} LOGIN",
        f"GRANT SELECT ON storyloom_migrations TO only_{name}",
        f"ALTER ROLE only_{name} BYPASSRLS",
    )

    assert upgrade(postgres_url.replace("postgres@", f"only_{name}@")) == []


def test_an_older_table_is_brought_up_to_date(postgres_url: str) -> None:
    run(
        postgres_url,
        "CREATE TABLE storyboard_jobs (id UUID PRIMARY KEY, org_id TEXT NOT NULL, "
        "job_type TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('pending', 'failed')), "
        "input_params JSONB NOT NULL, result_image TEXT, understanding JSONB, "
        "error_message TEXT, execution_time_ms INTEGER, "
        "created_at TIMESTAMPTZ NOT NULL DEFAULT now(), completed_at TIMESTAMPTZ)",
        "CREATE VIEW storyboard_job_stats AS SELECT status, job_type FROM storyboard_jobs",
        "INSERT INTO storyboard_jobs (id, org_id, job_type, status, input_params) "
        "VALUES (gen_random_uuid(), 'my-org', 'code_to_storyboard', 'pending', '{}')",
    )

    upgrade(postgres_url)

    run(postgres_url, "UPDATE storyboard_jobs SET status = 'cancelled', error_code = 'x'")
    assert rows(postgres_url, "SELECT total_jobs, cancelled FROM storyboard_job_stats") == [(1, 1)]


def test_a_status_that_is_none_is_refused(postgres_url: str) -> None:
    upgrade(postgres_url)

    with pytest.raises(psycopg.errors.CheckViolation):
        run(postgres_url, JOB, "UPDATE storyboard_jobs SET status = 'lost'")


def test_a_failure_leaves_the_database_as_it_was(postgres_url: str) -> None:
    # A table where the third file wants one of other columns is fine; a view in its place is not.
    run(postgres_url, "CREATE VIEW storyloom_workers AS SELECT 1 AS id")

    with pytest.raises(Unavailable):
        upgrade(postgres_url)

    assert pending(postgres_url) == FILES
    assert [one[1] for one in made(postgres_url) if one[0] == "table"] == ["storyloom_workers"]


def test_a_database_that_is_ahead_is_left_as_it_is(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade(postgres_url)
    run(postgres_url, "UPDATE storyloom_migrations SET version_num = '999_future'")
    before = made(postgres_url)

    with caplog.at_level("INFO", "storyloom"):
        assert pending(postgres_url) == []
    assert upgrade(postgres_url) == []
    assert script(postgres_url) == ""

    assert [record.message for record in caplog.records] == [
        "the database is newer than this program"
    ]
    assert made(postgres_url) == before
    assert rows(postgres_url, "TABLE storyloom_migrations") == [("999_future",)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM recent_storyboard_jobs LIMIT 10;",
        "SELECT * FROM storyboard_job_stats;",
        "SELECT * FROM storyboard_org_usage WHERE org_id = 'my-org';",
        "SELECT * FROM storyboard_failures LIMIT 10;",
        "SELECT * FROM storyboard_jobs LIMIT 1;",
    ],
)
def test_the_documents_queries_answer_in_psql(
    postgres_url: str, postgres_server: PostgresServer, query: str
) -> None:
    upgrade(postgres_url)
    run(postgres_url, JOB.replace("(org_id", "(status, org_id").replace("('my", "('failed', 'my"))

    assert "(1 row)" in postgres_server.psql(postgres_url, query)


@pytest.fixture(scope="module")
def supabase() -> Generator[PostgresServer]:
    """A server with Supabase's roles, which belong to the server and not to a database."""
    with postgres_running() as server:
        run(
            server.url,
            "CREATE ROLE anon",
            "CREATE ROLE authenticated",
            "CREATE ROLE service_role",
        )
        yield server


@pytest.fixture
def project(supabase: PostgresServer) -> str:
    """A database that grants its public roles everything, as Supabase's do."""
    url = supabase.new_database()
    run(
        url,
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES "
        "TO anon, authenticated, service_role",
    )
    upgrade(url)
    run(url, JOB)
    return url


@pytest.mark.parametrize("name", [*VIEWS[:3], "storyboard_jobs"])
def test_the_service_role_reads_everything(project: str, name: str) -> None:
    with psycopg.connect(project) as connection:
        connection.execute("SET ROLE service_role")

        assert len(connection.execute(f"TABLE {name}".encode()).fetchall()) == 1


def test_the_service_role_writes(project: str) -> None:
    with psycopg.connect(project) as connection:
        connection.execute("SET ROLE service_role")

        assert connection.execute(JOB.encode()).rowcount == 1
        assert connection.execute("UPDATE storyboard_jobs SET status = 'failed'").rowcount == 2
        assert connection.execute("DELETE FROM storyboard_jobs").rowcount == 2


@pytest.mark.parametrize("role", ["anon", "authenticated"])
@pytest.mark.parametrize(
    "name", [*VIEWS, "storyboard_jobs", "storyloom_workers", "storyloom_model_calls"]
)
def test_visitors_read_nothing(project: str, role: str, name: str) -> None:
    with psycopg.connect(project) as connection:
        connection.execute(f"SET ROLE {role}".encode())

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"TABLE {name}".encode())


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_shows_no_more_than_its_reader_may_see(project: str, name: str) -> None:
    run(project, f"GRANT SELECT ON {name}, storyboard_jobs TO anon")

    with psycopg.connect(project) as connection:
        connection.execute("SET ROLE anon")

        assert connection.execute(f"TABLE {name}".encode()).fetchall() == []


def test_visitors_do_not_see_which_files_were_applied(project: str) -> None:
    with psycopg.connect(project) as connection:
        connection.execute("SET ROLE anon")

        assert connection.execute("SELECT * FROM storyloom_migrations").fetchall() == []
