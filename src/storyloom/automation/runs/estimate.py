"""How long the pictures of a run will take and what they will cost, and on what that is based."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.schemas import Version

RUNS_LOOKED_AT, RUNS_TAKEN = 20, 5
#: What a picture takes where none was made here before, in seconds: a guess.
DEFAULT_S = {
    Backend.SWARMUI: 20.0,
    Backend.COMFYUI: 20.0,
    Backend.MODEL: 15.0,
    Backend.FRAMES: 0.5,
}
_FREE = frozenset({Backend.SWARMUI, Backend.COMFYUI, Backend.FRAMES})


class Estimate(BaseModel):
    """What is to be expected. Null is not known, which is not the same as nothing."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    pictures: int | None = Field(description="Null until the beats of the story are known")
    seconds_per_picture: float
    seconds: float | None = Field(description="For all pictures, once the engine is up")
    cost_per_picture_usd: Decimal | None
    cost_usd: Decimal | None
    basis: str = Field(description="What the figures are based on, in words for people")


async def past_versions(runs: RunStore, org_id: str, backend: Backend) -> Sequence[Version]:
    """Pictures that this backend has made for the organisation lately."""
    found: list[Version] = []
    latest = await runs.page(org_id, limit=RUNS_LOOKED_AT, before=None)
    for run in [run for run in latest if run.backend == backend][:RUNS_TAKEN]:
        for shot in await runs.shots(run.id):
            found += [one for one in shot.versions if one.backend == backend]
    return found


def estimate_of(backend: Backend, pictures: int | None, past: Sequence[Version]) -> Estimate:
    """What is to be expected of so many pictures."""
    each_s = median(v.duration_ms for v in past) / 1000 if past else DEFAULT_S[backend]
    cost = _cost(backend, past)
    return Estimate(
        pictures=pictures,
        seconds_per_picture=round(each_s, 1),
        seconds=None if pictures is None else round(each_s * pictures, 1),
        cost_per_picture_usd=cost,
        cost_usd=None if cost is None or pictures is None else cost * pictures,
        basis=f"The median of the last {len(past)} pictures made by {backend} here"
        if past
        else f"A guess: {backend} has made no picture here yet",
    )


def _cost(backend: Backend, past: Sequence[Version]) -> Decimal | None:
    if backend in _FREE:
        return Decimal(0)
    known = [version.cost_usd for version in past if version.cost_usd is not None]
    return median(known) if known else None
