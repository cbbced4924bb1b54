"""What can be told of a job beyond what it is like now: how it went, and what it was made of."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from anyio import CapacityLimiter, to_thread

from storyloom.errors import NotFound
from storyloom.imaging.small import small_copy
from storyloom.kit.ids import JobId
from storyloom.work.schemas import Work, WorkKind
from storyloom.work.sources import CodeSource, EvidenceView, ImageSource, NoSource
from storyloom.work.state import Whose, Works
from storyloom.work.timeline import Timeline

#: So many pictures are decoded at a time.
COPIES_AT_ONCE = 2
THUMBNAIL = 480  #: pixels, of the longer side


class NoPicture(NotFound):
    """The job has no picture yet."""

    code = "no_picture"


@dataclass(frozen=True, slots=True)
class WorkPicture:
    """A picture of work, which is not read yet."""

    version: str  #: another one for another picture
    read: Callable[[], Awaitable[bytes | None]]  #: as it was made; None where it is not kept


class WorkInsight(Protocol):
    """What a feature tells of the kinds that it brings. The work is there, and is the caller's."""

    @property
    def kinds(self) -> Collection[WorkKind]:
        """Of what it tells."""
        ...

    async def timeline(self, work: Work) -> Timeline:
        """Its steps."""
        ...

    async def picture(self, work: Work) -> WorkPicture | None:
        """Its picture, or the first of them; None where there is none yet."""
        ...


class SourceInsight(WorkInsight, Protocol):
    """What is told besides of kinds that are read from a source."""

    async def source(self, org_id: str, work_id: JobId) -> CodeSource | ImageSource:
        """What went in; raises `SourceGone`."""
        ...

    async def evidence(self, org_id: str, work_id: JobId) -> EvidenceView:
        """What bears out what was understood."""
        ...


class Insights:
    """One method for each thing that can be asked. Foreign work is not found."""

    def __init__(
        self, works: Works, read: SourceInsight, others: Sequence[WorkInsight] = ()
    ) -> None:
        """Take what finds work, and what tells of each kind: of those with a source, and others."""
        self._works = works
        self._read = read
        self._copies = CapacityLimiter(COPIES_AT_ONCE)
        self._of_kind = {kind: one for one in (read, *others) for kind in one.kinds}

    async def timeline(self, whose: Whose, name: str) -> Timeline:
        """How it went, step by step; raises `WorkNotFound`."""
        work = await self._works.get(whose, name)
        return await self._of_kind[work.kind].timeline(work)

    async def picture(self, whose: Whose, name: str) -> WorkPicture:
        """Its picture, which is not read yet; raises `WorkNotFound` and `NoPicture`."""
        work = await self._works.get(whose, name)
        picture = await self._of_kind[work.kind].picture(work)
        if picture is None:
            raise NoPicture
        return picture

    async def thumbnail(self, picture: WorkPicture) -> bytes:
        """A small copy of it, as a JPEG; raises `NoPicture` where it is not kept."""
        data = await picture.read()
        if data is None:
            raise NoPicture
        return await to_thread.run_sync(small_copy, data, THUMBNAIL, limiter=self._copies)

    async def source(self, whose: Whose, name: str) -> CodeSource | ImageSource:
        """What went in; raises `WorkNotFound`, `NoSource` and `SourceGone`."""
        return await self._read.source(whose.org_id, await self._with_source(whose, name))

    async def evidence(self, whose: Whose, name: str) -> EvidenceView:
        """What bears out what was understood; raises `WorkNotFound` and `NoSource`."""
        return await self._read.evidence(whose.org_id, await self._with_source(whose, name))

    async def _with_source(self, whose: Whose, name: str) -> JobId:
        work = await self._works.get(whose, name)
        if work.kind not in self._read.kinds:
            says = f"Only storyboards are read from a source; this is of the kind '{work.kind}'"
            raise NoSource(says)
        return JobId(work.id)
