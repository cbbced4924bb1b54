"""The shape of the answers. Limits are wide: they keep an answer small, and what stands is judged later."""

from typing import Literal

from pydantic import BaseModel, Field

from storyloom.story.prompting.schemas import Facts
from storyloom.story.script.schemas import Shot

_ID = 48
_MANY = 60


class SaidBeat(BaseModel):
    """A beat, as a model finds it."""

    quote: str = Field(max_length=4000, description="Copied exactly from the scene")
    action: str = Field(max_length=600, description="What a camera sees, in the present tense")
    characters: list[str] = Field(default_factory=list[str], max_length=12, description="Ids")
    props: list[str] = Field(default_factory=list[str], max_length=12, description="Ids")
    shot: Shot = Shot.MEDIUM
    picture: Literal["new", "reuse", "none"] = "new"
    reuse_of: int | None = Field(default=None, description="Number of an earlier beat, from 1")
    reason: str = Field(default="", max_length=300)


class SaidEntry(BaseModel):
    """Somebody or something new."""

    id: str = Field(max_length=_ID, description="Small letters, digits and underscores")
    name: str = Field(max_length=80, description="As the scene spells it")
    look: str = Field(default="", max_length=300)


class SaidState(BaseModel):
    """How somebody or something is for a while."""

    id: str = Field(max_length=_ID)
    state: str = Field(max_length=40, description="In a word or two")
    first_beat: int
    last_beat: int | None = None


class SceneAnswer(BaseModel):
    """What a model finds in a scene."""

    beats: list[SaidBeat] = Field(max_length=120)
    new_characters: list[SaidEntry] = Field(default_factory=list[SaidEntry], max_length=_MANY)
    new_props: list[SaidEntry] = Field(default_factory=list[SaidEntry], max_length=_MANY)
    states: list[SaidState] = Field(default_factory=list[SaidState], max_length=_MANY)


class PromptAnswer(BaseModel):
    """What a model wants to be seen in a beat."""

    characters: list[str] = Field(default_factory=list[str], max_length=12, description="Ids")
    place: str = Field(default="", max_length=_ID, description="An id")
    props: list[str] = Field(default_factory=list[str], max_length=12, description="Ids")
    action: str = Field(max_length=800)
    shot: Shot = Shot.MEDIUM
    mood: str = Field(default="", max_length=80)
    time_of_day: str = Field(default="", max_length=40)

    @property
    def facts(self) -> Facts:
        """As facts."""
        return Facts(
            characters=tuple(self.characters),
            place=self.place,
            props=tuple(self.props),
            action=self.action,
            shot=self.shot,
            mood=self.mood,
            time_of_day=self.time_of_day,
        )
