"""Which job a storyboard began with."""

from collections.abc import Callable

from storyloom.jobs.schemas import Job
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard.origins import begun_with


class Kept:
    """Jobs by their ids."""

    def __init__(self, *jobs: Job) -> None:
        self.by_id = {job.id: job for job in jobs}

    async def __call__(self, job_id: JobId) -> Job | None:
        return self.by_id.get(job_id)


async def test_a_revision_leads_to_the_job_that_was_read(make_job: Callable[..., Job]) -> None:
    first = make_job()
    second = make_job(revises=first.id)
    third = make_job(revises=second.id)
    fourth = make_job(revises=new_job_id(), begun_with=first.id)
    kept = Kept(first, second, third)

    assert [await begun_with(one, kept) for one in (first, third, fourth)] == [first] * 3


async def test_what_is_gone_or_of_others_is_not_found(make_job: Callable[..., Job]) -> None:
    theirs = make_job().model_copy(update={"org_id": "other"})
    of_theirs, of_nothing = make_job(begun_with=theirs.id), make_job(revises=new_job_id())

    assert await begun_with(of_theirs, Kept(theirs)) is None
    assert await begun_with(of_nothing, Kept()) is None


async def test_a_circle_ends(make_job: Callable[..., Job]) -> None:
    ids = new_job_id(), new_job_id()
    one = make_job(revises=ids[1]).model_copy(update={"id": ids[0]})
    other = make_job(revises=ids[0]).model_copy(update={"id": ids[1]})

    assert await begun_with(one, Kept(one, other)) is None
