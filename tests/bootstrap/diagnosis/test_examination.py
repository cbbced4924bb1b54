"""The whole examination, over real servers: what is asked of which part, and what is left alone."""

import asyncio
from collections.abc import Generator, Mapping
from datetime import timedelta
from pathlib import Path
from time import sleep

import psycopg
import pytest
from anyio import to_thread

from storyloom.adapters.dbos._client import migrate_engine
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._migrations import upgrade
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.bootstrap.archive import archive_of
from storyloom.bootstrap.diagnosis.examination import Examination, examine
from storyloom.bootstrap.diagnosis.shared import Shared
from storyloom.bootstrap.lock import exclusive
from storyloom.jobs.schemas import Worker
from storyloom.kit.clock import ManualClock, SystemClock
from storyloom.kit.findings import Finding, Verdict
from storyloom.settings import Settings
from tests.contracts.test_job_archive import make
from tests.databases import PostgresServer, RedisServer, postgres_running, redis_running
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import supabase_running
from tests.providers.server import Providers

WORKER = Worker(id="one", host="another-host", pid=7, version="1", queues=("storyboards",))
CHECKS = {
    "settings",
    "data directory",
    "renderer",
    "ocr",
    "ffmpeg",
    "hot",
    "images",
    "archive",
    "engine",
    "keys",
    "models",
    "gpu",
    "swarmui",
}


@pytest.fixture(autouse=True)
def _no_blocking_calls(blocking_calls_allowed: None) -> None:
    """Adapters are imported and fonts loaded in the event loop: nobody is served here."""


def settings(folder: Path, **chosen: object) -> Settings:
    return Settings.load(data_dir=folder, **chosen)


def by_check(seen: Examination) -> Mapping[str, Finding]:
    """The first finding of each check."""
    return {one.check: one for one in reversed(seen.findings)}


def amiss(seen: Examination) -> set[str]:
    return {one.check for one in seen.findings if one.status is not Verdict.OK}


@pytest.fixture
def migrated(postgres_url: str) -> str:
    upgrade(postgres_url)
    migrate_engine(postgres_url)
    return postgres_url


def beat(url: str, worker: Worker = WORKER) -> None:
    with open_worker_registry(url) as registry:
        registry.beat(worker)


async def test_a_laptop_is_left_as_it_was(tmp_path: Path) -> None:
    seen = await examine(settings(tmp_path / "data"))

    found = by_check(seen)
    assert set(found) == CHECKS
    assert amiss(seen) == set()
    assert found["models"].says == "Rules understand, scenes are drawn."
    assert seen.models == []
    assert found["archive"].says == "There are no jobs yet."
    assert "No server runs now" in found["engine"].says
    assert not (tmp_path / "data").exists()


async def test_providers_are_asked_beside_everything_else(
    tmp_path: Path, providers: Providers
) -> None:
    key = providers.new_key()
    reached = {"google_api_key": key, "google_base_url": providers.google}

    seen = await examine(settings(tmp_path, **reached))

    assert set(by_check(seen)) == CHECKS | {"models google"}
    assert amiss(seen) == set()
    assert [one.provider for one in seen.models] == ["google"]


async def test_jobs_wait_for_a_server_that_does_not_run(tmp_path: Path) -> None:
    chosen = settings(tmp_path)
    async with archive_of(chosen) as archive:
        await archive.add(make(ManualClock(SystemClock().now())))

    alone = by_check(await examine(chosen))
    with exclusive(tmp_path, holder="the server at http://127.0.0.1:8000"):
        served = by_check(await examine(chosen))

    assert alone["pending jobs"].says.endswith("Nobody takes jobs.")
    assert alone["pending jobs"].mend == "Start the server: `storyloom serve`"
    assert served["pending jobs"].status is Verdict.OK
    assert "It is run by the server at http://127.0.0.1:8000" in served["engine"].says


