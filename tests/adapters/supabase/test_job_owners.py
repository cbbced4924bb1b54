"""Whose the jobs of a project are."""

from storyloom.adapters.supabase._project import Project
from storyloom.kit.clock import ManualClock
from tests.contracts.test_job_archive import make
from tests.postgrest import server


async def test_jobs_are_counted_by_organisation_also_over_several_answers(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    for org_id in ("acme", "beta", "acme"):
        await project.archive.add(make(clock).model_copy(update={"org_id": org_id}))
    supabase.seen.clear()

    assert await project.owners.counts() == {"acme": 2, "beta": 1}
    assert len(supabase.seen) == 2  # nobody says how many a project gives at once
