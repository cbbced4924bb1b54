"""`storyloom migrate`: a database that is empty, behind, up to date, away."""

import pytest

from tests.cli.conftest import Run, json_of
from tests.databases import PostgresServer

# By name: a file that is renamed would be applied again where it has been.
FILES = [
    "001_migrations.sql",
    "002_storyboard_jobs.sql",
    "003_workers.sql",
    "004_job_indexes.sql",
    "005_model_calls.sql",
    "006_story.sql",
    "007_keys.sql",
    "008_runs.sql",
    "009_events.sql",
    "010_idempotency_keys.sql",
    "011_append_events.sql",
    "012_queues.sql",
    "013_webhooks.sql",
    "014_run_exports.sql",
    "015_presets.sql",
    "016_work.sql",
    "017_counted.sql",
    "018_call_scopes.sql",
    "019_folded.sql",
    "020_looks.sql",
    "021_ascii_folded.sql",
    "022_old_logos.sql",
]


@pytest.fixture
def database(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    return postgres_url


def test_a_database_is_brought_up_to_date_once(run: Run, database: str) -> None:
    first = run("migrate")
    again = run("migrate")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout.splitlines() == [f"Applied {name}" for name in FILES]
    assert again.stdout == "The database is up to date.\n"


def test_programs_read_json(run: Run, database: str) -> None:
    assert json_of(run("migrate", "--check", "--json")) == {"up_to_date": False, "missing": FILES}
    assert json_of(run("migrate", "--json")) == {"applied": FILES}
    assert json_of(run("migrate", "--check", "--json")) == {"up_to_date": True, "missing": []}


def test_the_exit_status_tells_whether_it_is_behind(run: Run, database: str) -> None:
    behind = run("migrate", "--check")
    run("migrate")
    level = run("migrate", "--check")

    assert behind.exit_code == 1
    assert "002_storyboard_jobs.sql" in behind.stderr
    assert "storyloom migrate" in behind.stderr
    assert (level.exit_code, level.stdout) == (0, "The database is up to date.\n")


def test_the_sql_that_is_shown_does_what_the_command_does(
    run: Run, database: str, postgres_server: PostgresServer
) -> None:
    shown = run("migrate", "--sql").stdout

    postgres_server.psql(database, shown)

    assert run("migrate", "--check").exit_code == 0
    assert run("migrate", "--sql").stdout == ""


def test_without_a_database_the_setting_is_named(run: Run) -> None:
    result = run("migrate")

    assert result.exit_code == 8
    assert "DATABASE_URL" in result.stderr


def test_a_server_that_is_away_is_told_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/name")

    result = run("migrate")

    assert result.exit_code == 6
    assert "did not answer" in result.stderr
    assert "hunter2" not in result.output
    assert len(result.stderr.splitlines()) == 1


def test_an_address_that_is_none_is_told_without_the_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter2@host:port:name")

    result = run("migrate", "--check")

    assert result.exit_code == 8
    assert "DATABASE_URL" in result.stderr
    assert "hunter2" not in result.output
