"""How long the pictures of a run will take and what they will cost, and on what that is based."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.schemas import Version
from storyloom.outbound.costs import Dollars, cost_of
from storyloom.outbound.ports import Ledger

RUNS_LOOKED_AT, RUNS_TAKEN = 20, 5
#: What a picture takes where none was made here before, in seconds: a guess.
DEFAULT_S = {
    Backend.SWARMUI: 20.0,
    Backend.COMFYUI: 20.0,
    Backend.MODEL: 15.0,
    Backend.FRAMES: 0.5,
}
#: The steps of a run in which a language model is asked.
_WORDS = frozenset({"beats", "prompts"})
_CENT_OF_A_CENT = Decimal("0.0001")
_FREE = frozenset({Backend.SWARMUI, Backend.COMFYUI, Backend.FRAMES})


class Estimate(BaseModel):
    """What is to be expected. Null is not known, which is not the same as nothing."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    pictures: int | None = Field(description="Null until the beats of the story are known")
    seconds_per_picture: float
    seconds: float | None = Field(description="For all pictures, once the engine is up")
    cost_per_picture_usd: Dollars | None
    language_cost_usd: Dollars | None = Field(description="Of finding beats and writing prompts")
    cost_usd: Dollars | None = Field(description="Of all; null where a part of it is not known")
    basis: str = Field(description="What the figures are based on, in words for people")


async def past_versions(runs: RunStore, org_id: str, backend: Backend) -> Sequence[Version]:
    """Pictures that this backend has made for the organisation lately."""
    found: list[Version] = []
    latest = await runs.page(org_id, limit=RUNS_LOOKED_AT, before=None)
    for run in [run for run in latest if run.backend == backend][:RUNS_TAKEN]:
        for shot in await runs.shots(run.id):
            found += [one for one in shot.versions if one.backend == backend]
    return found


async def past_writing(
    runs: RunStore, ledger: Ledger, org_id: str, model: str
) -> Sequence[Decimal]:
    """What the words of a beat have cost in US dollars, in each of the last runs with this model.

    Runs of which that is not known are left out.
    """
    found: list[Decimal] = []
    for run in await runs.page(org_id, limit=RUNS_LOOKED_AT, before=None):
        beats = 0 if run.report is None else run.report.beats
        if not beats or len(found) == RUNS_TAKEN:
            continue
        calls = await ledger.of_job(run.id)
        words = [one for one in calls if one.call.account.step in _WORDS]
        models = {f"{one.call.provider}:{one.call.model}" for one in words}
        usd = cost_of(words).usd
        if models == {model} and usd is not None:
            found.append(usd / beats)
    return found


def language_cost(beats: int | None, past: Sequence[Decimal]) -> Decimal | None:
    """What the words of so many beats will cost; None where nobody can tell."""
    if not past or beats is None:
        return None
    return (median(past) * beats).quantize(_CENT_OF_A_CENT)


def estimate_of(
    backend: Backend,
    pictures: int | None,
    past: Sequence[Version],
    language_usd: Decimal | None = Decimal(0),
) -> Estimate:
    """What is to be expected of so many pictures, and of their words."""
    each_s = median(v.duration_ms for v in past) / 1000 if past else DEFAULT_S[backend]
    cost = _cost(backend, past)
    return Estimate(
        pictures=pictures,
        seconds_per_picture=round(each_s, 1),
        seconds=None if pictures is None else round(each_s * pictures, 1),
        cost_per_picture_usd=cost,
        language_cost_usd=language_usd,
        cost_usd=None
        if cost is None or pictures is None or language_usd is None
        else cost * pictures + language_usd,
        basis=f"The median of the last {len(past)} pictures made by {backend} here"
        if past
        else f"A guess: {backend} has made no picture here yet",
    )


def _cost(backend: Backend, past: Sequence[Version]) -> Decimal | None:
    if backend in _FREE:
        return Decimal(0)
    known = [version.cost_usd for version in past if version.cost_usd is not None]
    return median(known) if known else None