async def test_production_that_is_well(tmp_path: Path, migrated: str, redis_url: str) -> None:
    beat(migrated)
    chosen = settings(
        tmp_path, database_url=migrated, redis_url=redis_url, images_url=f"file://{tmp_path}/shared"
    )

    seen = await examine(chosen)

    assert amiss(seen) == set()
    assert set(by_check(seen)) > CHECKS
    assert {"database", "clock", "tables", "workers", "queues"} < set(by_check(seen))
    assert {"pending jobs", "processing jobs", "failed jobs"} < set(by_check(seen))
    assert [one.worker for one in seen.workers] == [WORKER]
    assert not (tmp_path / "shared").exists()


async def test_an_empty_database_is_not_migrated(tmp_path: Path, postgres_url: str) -> None:
    seen = await examine(settings(tmp_path, database_url=postgres_url))

    assert amiss(seen) == {"tables", "engine"}
    assert "workers" not in by_check(seen)
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname IN ('public', 'dbos')"
        ).fetchone()
    assert tables == (0,)


async def test_no_worker_takes_what_waits(tmp_path: Path, migrated: str) -> None:
    chosen = settings(tmp_path, database_url=migrated)
    async with archive_of(chosen) as archive:
        await archive.add(make(ManualClock(SystemClock().now())))
    with psycopg.connect(migrated) as connection:
        connection.execute(
            "INSERT INTO dbos.workflow_status (workflow_uuid, status, queue_name) "
            "VALUES ('a job', 'ENQUEUED', 'storyboards')"
        )

    seen = await examine(chosen)

    found = by_check(seen)
    assert found["workers"].says == "No worker is heard."
    assert found["pending jobs"].says.endswith("Nobody takes jobs.")
    assert found["queues"].status is Verdict.ERROR
    assert found["queues"].says.startswith("storyboards: 1 waiting, 0 running")


async def test_workers_elsewhere_cannot_see_a_folder_here(tmp_path: Path, migrated: str) -> None:
    beat(migrated)

    seen = await examine(settings(tmp_path, database_url=migrated))

    (warned,) = [one for one in seen.findings if one.status is not Verdict.OK]
    assert warned.check == "images"
    assert "another-host work on the same jobs" in warned.says
    assert "STORYLOOM_IMAGES_URL" in warned.mend


async def test_clocks_that_differ(tmp_path: Path, migrated: str) -> None:
    beat(migrated)
    late, early = ManualClock(SystemClock().now()), ManualClock(SystemClock().now())
    late.advance(-timedelta(hours=1).total_seconds())
    early.advance(timedelta(hours=1).total_seconds())

    for clock in (late, early):
        seen = await examine(settings(tmp_path, database_url=migrated), clock)

        found = by_check(seen)["clock"]
        assert found.status is Verdict.WARNING
        assert "differs from the database's by 3," in found.says
        assert "NTP" in found.mend


async def test_a_database_that_takes_no_writes(tmp_path: Path, migrated: str) -> None:
    with psycopg.connect(migrated, autocommit=True) as connection:
        name = migrated.rpartition("/")[2]
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())

    found = by_check(await examine(settings(tmp_path, database_url=migrated)))

    assert found["database"].status is Verdict.ERROR
    assert "takes no writes" in found["database"].says
    assert "the disk is full" in found["database"].mend
    assert found["failed jobs"].status is Verdict.OK


async def test_a_pooler_that_works_is_not_called_well(tmp_path: Path, migrated: str) -> None:
    pooled = "postgresql://me@127.0.0.1:6543/jobs"
    async with open_database(migrated) as engine:
        shared = Shared(settings(tmp_path), SystemClock(), pooled, engine)
        database, clock = await shared.look()

    assert shared.answers
    assert (database.status, clock.status) == (Verdict.WARNING, Verdict.OK)
    assert "session mode" in database.mend


