"""The words of a revision: read anew by rules, where rules have read them and the source is there."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from storyloom.errors import NotFound
from storyloom.jobs.schemas import Job
from storyloom.kit.ids import JobId
from storyloom.storyboard.notes import HEADLINE_STAYS, of_model
from storyloom.storyboard.origins import begun_with
from storyloom.storyboard.revision import Reads, Revision, with_own
from storyloom.storyboard.schemas import Understanding, UnderstandingSource
from storyloom.work.sources import SourceGone

#: Reads the source of a job by rules, for the readers of the revision.
Reading = Callable[[Job], Awaitable[Understanding]]


class Jobs(Protocol):
    """Where the job with the source may be."""

    async def known(self, job_id: JobId) -> Job | None:
        """Any job, whole; None where there is none."""
        ...


async def words_of(job: Job, revision: Revision, jobs: Jobs, read: Reading) -> Understanding:
    """The words that the revision is drawn with.

    Raises `SourceGone` where nothing but the headline is wanted of a source that has gone.
    """
    if revision.reads is None:
        return revision.understanding
    found = await _read(job, jobs, read)
    if revision.reads is Reads.HEADLINE:
        return _with_headline(revision.understanding, found)
    kept = revision.understanding
    if found is None or _says_less(found, kept):
        return _with_last_headline(kept) if revision.reads is Reads.ALL else kept
    notes = (*of_model(kept.degraded), *found.degraded)
    return with_own(found, revision.wording or {}).model_copy(update={"degraded": notes})


def _says_less(found: Understanding, kept: Understanding) -> bool:
    """Whether nothing can be read any more where something was."""
    nothing = UnderstandingSource.NONE
    return found.source is nothing and kept.source is not nothing


async def _read(job: Job, jobs: Jobs, read: Reading) -> Understanding | None:
    first = await begun_with(job, jobs.known)
    try:
        return None if first is None else await read(first)
    except NotFound:
        return None  # a screenshot goes by itself, too


def _with_last_headline(kept: Understanding) -> Understanding:
    return kept.model_copy(update={"degraded": (*kept.degraded, HEADLINE_STAYS)})


def _with_headline(kept: Understanding, found: Understanding | None) -> Understanding:
    if found is None:
        raise SourceGone(
            "The headline that was found is not known, and its source is not kept any more."
        )
    told = (one for one in found.evidence if one.field == "headline")
    others = (one for one in kept.evidence if one.field != "headline")
    return kept.model_copy(update={"headline": found.headline, "evidence": (*told, *others)})
