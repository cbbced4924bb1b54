"""Who finds beats and writes prompts."""

from collections.abc import AsyncIterator

from storyloom.automation.runs.directing.writing import Authors
from storyloom.errors import Unsupported
from storyloom.story.author import Head, SceneFound
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.script.schemas import Bible, FoundBeat

_SAYS = "This version writes no prompts itself: send them, with promptMode `storyswarm`."


class _Nobody:
    """Sessions have to bring their beats and their prompts."""

    async def scenes(self, script: str, *, episode: Head) -> AsyncIterator[SceneFound]:  # noqa: ARG002
        """None."""
        raise Unsupported(_SAYS, system="author")
        yield

    async def prompts(self, beat: FoundBeat, bible: Bible, *, style: str = "") -> BeatPrompts:  # noqa: ARG002
        """None."""
        raise Unsupported(_SAYS, system="author")


def authors_of() -> Authors:
    """Those that there are."""
    return Authors(lambda _model: _Nobody(), _Nobody())
