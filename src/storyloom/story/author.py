"""Who turns a script into scenes, and beats into prompts: rules, or a language model.

async for found in author.scenes(script, episode=Head()):
    await sessions.add_scene(key, found)          # kept as soon as it is found
    for beat in found.scene.beats:
        written = await author.prompts(beat, found.bible)
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.script.schemas import Bible, FoundBeat, FoundScene


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of an episode before its script is read."""

    number: int = 1
    title: str = ""  #: empty: what the script says


@dataclass(frozen=True, slots=True)
class SceneFound:
    """A scene, and all that is known by then."""

    scene: FoundScene
    bible: Bible  #: of this scene and those before it
    head: Head  #: with the title, once the script has said it
    total_scenes: int  #: of the script
    degraded: tuple[str, ...] = ()  #: why this scene could not be read as well as usual


class Author(Protocol):
    """Finds beats and writes prompts. Every call to a model is on the caller's account."""

    def scenes(self, script: str, *, episode: Head) -> AsyncIterator[SceneFound]:
        """The scenes in their order, each as soon as it is found.

        The same script gives the same scenes: what has been paid for before is not paid again.
        Raises `InvalidInput` for a script that cannot be read, and what a model raises that is
        away, refuses our key, or has used up its quota or the budget.
        """
        ...

    async def prompts(self, beat: FoundBeat, bible: Bible, *, style: str = "") -> BeatPrompts:
        """Prompts for a beat in both shapes, with `style` in each.

        Nothing should be spent on those with `errors`. Raises what a model raises, as above; what
        it only answers wrongly, or refuses for its content, ends in prompts by rules, and
        `degraded` says so.
        """
        ...
