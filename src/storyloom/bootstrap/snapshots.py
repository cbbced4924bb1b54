"""Work of every kind, as whoever follows it sees it first."""

from storyloom.access.schemas import Caller
from storyloom.events.schemas import Snapshot, Subject
from storyloom.work.state import Whose, Works


class WorkSnapshots:
    """Shows what `/v1/jobs/{job_id}` shows."""

    def __init__(self, works: Works) -> None:
        """Take where it is looked up."""
        self._works = works

    async def of(self, org_id: str, caller: Caller, job_id: str) -> Snapshot:
        """What it is like now; raises `WorkNotFound`."""
        work = await self._works.get(Whose(org_id, caller), job_id)
        subject = Subject(kind=work.kind, id=work.id)
        body = work.model_dump(mode="json", by_alias=True)
        return Snapshot(subject, body, work.status.is_terminal)
