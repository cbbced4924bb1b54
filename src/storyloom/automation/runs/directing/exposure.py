"""One picture as it is asked for and as it is kept. Pure functions over shots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from storyloom.automation.runs.directing.ladder import is_as_asked, reseeds
from storyloom.automation.runs.ports import ShotEdit
from storyloom.automation.runs.schemas import (
    Mending,
    Remedy,
    Run,
    Shot,
    ShotStatus,
    Version,
    Wanted,
)
from storyloom.errors import StoryloomError
from storyloom.imaging.schemas import ImageRef, ImageRequest, MediaType, Picture
from storyloom.kit.clock import elapsed_ms
from storyloom.kit.ids import JobId
from storyloom.story.prompts import PromptSet

#: What can be shown everywhere, and can carry what it was made with.
ACCEPT = (MediaType.PNG, MediaType.JPEG, MediaType.WEBP)
PURPOSE = "shot"
FOLDER = "shots"
_SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class Exposed:
    """A picture that was made, and is not kept yet."""

    shot: Shot  #: as it was when the picture was begun
    request: ImageRequest
    picture: Picture
    began_at: datetime
    ended_at: datetime
    is_frame: bool = False


def request_of(run: Run, shot: Shot, *, supports_seed: bool = True) -> ImageRequest:
    """What a backend is asked; raises pydantic's `ValidationError` for a prompt that is too long."""
    prompt = shot.prompt or PromptSet(prompt=shot.caption or shot.beat_id)
    width, height = shot.aspect.size
    model = {} if run.config.model is None else {"model": run.config.model}
    return ImageRequest(
        prompt=words_of(shot),
        negative_prompt=prompt.negative_prompt,
        width=prompt.width or width,
        height=prompt.height or height,
        seed=seed_of(run.id, shot) if supports_seed or prompt.seed is not None else None,
        purpose=PURPOSE,
        accept=ACCEPT,
        parameters={**model, **run.config.parameters, **prompt.parameters},
        caption=shot.caption,
        # Wherever the picture is shown, the words stand beside it.
        shows_caption=False,
        work=f"{run.id}-{shot.id}-{shot.rounds}",
    )


def words_of(shot: Shot) -> str:
    """The words that are painted: those of the prompt, or milder ones."""
    milder = [step.after for step in shot.steps if step.remedy is Remedy.SOFTEN]
    if milder:
        return milder[-1]
    return shot.prompt.prompt if shot.prompt is not None else shot.caption or shot.beat_id


def seed_of(run_id: JobId, shot: Shot) -> int:
    """The seed of the prompt, or one that is the same after a crash; another for each take and try.

    Takes of a prompt that names its seed follow one after the other, as in a batch of SwarmUI's.
    """
    tries = reseeds(shot)
    if shot.prompt is not None and shot.prompt.seed is not None and not tries:
        return (shot.prompt.seed + shot.take - 1) % _SEEDS
    name = f"{run_id}/{shot.id}/{tries}".encode()
    return int.from_bytes(sha256(name).digest()[:4], "big")


def begun(rounds: int) -> ShotEdit:
    """It is being made, for the so-manieth time."""
    return lambda shot: shot.model_copy(
        update={"status": ShotStatus.MAKING, "rounds": rounds, "progress": None}
    )


def put_back(shot: Shot) -> Shot:
    """It was begun, and is to be made anew."""
    is_making = shot.status is ShotStatus.MAKING
    return (
        shot.model_copy(update={"status": ShotStatus.READY, "progress": None})
        if is_making
        else shot
    )


def stopped(shot: Shot) -> Shot:
    """Somebody wanted it no longer; what it has is kept."""
    return shot.model_copy(
        update={"status": ShotStatus.CANCELLED, "wanted": Wanted.RUN, "progress": None}
    )


def mended(steps: Sequence[Mending]) -> ShotEdit:
    """These steps were taken so far, and it is to be tried again."""

    def edit(shot: Shot) -> Shot:
        if shot.status is not ShotStatus.MAKING and shot.status is not ShotStatus.READY:
            return shot
        again = {"status": ShotStatus.READY, "steps": tuple(steps), "progress": None}
        return shot.model_copy(update=again)

    return edit


def failed(fault: StoryloomError, steps: Sequence[Mending]) -> ShotEdit:
    """It cannot be made."""
    return lambda shot: shot.model_copy(
        update={
            "status": ShotStatus.FAILED,
            "steps": tuple(steps),
            "progress": None,
            "error_code": fault.code,
            "error_message": fault.message,
        }
    )


def version_of(exposed: Exposed, kept: ImageRef) -> Version:
    """The picture as the next version of its shot."""
    picture, request = exposed.picture, exposed.request
    return Version(
        number=len(exposed.shot.versions) + 1,
        picture=kept,
        backend=picture.backend,
        model=picture.model,
        seed=picture.seed if picture.seed is not None else request.seed,
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        parameters=dict(picture.parameters) or request.parameters,
        duration_ms=elapsed_ms(exposed.began_at, exposed.ended_at),
        cost_usd=picture.usage.cost_usd,
        is_frame=exposed.is_frame,
        made_at=exposed.ended_at,
    )


def kept(exposed: Exposed, version: Version) -> ShotEdit:
    """It has its picture. Where somebody asked for another meanwhile, this one is kept beside it."""

    def edit(shot: Shot) -> Shot:
        known = {one.number for one in shot.versions}
        versions = shot.versions if version.number in known else (*shot.versions, version)
        made_of = {} if exposed.shot.origin is None else {version.number: exposed.shot.origin}
        shot = shot.model_copy(update={"origins": made_of | shot.origins})
        is_current = shot.status is ShotStatus.MAKING and shot.rounds == exposed.shot.rounds
        if not is_current:
            return shot.model_copy(update={"versions": versions})
        shot = shot.model_copy(update={"steps": (*shot.steps, *_stood_in(exposed))})
        return shot.model_copy(
            update={
                "status": ShotStatus.DONE if is_as_asked(shot) else ShotStatus.DEGRADED,
                "wanted": Wanted.RUN,
                "progress": None,
                "versions": versions,
                "chosen": version.number,
                "error_code": None,
                "error_message": None,
            }
        )

    return edit


def _stood_in(exposed: Exposed) -> Sequence[Mending]:
    """The step from the wanted model to another, where a provider took it."""
    one = exposed.picture.stand_in
    if one is None:
        return ()
    return (
        Mending(
            remedy=Remedy.OTHER_MODEL,
            why=one.says,
            code=one.code,
            at=exposed.ended_at,
            backend=exposed.picture.backend,
            before=one.wanted,
            after=one.answered,
        ),
    )
