"""Which pictures a story needs, and what becomes of them while its session changes. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.schemas import Shot, ShotStatus, shot_id
from storyloom.story.episodes import BeatSeen
from storyloom.story.prompts import Aspect, PromptSet, prompt_of

CAPTION_LENGTH = 300
#: A beat that was there is there no longer.
GONE = "beat_gone"
_UNMADE = frozenset({ShotStatus.WAITING, ShotStatus.READY})


def shots_of(beats: Sequence[BeatSeen], config: RunConfig, *, whole: bool) -> Iterator[Shot]:
    """The shots of a story, in its order.

    Where the session is `whole`, nobody will write another prompt: what a beat has no prompt of in
    one shape is then painted from the words of the other.
    """
    for seen in beats:
        if not seen.beat.needs_prompts:
            continue
        for aspect in config.aspects:
            prompt = prompt_for(seen, aspect, whole=whole)
            for take in range(1, config.images_per_prompt + 1):
                yield Shot(
                    id=shot_id(seen.place, aspect, take),
                    place=seen.place,
                    beat_id=seen.beat.id,
                    aspect=aspect,
                    take=take,
                    caption=caption_of(seen),
                    status=ShotStatus.WAITING if prompt is None else ShotStatus.READY,
                    prompt=prompt,
                )


def prompt_for(seen: BeatSeen, aspect: Aspect, *, whole: bool) -> PromptSet | None:
    """The beat's prompt in this shape, or that of the other shape without its size."""
    found = prompt_of(seen.beat, aspect)
    if found is not None or not whole:
        return found
    others = (prompt_of(seen.beat, other) for other in Aspect if other is not aspect)
    borrowed = next((one for one in others if one is not None), None)
    return borrowed and borrowed.model_copy(update={"width": None, "height": None})


def caption_of(seen: BeatSeen) -> str:
    """What happens in a beat, in a few words."""
    words = " ".join((seen.found.action or seen.found.text).split())
    return words if len(words) <= CAPTION_LENGTH else f"{words[: CAPTION_LENGTH - 1]}…"


def brought_up_to_date(kept: Shot, wanted: Shot) -> Shot:
    """A shot as the session has it now, where it has not been made yet; else as it is."""
    if kept.status not in _UNMADE:
        return kept
    prompt = kept.prompt if kept.edited or wanted.prompt is None else wanted.prompt
    return kept.model_copy(
        update={
            "beat_id": wanted.beat_id,
            "caption": wanted.caption,
            "prompt": prompt,
            "status": ShotStatus.WAITING if prompt is None else ShotStatus.READY,
        }
    )


def given_up(kept: Shot) -> Shot:
    """A shot whose beat has gone, where it has not been made yet."""
    if kept.status not in _UNMADE:
        return kept
    says = "The beat is no longer in the session."
    gone = {"status": ShotStatus.CANCELLED, "error_code": GONE, "error_message": says}
    return kept.model_copy(update=gone)


def changes(
    kept: Mapping[str, Shot], wanted: Sequence[Shot], *, whole: bool
) -> tuple[list[Shot], list[Shot]]:
    """The shots that are new, and those that change."""
    new = [shot for shot in wanted if shot.id not in kept]
    changed = [
        after
        for shot in wanted
        if shot.id in kept and (after := brought_up_to_date(kept[shot.id], shot)) != kept[shot.id]
    ]
    if whole:
        names = {shot.id for shot in wanted}
        left = [shot for name, shot in kept.items() if name not in names]
        changed += [after for shot in left if (after := given_up(shot)) != shot]
    return new, changed
