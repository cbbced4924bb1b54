"""Which archive the settings choose, and what it needs before it can be used."""

from collections.abc import Generator
from pathlib import Path

import pytest
from anyio import to_thread

from storyloom.adapters.sql._migrations import pending, upgrade
from storyloom.bootstrap.archive import archive_of, open_archive, records_of
from storyloom.errors import Misconfigured, Unavailable
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import JobCount
from storyloom.kit.clock import ManualClock
from storyloom.settings import Settings
from tests.contracts.test_job_archive import make
from tests.databases import PostgresServer
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import Project, supabase_running


def settings(folder: Path, url: str | None = None, **more: object) -> Settings:
    return Settings.load(data_dir=folder, database_url=url, **more)


async def _has_kept(archive: JobArchive, clock: ManualClock) -> bool:
    job = make(clock)
    await archive.add(job)
    return await archive.get(job.id) == job


async def test_without_an_address_it_is_sqlite(tmp_path: Path, clock: ManualClock) -> None:
    async with archive_of(settings(tmp_path)) as archive:
        assert await _has_kept(archive, clock)

    assert (tmp_path / "storyloom.sqlite").exists()


async def test_with_an_address_it_is_postgresql_brought_up_to_date(
    tmp_path: Path, postgres_url: str, clock: ManualClock
) -> None:
    async with archive_of(settings(tmp_path, postgres_url)) as archive:
        assert await _has_kept(archive, clock)

    assert not (tmp_path / "storyloom.sqlite").exists()
    assert await to_thread.run_sync(pending, postgres_url) == []


async def test_figures_come_with_the_archive(
    tmp_path: Path, postgres_url: str, clock: ManualClock
) -> None:
    job = make(clock)

    async with records_of(settings(tmp_path, postgres_url)) as records:
        await records.archive.add(job)

        assert await records.statistics.counts() == [
            JobCount(job_type=job.job_type, status=job.status, count=1)
        ]


async def test_a_database_that_is_behind_is_left_alone_where_it_is_wished(
    tmp_path: Path, postgres_url: str
) -> None:
    chosen = settings(tmp_path, postgres_url, migrate_on_start=False)

    with pytest.raises(Misconfigured, match="storyloom migrate"):
        async with archive_of(chosen):
            pass

    assert await to_thread.run_sync(pending, postgres_url) != []


async def test_a_database_that_is_up_to_date_is_used(
    tmp_path: Path, postgres_url: str, clock: ManualClock
) -> None:
    await to_thread.run_sync(upgrade, postgres_url)

    async with archive_of(settings(tmp_path, postgres_url, migrate_on_start=False)) as archive:
        assert await _has_kept(archive, clock)


async def test_reading_beside_a_server_changes_no_database(
    tmp_path: Path, postgres_url: str
) -> None:
    async with open_archive(settings(tmp_path, postgres_url)) as archive:
        with pytest.raises(Unavailable, match="storyloom migrate"):
            await archive.list(limit=1)

    assert await to_thread.run_sync(pending, postgres_url) != []


async def test_reading_where_no_server_ever_ran_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no jobs yet"):
        async with open_archive(settings(tmp_path)):
            pass


async def test_reading_beside_a_server_finds_its_jobs(
    tmp_path: Path, postgres_url: str, clock: ManualClock
) -> None:
    job = make(clock)
    chosen = settings(tmp_path, postgres_url)
    async with archive_of(chosen) as archive:
        await archive.add(job)

    async with open_archive(chosen) as archive:
        assert [one.id for one in await archive.list(limit=9)] == [job.id]


def _supabase(folder: Path, project: Project, url: str | None = None) -> Settings:
    return settings(folder, url, supabase_url=project.url, supabase_service_key=SERVICE_KEY)


@pytest.fixture
def project(postgres_up_to_date: str) -> Generator[Project]:
    with supabase_running(postgres_up_to_date) as running:
        yield running


async def test_with_a_project_it_is_supabase(
    tmp_path: Path, project: Project, clock: ManualClock
) -> None:
    chosen = _supabase(tmp_path, project)

    async with records_of(chosen) as records:
        assert await _has_kept(records.archive, clock)
        assert len(await records.statistics.counts()) == 1
    async with open_archive(chosen) as archive:
        assert len(await archive.list(limit=9)) == 1

    assert project.seen


async def test_a_project_keeps_the_archive_where_there_is_a_database_too(
    tmp_path: Path, project: Project, postgres_server: PostgresServer, clock: ManualClock
) -> None:
    other = await to_thread.run_sync(postgres_server.new_database)

    async with archive_of(_supabase(tmp_path, project, other)) as archive:
        assert await _has_kept(archive, clock)

    assert project.seen[-1].method == "GET"
    assert await to_thread.run_sync(pending, other) == []


async def test_a_project_without_its_key_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="SUPABASE_SERVICE_KEY is not"):
        async with archive_of(settings(tmp_path, supabase_url="https://xxx.supabase.co")):
            pass
