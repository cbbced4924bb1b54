"""`clean`: old jobs go beside a running server, and over PostgreSQL."""

import os
import sqlite3
from collections.abc import Generator
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import anyio
import httpx2
import psycopg
import pytest

from storyloom.adapters.dbos import _records
from storyloom.adapters.dbos._sqlite import engine_for
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.automation.runs.views import RUNS
from storyloom.bootstrap.database import database_file
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import JobId, new_job_id
from tests.cli.conftest import Run, json_of
from tests.servers import Running, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    with running(tmp_path_factory.mktemp("clean") / "data") as started:
        yield started


def _draw(run: Run, source: Path, server: Running) -> str:
    """Let the server draw a storyboard, and say which job that was."""
    done = run("code", str(source), "--server", server.url, "--json")
    assert done.exit_code == 0, done.stderr
    listed = json_of(run("jobs", "list", "--limit", "1", "--server", server.url, "--json"))
    return listed["jobs"][0]["job_id"]


def _age(server: Running, job_id: str) -> None:
    """Let a job have ended long ago."""
    with sqlite3.connect(database_file(server.data_dir)) as database:
        changed = database.execute(
            "UPDATE storyboard_jobs SET completed_at = '2001-01-01 00:00:00.000000' WHERE id = ?",
            [job_id],
        )
        assert changed.rowcount == 1


def _runs(server: Running) -> set[str]:
    with sqlite3.connect(database_file(server.data_dir)) as database:
        return {row[0] for row in database.execute("SELECT workflow_uuid FROM workflow_status")}


@pytest.fixture(params=["newer", "older"])
def _sqlite(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SQLite of newer systems, and of older ones."""
    engine = partial(engine_for, has_subseconds=request.param == "newer")
    monkeypatch.setattr(_records, "engine_for", engine)


@pytest.mark.usefixtures("_sqlite")
def test_old_jobs_go_beside_a_running_server(run: Run, source: Path, server: Running) -> None:
    old = _draw(run, source, server)
    _age(server, old)
    young = _draw(run, source, server)
    cleaning = ("clean", "--older-than", "30", "--data-dir", str(server.data_dir))

    would = run(*cleaning, "--dry-run")
    done = json_of(run(*cleaning, "--json"))

    assert would.stdout.startswith("Would remove 1 job and 0 runs that ended before ")
    assert would.stdout.endswith(", and 0 files (0 bytes).\n")
    assert (done["dry_run"], done["jobs"], done["files"]) == (False, 1, 0)
    assert run("jobs", "show", old, "--data-dir", str(server.data_dir)).exit_code == 4
    assert {old, young} & _runs(server) == {young}
    assert _draw(run, source, server) not in {old, young}


def test_old_runs_go_with_their_pictures_and_notes(run: Run, server: Running) -> None:
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        begun = client.post(RUNS, json={"script": "A ship sails."}).json()
        end = monotonic() + 50
        while client.get(begun["pollUrl"]).json()["status"] != "completed":
            assert monotonic() < end
            sleep(0.05)
    note = server.data_dir / "images" / "work" / f"swarmui-{begun['runId']}-0001-cinematic-1-1.json"
    note.parent.mkdir(parents=True)
    note.write_text('{"session_id": "x"}')
    pictures = list((server.data_dir / "images" / "shots").iterdir())
    for file in (note, *pictures):
        os.utime(file, (1e9, 1e9))
    cleaning = ("clean", "--older-than", "30", "--data-dir", str(server.data_dir))
    with sqlite3.connect(database_file(server.data_dir)) as database:
        database.execute(
            "UPDATE storyloom_runs SET completed_at = '2001-09-10 00:00:00.000000',"
            " created_at = '2001-09-10 00:00:00.000000' WHERE id = ?",
            [begun["runId"]],
        )

    would = json_of(run(*cleaning, "--dry-run", "--json"))
    done = json_of(run(*cleaning, "--json"))

    assert (would["runs"], would["files"]) == (1, len(pictures) + 1)
    assert would | {"dry_run": False, "ended_before": done["ended_before"]} == done
    assert begun["runId"] not in _runs(server)
    assert not any(file.exists() for file in (note, *pictures))


def _ended(archive_at: str) -> JobId:
    """A job that ended forty days ago."""
    then = SystemClock().now() - timedelta(days=40)
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={},
        created_at=then,
    )
    end = Outcome(status=JobStatus.FAILED, completed_at=then, execution_time_ms=1)

    async def keep() -> None:
        async with open_database(archive_at) as database:
            await SqlJobArchive(database).add(job)
            await SqlJobArchive(database).finish(job.id, end)

    anyio.run(keep)
    return job.id


def test_old_jobs_go_from_postgres(
    run: Run, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    monkeypatch.setenv("STORYLOOM_KEEP_DAYS", "30")
    run("migrate")
    _ended(postgres_url)

    done = run("clean")

    assert done.stdout.startswith("Removed 1 job and 0 runs that ended before "), done.stderr
    with psycopg.connect(postgres_url) as database:
        assert database.execute("SELECT count(*) FROM storyboard_jobs").fetchone() == (0,)


def test_somebody_has_to_say_how_old(run: Run) -> None:
    done = run("clean")

    assert done.exit_code == 2
    assert "--older-than DAYS or STORYLOOM_KEEP_DAYS" in done.stderr


def test_where_no_server_ever_ran_there_is_nothing_to_clean(run: Run) -> None:
    done = run("clean", "--older-than", "1")

    assert done.exit_code == 8
    assert "There are no jobs yet" in done.stderr
