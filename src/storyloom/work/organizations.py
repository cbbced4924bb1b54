"""The organisations that a service knows of, as far as a caller may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, Field

from storyloom.access.schemas import Caller, Scope
from storyloom.kit.clock import Clock
from storyloom.outbound.costs import Cost
from storyloom.outbound.schemas import Spent
from storyloom.work.ports import OrganizationRegister


class Organization(BaseModel):
    """One organisation, with figures of what the key covers."""

    org_id: str
    jobs: int = Field(ge=0, description="Storyboards and runs that are kept")
    last_work_at: datetime | None = Field(description="When the newest of them was made")
    spent: Cost = Field(description="On models, since the first of the month in UTC")


class OrganizationList(BaseModel):
    """One page of organisations, by their names."""

    data: list[Organization]
    next_cursor: str | None = Field(description="Of the next page; null: this is the last")
    degraded: list[str] = Field(description="What is missing, and why")


@dataclass(frozen=True, slots=True)
class Organizations:
    """Tells of all to whoever is bound to none, and of its own to everybody else."""

    register: OrganizationRegister
    clock: Clock

    async def page(self, caller: Caller, *, limit: int, cursor: str | None) -> OrganizationList:
        """Those whose names come after the cursor."""
        names = await self._names(caller)
        after = sorted(name for name in names if cursor is None or name > cursor)
        shown, more = after[:limit], len(after) > limit
        scopes = {one for one in (Scope.STORYBOARDS, Scope.STORIES) if caller.may(one)}
        now = self.clock.now().astimezone(UTC)
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        told = await self.register.tell(shown, scopes, month)
        return OrganizationList(
            data=[
                Organization(
                    org_id=name,
                    jobs=told.jobs.get(name, 0),
                    last_work_at=told.last_work_at.get(name),
                    spent=Cost.of([told.spent.get(name, Spent())]),
                )
                for name in shown
            ],
            next_cursor=shown[-1] if more else None,
            degraded=list(told.missing),
        )

    async def _names(self, caller: Caller) -> Collection[str]:
        return await self.register.names() if caller.org_id is None else [caller.org_id]
