"""Pictures and words that are older than their story, for people to see. Pure functions."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from storyloom.automation.runs.schemas import Shot
from storyloom.story.episodes import STORYSWARM, BeatSeen, StoryView
from storyloom.story.origins import Standing, change_since, origin_of
from storyloom.story.prompts import Aspect

_OLDER = frozenset({Standing.OUTDATED, Standing.KEPT})


class Outdated(BaseModel):
    """Why words are older than the story."""

    model_config = ConfigDict(frozen=True)

    says: str = Field(description="A sentence for a person")
    renews: bool = Field(
        description="The next picture gets other words; false where somebody gave these: they stay"
    )


def outdated_prompts(
    seen: BeatSeen, story: StoryView, aspects: Iterable[Aspect]
) -> Outdated | None:
    """Why a beat's prompts are older than it; None where they are not, or nobody knows."""
    for aspect in aspects:
        standing = seen.standings[aspect]
        if standing in _OLDER:
            says = change_since(origin_of(seen.beat, aspect), seen.found, story.bible)
            return Outdated(says=says, renews=_renews(standing, story))
    return None


def outdated_picture(shot: Shot, story: StoryView) -> Outdated | None:
    """Why the picture that counts is older than its beat, or somebody's words for one to come."""
    seen = next(iter(story.beats[shot.place - 1 : shot.place]), None)
    if seen is None or seen.beat.id != shot.beat_id:
        return None
    origin = shot.origins.get(shot.chosen or 0)
    is_theirs = shot.edited or (shot.origin is not None and shot.origin.words is None)
    if shot.chosen is None and is_theirs:
        origin = shot.origin
    standing = seen.standings[shot.aspect]
    # Most are made of the words that are there, and of those that is known.
    if standing is Standing.CURRENT and origin == origin_of(seen.beat, shot.aspect):
        return None
    says = change_since(origin, seen.found, story.bible)
    if not says:
        return None
    renews = not shot.edited and _renews(standing, story)
    return Outdated(says=says, renews=renews)


def _renews(standing: Standing, story: StoryView) -> bool:
    """Whether words are written anew for the next picture, or have been meanwhile."""
    if standing is Standing.CURRENT:
        return True
    return standing is not Standing.KEPT and story.prompt_mode != STORYSWARM
