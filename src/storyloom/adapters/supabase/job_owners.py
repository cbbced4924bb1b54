"""Whose the jobs of a Supabase project are, as its view counts them."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from storyloom.adapters.supabase._rest import Rest

VIEW = "storyboard_org_usage"


class _Usage(BaseModel):
    org_id: str
    total_jobs: int


_COLUMNS, _ROWS = ",".join(_Usage.model_fields), TypeAdapter(list[_Usage])


class SupabaseJobOwners:
    """Reads the view `storyboard_org_usage`, as many rows as the project gives at once."""

    def __init__(self, rest: Rest) -> None:
        """Take the open REST API; closing it is its owner's part."""
        self._rest = rest

    async def counts(self) -> Mapping[str, int]:
        """How many jobs each organisation has."""
        counts: dict[str, int] = {}
        last: str | None = None

        def following(t: Any) -> Any:
            # By name: others may appear meanwhile, and would move every place that is counted from.
            rows = t.select(_COLUMNS).order("org_id")
            return rows if last is None else rows.gt("org_id", last)

        while (answer := await self._rest.send(VIEW, following, _ROWS)).rows:
            counts |= {row.org_id: row.total_jobs for row in answer.rows}
            last = answer.rows[-1].org_id
        return counts
