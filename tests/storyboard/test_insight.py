"""What is told of a storyboard whose source is not kept any more."""

from collections.abc import Callable, Sequence

import pytest

from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.objectstore.image_store import ObstoreImageStore
from storyloom.jobs.schemas import Job, StepRecord
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard.insight import StoryboardInsight
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.work.sources import CodeSource, ImageSource, SourceGone

JPEG = b"\xff\xd8\xff and more"


class NoRecords:
    """Nothing is kept of any step."""

    async def steps(self, job_id: JobId) -> Sequence[StepRecord]:
        return []


@pytest.fixture
def images() -> ObstoreImageStore:
    return ObstoreImageStore.in_memory()


@pytest.fixture
def insight(jobs: StoryboardJobManager, images: ObstoreImageStore) -> StoryboardInsight:
    return StoryboardInsight(
        jobs, images, MemoryLedger(), log=MemoryEventLog(), records=NoRecords()
    )


async def test_a_screenshot_that_is_kept_no_longer_is_gone(
    insight: StoryboardInsight,
    images: ObstoreImageStore,
    jobs: StoryboardJobManager,
    make_job: Callable[..., Job],
) -> None:
    job = make_job(image_key="uploads/0123456789.jpg").model_copy(
        update={"job_type": "roadmap_to_storyboard"}
    )
    await jobs.accept(job)
    await images.put("uploads/0123456789.jpg", JPEG)
    kept = await insight.source(job.org_id, job.id)
    await images.delete("uploads/0123456789.jpg")

    with pytest.raises(SourceGone, match="older than pictures are kept"):
        await insight.source(job.org_id, job.id)

    assert isinstance(kept, ImageSource)
    assert (kept.file_name, kept.data) == ("roadmap-01234567.jpg", JPEG)


async def test_a_revision_of_what_was_forgotten_has_no_source_any_more(
    insight: StoryboardInsight, jobs: StoryboardJobManager, make_job: Callable[..., Job]
) -> None:
    first = make_job(file_name="a.py", file_content="x = 1")
    known, orphan = make_job(revises=first.id), make_job(revises=new_job_id())
    for job in (first, known, orphan):
        await jobs.accept(job)

    source = await insight.source(known.org_id, known.id)
    with pytest.raises(SourceGone) as caught:
        await insight.source(orphan.org_id, orphan.id)

    assert isinstance(source, CodeSource)
    assert source.text == "x = 1"
    assert (caught.value.code, caught.value.http_status) == ("source_gone", 410)
