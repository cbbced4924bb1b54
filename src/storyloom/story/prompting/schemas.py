"""What is known of a picture before it is made: facts, prompts, and what was found wrong with them."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.story.origins import Origin
from storyloom.story.prompts import Aspect, PromptSet
from storyloom.story.script.schemas import Shot

_WIRE = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Facts(BaseModel):
    """One picture in ids of the bible and a clause. Whoever writes them writes no looks."""

    model_config = _WIRE

    characters: tuple[str, ...] = ()
    place: str = ""
    props: tuple[str, ...] = ()
    action: str = Field(default="", description="What is to be seen, in a clause or two")
    shot: Shot = Shot.MEDIUM
    mood: str = Field(default="", description="In a few words; empty where the beat has none")
    time_of_day: str = ""


class Severity(StrEnum):
    """Whether a picture may be made all the same."""

    ERROR = "error"
    WARNING = "warning"


class FindingCode(StrEnum):
    """What can be wrong with a prompt."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN_CHARACTER = "unknown_character"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_PROP = "unknown_prop"
    PROP_FROM_NOWHERE = "prop_from_nowhere"  #: used before it is there
    CONTRADICTION = "contradiction"  #: with the bible, or with the scene: night is not day
    LETTERING = "lettering"  #: words are to be seen in the picture
    LIVE_SYNTAX = "live_syntax"  #: what an image backend would take for a command


class LintFinding(BaseModel):
    """One thing that is wrong, or was."""

    model_config = _WIRE

    code: FindingCode
    severity: Severity
    message: str = Field(description="A sentence for a person")
    beat_id: str
    is_fixed: bool = Field(default=False, description="It was mended here: the prompt is fine")


class BeatPrompts(BaseModel):
    """The prompts of one beat in both shapes, and how they came about."""

    model_config = _WIRE

    beat_id: str
    prompts: dict[Aspect, PromptSet]
    facts: Facts = Facts()
    origin: Origin | None = Field(default=None, description="What they were made of")
    caption: str = Field(default="", description="What happens, in a few words")
    findings: tuple[LintFinding, ...] = ()
    degraded: tuple[str, ...] = Field(
        default=(), description="Sentences on what could not be done as well as usual"
    )

    @property
    def errors(self) -> tuple[LintFinding, ...]:
        """What keeps a picture from being made: nothing should be spent on it."""
        return tuple(
            one for one in self.findings if one.severity is Severity.ERROR and not one.is_fixed
        )

    @property
    def wire(self) -> dict[str, Any]:
        """As they are posted for a beat: `{beatId, cinematic, vertical}`, in SwarmUI's names."""
        sets = {str(aspect): parameters_of(one) for aspect, one in self.prompts.items()}
        return {"beatId": self.beat_id, **sets}


def parameters_of(prompt: PromptSet) -> dict[str, Any]:
    """A prompt as clients keep it: what `prompt_of` reads."""
    named = {
        "prompt": prompt.prompt,
        "negativeprompt": prompt.negative_prompt,
        "width": prompt.width,
        "height": prompt.height,
        "seed": prompt.seed,
    }
    return {name: value for name, value in named.items() if value is not None} | prompt.parameters
