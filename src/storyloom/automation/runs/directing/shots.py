"""Which pictures a story needs, and what becomes of them while its session changes. Pure functions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.schemas import Shot, ShotStatus, shot_id
from storyloom.story.episodes import BeatSeen, StoryView
from storyloom.story.origins import Origin, Standing, origin_now, origin_of
from storyloom.story.prompts import Aspect, PromptSet, prompt_of
from storyloom.story.script.schemas import Bible

CAPTION_LENGTH = 300
#: A beat that was there is there no longer.
GONE = "beat_gone"
_UNWRITTEN = ShotStatus.WAITING
_UNMADE = frozenset({_UNWRITTEN, ShotStatus.READY})


@dataclass(frozen=True, slots=True)
class Planned:
    """A shot as its session wants it."""

    shot: Shot
    seen: BeatSeen
    bible: Bible

    @property
    def now(self) -> Origin:
        """What words for it would be made of now."""
        return origin_now(self.seen.found, self.bible)


def shots_of(
    view: StoryView,
    config: RunConfig,
    *,
    whole: bool,
    renews: bool = False,
    place: int | None = None,
) -> Iterator[Planned]:
    """The shots of a story, in its order; with a `place`, those of one beat.

    Where the session is `whole`, nobody will write another prompt: what a beat has no prompt of in
    one shape is then painted from the words of the other. Where one `renews` outdated prompts, their
    shots wait for that.
    """
    for seen in view.beats if place is None else view.beats[place - 1 : place]:
        if not seen.beat.needs_prompts:
            continue
        for aspect in config.aspects:
            is_old = renews and is_outdated(view, seen, aspect)
            prompt = None if is_old else prompt_for(seen, aspect, whole=whole)
            origin = origin_of(seen.beat, aspect)
            status = _UNWRITTEN if prompt is None else ShotStatus.READY
            for take in range(1, config.images_per_prompt + 1):
                shot = Shot(
                    id=shot_id(seen.place, aspect, take),
                    place=seen.place,
                    beat_id=seen.beat.id,
                    aspect=aspect,
                    take=take,
                    caption=caption_of(seen),
                    status=status,
                    prompt=prompt,
                    origin=origin,
                )
                yield Planned(shot, seen, view.bible)


def is_outdated(view: StoryView, seen: BeatSeen, aspect: Aspect) -> bool:
    """Whether the beat's prompt has to be written anew.

    While scenes are being found it has not: a bible grows then without anybody's having changed it.
    """
    return not view.scenes_to_come and seen.standings[aspect] is Standing.OUTDATED


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


def may_follow(kept: Shot) -> bool:
    """Whether the words of a shot are still those of its session."""
    return kept.status in _UNMADE and not kept.edited


def brought_up_to_date(kept: Shot, planned: Planned, *, renews: bool = False) -> Shot:
    """A shot as the session has it now, where it has not been made yet; else as it is.

    Where one `renews` prompts, a shot waits for the words that its beat lacks.
    """
    wanted = planned.shot
    if kept.status not in _UNMADE:
        return kept
    told = kept.model_copy(update={"beat_id": wanted.beat_id, "caption": wanted.caption})
    if kept.edited:
        # The words of a person stand for the beat as it is when they are taken up.
        origin = kept.origin or planned.now
        return told.model_copy(update={"status": ShotStatus.READY, "origin": origin})
    if wanted.prompt is None:
        waits = renews or kept.prompt is None
        return told.model_copy(update={"status": _UNWRITTEN if waits else ShotStatus.READY})
    return _worded(told, wanted.prompt, planned)


def _worded(kept: Shot, prompt: PromptSet, planned: Planned) -> Shot:
    is_same = kept.prompt is not None and kept.prompt.prompt == prompt.prompt
    seed = {} if kept.seed is None else {"seed": kept.seed}
    # Of words that came without an origin it is known for which beat they were taken.
    origin = planned.shot.origin or (kept.origin if is_same else None) or planned.now
    update = {
        "prompt": prompt.model_copy(update=seed),
        "origin": origin,
        "status": ShotStatus.READY,
        # Milder words are those of the prompt that was there before.
        "steps": kept.steps if is_same or kept.prompt is None else (),
    }
    return kept.model_copy(update=update)


def _begun_with(planned: Planned) -> Shot:
    shot = planned.shot
    if shot.prompt is None or shot.origin is not None:
        return shot
    return shot.model_copy(update={"origin": planned.now})


def given_up(kept: Shot) -> Shot:
    """A shot whose beat has gone, where it has not been made yet."""
    if kept.status not in _UNMADE:
        return kept
    says = "The beat is no longer in the session."
    gone = {"status": ShotStatus.CANCELLED, "error_code": GONE, "error_message": says}
    return kept.model_copy(update=gone)


def changes(
    kept: Mapping[str, Shot], planned: Sequence[Planned], *, whole: bool, renews: bool = False
) -> tuple[list[Shot], list[Shot]]:
    """The shots that are new, and those that change."""
    new = [_begun_with(one) for one in planned if one.shot.id not in kept]
    changed = [
        after
        for one in planned
        if (before := kept.get(one.shot.id)) is not None
        and (after := brought_up_to_date(before, one, renews=renews)) != before
    ]
    if whole:
        names = {one.shot.id for one in planned}
        left = [shot for name, shot in kept.items() if name not in names]
        changed += [after for shot in left if (after := given_up(shot)) != shot]
    return new, changed