async def test_a_standby(tmp_path: Path) -> None:
    with postgres_running() as primary:
        primary.stop()
        (primary.folder / "data" / "standby.signal").touch()
        primary.start()
        found = by_check(await examine(settings(tmp_path, database_url=primary.url)))

    assert found["database"].status is Verdict.ERROR
    assert "is a standby" in found["database"].says
    assert "the primary" in found["database"].mend


async def test_an_address_that_is_wrong_hides_nothing_else(tmp_path: Path, redis_url: str) -> None:
    url = "postgresql://me:hunter2@127.0.0.1/jobs?sslmod=require"

    seen = await examine(settings(tmp_path, database_url=url, redis_url=redis_url))

    found = by_check(seen)
    assert amiss(seen) == {"database"}
    assert "sslmod" in found["database"].says
    assert found["hot"].status is Verdict.OK
    assert "hunter2" not in str(seen)


@pytest.fixture
def both_paused() -> Generator[tuple[PostgresServer, RedisServer]]:
    with postgres_running() as postgres, redis_running() as redis:
        postgres.pause()
        redis.pause()
        yield postgres, redis
        # A server that is told to stop while it still greets somebody may not hear it.
        postgres.resume()
        while not postgres.answers():
            sleep(0.02)


async def test_what_hangs_is_waited_for_no_longer_than_its_limit(
    tmp_path: Path, both_paused: tuple[PostgresServer, RedisServer]
) -> None:
    postgres, redis = both_paused

    async with asyncio.timeout(20):
        seen = await examine(
            settings(tmp_path, database_url=postgres.url, redis_url=redis.url),
        )

    assert amiss(seen) == {"database", "hot"}
    assert "did not answer in time" in by_check(seen)["database"].says
    assert "did not answer in time" in by_check(seen)["hot"].says


async def test_a_supabase_project(tmp_path: Path, migrated: str) -> None:
    with supabase_running(migrated) as project:
        keys = {"supabase_url": project.url, "supabase_service_key": SERVICE_KEY}
        alone = by_check(await examine(settings(tmp_path, **keys)))
        await to_thread.run_sync(beat, migrated)
        shared = by_check(await examine(settings(tmp_path, database_url=migrated, **keys)))
        engine_away = by_check(
            await examine(settings(tmp_path, database_url="postgresql://127.0.0.1:1/x", **keys))
        )

    for found in (alone, shared, engine_away):
        assert found["archive"].says == "The Supabase project can be read and written."
        assert found["failed jobs"].status is Verdict.OK
    assert shared["workers"].says == "1 is heard."
    assert "Nothing listens" in engine_away["database"].says


async def test_a_project_without_its_key_or_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyless = by_check(await examine(settings(tmp_path, supabase_url="https://xxx.supabase.co")))

    def nothing(_: str) -> None:
        return None

    monkeypatch.setattr("storyloom.bootstrap.diagnosis.apart.find_spec", nothing)
    chosen = settings(tmp_path, supabase_url="https://x.supabase.co", supabase_service_key="key")
    without = by_check(await examine(chosen))

    assert "SUPABASE_SERVICE_KEY is not" in keyless["archive"].says
    assert "service_role" in keyless["archive"].mend
    assert without["archive"].mend == "pip install 'storyloom[supabase]'"


async def test_a_project_that_is_away(tmp_path: Path) -> None:
    keys = {"supabase_url": "http://127.0.0.1:1", "supabase_service_key": SERVICE_KEY}

    found = by_check(await examine(settings(tmp_path, **keys)))

    assert found["archive"].status is Verdict.ERROR
    assert "pending jobs" not in found


async def test_a_bucket_that_cannot_be_reached(tmp_path: Path) -> None:
    found = by_check(await examine(settings(tmp_path, images_url="s3://key@bucket")))

    assert "keys belong into AWS_ACCESS_KEY_ID" in found["images"].says
    assert found["images"].mend == "Correct STORYLOOM_IMAGES_URL."
