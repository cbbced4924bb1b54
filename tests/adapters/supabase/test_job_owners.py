"""Whose the jobs of a project are."""

import psycopg

from storyloom.adapters.supabase._project import Project
from storyloom.kit.clock import ManualClock
from tests.contracts.test_job_archive import make
from tests.postgrest import server
from tests.postgrest.api import Seen
from tests.postgrest.faults import BROKEN, Fault


async def test_jobs_are_counted_by_organisation_also_over_several_answers(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    for org_id in ("acme", "beta", "acme"):
        await project.archive.add(make(clock).model_copy(update={"org_id": org_id}))
    supabase.seen.clear()

    assert await project.owners.counts() == {"acme": 2, "beta": 1}
    assert len(supabase.seen) == 2  # nobody says how many a project gives at once


async def test_who_appears_meanwhile_does_not_keep_it_going(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    jobs = [make(clock).model_copy(update={"org_id": "zoë & co"}) for _ in range(2)]
    for job in jobs:
        await project.archive.add(job)
    supabase.seen.clear()

    def meanwhile(_: Seen) -> Fault | None:
        if len(supabase.seen) == 2:
            with psycopg.connect(supabase.database) as connection:
                named = "UPDATE storyboard_jobs SET org_id = 'acme' WHERE id = %s"
                connection.execute(named, [jobs[0].id])
        return BROKEN if len(supabase.seen) > 2 else None

    supabase.spell = meanwhile

    assert await project.owners.counts() == {"zoë & co": 2}
