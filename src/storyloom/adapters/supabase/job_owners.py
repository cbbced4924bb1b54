"""Whose the jobs of a Supabase project are, as its view counts them."""

from collections.abc import Mapping

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
        while True:
            start = len(counts)
            answer = await self._rest.send(
                VIEW,
                lambda t, start=start: t.select(_COLUMNS).order("org_id").offset(start),
                _ROWS,
            )
            if not answer.rows:
                return counts
            counts |= {row.org_id: row.total_jobs for row in answer.rows}
