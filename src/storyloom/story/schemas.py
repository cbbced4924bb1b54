"""What the session API takes and gives. Names are the document's, in camel case."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

# What a JavaScript number holds exactly; a sorted set's score too.
MAX_NUMBER = 2**53 - 1
UUID_LENGTH = 200
_TIMESTAMP = re.compile(r"0|[1-9][0-9]{0,15}")
_EXAMPLE_TIMESTAMP = 1738195200000


def parse_timestamp(text: str) -> int | None:
    """The timestamp of a session in its one written form, or None."""
    if _TIMESTAMP.fullmatch(text) is None or int(text) > MAX_NUMBER:
        return None
    return int(text)


def _whole_seconds(at: datetime) -> datetime:
    """As the document writes times."""
    return at.replace(microsecond=0)


WholeSeconds = Annotated[datetime, AfterValidator(_whole_seconds)]


@dataclass(frozen=True, slots=True)
class SessionKey:
    """Which session, and whose."""

    org_id: str
    timestamp: int  #: Unix time in milliseconds


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What notifications say of a session. What it does not say itself is empty, or 0."""

    story_uuid: str
    episode_number: int
    total_beats: int
    total_prompts: int


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class _Tagged(_Camel):
    """An answer whose header says which version of the session it is about."""

    etag: str = Field(default="", exclude=True, description="Its `ETag`, which no body has")


class SessionSaved(_Tagged):
    """The session is kept."""

    success: Literal[True] = True
    storage: str = Field(description="Where it is kept", examples=["redis"])
    session_timestamp: int = Field(examples=[_EXAMPLE_TIMESTAMP])


class PromptsStatus(_Camel):
    """Whether every beat that needs prompts has them."""

    prompts_ready: bool
    session_timestamp: int = Field(examples=[_EXAMPLE_TIMESTAMP])
    total_beats: int = Field(description="All beats, also those that need no prompt")
    total_prompts: int = Field(description="Beats that have prompts")
    last_updated: WholeSeconds = Field(
        description="When the session last changed", examples=["2026-01-29T10:05:00Z"]
    )


class PromptsTaken(_Tagged):
    """The prompts are kept."""

    success: Literal[True] = True
    session_timestamp: int = Field(examples=[_EXAMPLE_TIMESTAMP])
    updated: int = Field(description="How many beats were named")
    prompts_ready: bool
    total_beats: int
    total_prompts: int


class Session(_Tagged):
    """One session, whole: the documented fields, and whatever else was saved."""

    success: Literal[True] = True
    data: dict[str, JsonValue]


class ListedSession(_Camel):
    """What a list tells of a session."""

    timestamp: int
    script_text: str
    story_uuid: str
    analyzed_episode: JsonValue


class SessionList(_Camel):
    """Sessions, the newest first."""

    success: Literal[True] = True
    sessions: list[ListedSession]
    count: int = Field(description="How many there are in `sessions`")
    next: int | None = Field(description="Send it as `before` to go on; null at the end")


class SessionDeleted(_Camel):
    """The session is gone."""

    success: Literal[True] = True
    session_timestamp: int


class BeatsReady(_Camel):
    """The beats of a session wait for prompts. What the stored session says may be left out."""

    # Strictly a number: true is none.
    session_timestamp: int = Field(ge=0, le=MAX_NUMBER, strict=True, examples=[_EXAMPLE_TIMESTAMP])
    story_uuid: str | None = Field(
        default=None, max_length=UUID_LENGTH, examples=["59f64b1e-726a-439d-a6bc-0dfefcababdb"]
    )
    episode_number: int | None = Field(default=None, ge=0, le=MAX_NUMBER, strict=True, examples=[2])
    total_beats: int | None = Field(default=None, ge=0, le=MAX_NUMBER, strict=True, examples=[48])


class Triggered(_Camel):
    """The notification is made, or was before."""

    success: Literal[True] = True
    notification_id: str = Field(examples=["notif_abc123"])


class NoStatus(_Camel):
    """There is no such session."""

    prompts_ready: Literal[False] = False
    error: str = Field(examples=["Session not found"])


class NoSession(_Camel):
    """There is no such session."""

    success: Literal[False] = False
    error: str = Field(examples=["Session not found"])
