"""The figures that a project tells of its archive."""

import psycopg
import pytest

from storyloom.adapters.supabase._project import Project
from storyloom.errors import BadAnswer
from storyloom.jobs.schemas import JobCount, JobStatus
from storyloom.kit.clock import ManualClock
from tests.contracts.test_job_archive import completed, make
from tests.postgrest import server
from tests.postgrest.faults import Says


@pytest.fixture
def postgres_with_tables(postgres_up_to_date: str) -> str:
    """Not the one that others share: these tests change what is in it besides rows."""
    return postgres_up_to_date


async def test_jobs_of_every_status_are_counted(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    for status in [*JobStatus, JobStatus.CANCELLED]:
        await project.archive.add(make(clock).model_copy(update={"status": status}))

    counted = await project.statistics.counts()

    expected = dict.fromkeys(JobStatus, 1) | {JobStatus.CANCELLED: 2}
    assert {count.status: count.count for count in counted} == expected
    assert {count.job_type for count in counted} == {"code_to_storyboard"}
    assert isinstance(counted[0], JobCount)


async def test_a_view_of_the_documented_columns_alone_is_enough(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    with psycopg.connect(supabase.database) as connection:
        connection.execute("DROP VIEW storyboard_job_stats")
        connection.execute(
            "CREATE VIEW storyboard_job_stats AS SELECT 'code' AS job_type, 3 AS total_jobs, "
            "1 AS completed, 0 AS failed, 1 AS pending, 0 AS processing, 10 AS avg_execution_ms"
        )

    counted = {count.status: count.count for count in await project.statistics.counts()}

    assert counted == {JobStatus.COMPLETED: 1, JobStatus.PENDING: 1, JobStatus.CANCELLED: 1}


async def test_jobs_that_ended_before_a_time_are_counted(
    project: Project, clock: ManualClock
) -> None:
    for _ in range(2):
        job = make(clock)
        await project.archive.add(job)
        await project.archive.finish(job.id, completed(clock))
        clock.advance(1)

    assert await project.statistics.ended(before=clock.now()) == 2


async def test_a_gateway_that_keeps_the_count_back_is_told(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    supabase.will(Says(200, b"[]"))

    with pytest.raises(BadAnswer):
        await project.statistics.ended(before=clock.now())


async def test_nobody_can_tell_the_size(project: Project) -> None:
    assert await project.statistics.size_bytes() is None
