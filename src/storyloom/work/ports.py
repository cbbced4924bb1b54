"""What work needs from features: each brings its own kinds."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from storyloom.access.schemas import Scope
from storyloom.jobs.schemas import Place
from storyloom.kit.ids import JobId
from storyloom.work.ordering import WorkOrder
from storyloom.work.schemas import Explanation, Work, WorkFilter, WorkKind, WorkSummary
from storyloom.work.statistics import Figures, KnownOrganizations, Span


class WorkSource(Protocol):
    """The work of some kinds. What belongs to another organisation is not found."""

    @property
    def kinds(self) -> Collection[WorkKind]:
        """What it brings."""
        ...

    @property
    def scope(self) -> Scope:
        """What a key has to cover to see it."""
        ...

    async def page(
        self, org_id: str, wanted: WorkFilter, *, after: Place | None, limit: int
    ) -> Sequence[WorkSummary]:
        """The newest work that is wanted and comes after a place, the newest first."""
        ...

    async def get(self, org_id: str, work_id: JobId) -> Work | None:
        """One piece of work, whole."""
        ...

    async def cancel(self, org_id: str, work_id: JobId) -> Work:
        """Stop it, and keep what is made; what has ended stays as it is. It is there.

        Raises `Conflict` where it cannot be stopped any more.
        """
        ...

    async def retry(self, org_id: str, work_id: JobId) -> Work:
        """Do again what has failed, and give what is done now: it itself, or a child.

        Raises `NothingFailed`.
        """
        ...

    async def explain(self, org_id: str, work_id: JobId) -> Explanation:
        """Why it is where it is. It is there."""
        ...

    async def create(self, org_id: str, order: WorkOrder) -> Work:
        """Accept work of one of these kinds; raises `InvalidInput` with the field's path."""
        ...


class WorkFigures(Protocol):
    """Counts storyboards and runs where they are kept. A year of 100 000 jobs takes some seconds."""

    async def tell(
        self, org_id: str, scopes: Collection[Scope], span: Span, now: datetime
    ) -> Figures:
        """What became of an organisation's storyboards and runs, of those that the scopes cover.

        What runs still has run until now. Of hours in which nothing ran, nothing is told. Of what was
        completed on one day there is one row. Percentiles lie between two values where no value is
        there. Codes are told of what failed, and of nothing else.
        """
        ...


class OrganizationRegister(Protocol):
    """Knows the organisations by what is kept of them: keys, work, calls, sessions, profiles."""

    async def names(self) -> Collection[str]:
        """All that there are. It takes longer for more of them, and not for more of their work."""
        ...

    async def tell(
        self, org_ids: Sequence[str], scopes: Collection[Scope], since: datetime
    ) -> KnownOrganizations:
        """Figures of some of them, of the work that the scopes cover; spending since a time."""
        ...
