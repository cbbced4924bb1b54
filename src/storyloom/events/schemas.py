"""An event, what it is about, and which events somebody wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Self
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from storyloom.kit.storable import storable

_ID_LENGTH = 24


class EventType(StrEnum):
    """What may have happened. There may be more of them some day: clients pass over what is new."""

    ACCEPTED = "job.accepted"
    STARTED = "job.started"
    PROGRESS = "job.progress"  #: another stage, or more of one is done
    WAITING = "job.waiting"  #: nothing moves; `waiting_on` says why
    COMPLETED = "job.completed"
    FAILED = "job.failed"
    CANCELLED = "job.cancelled"
    SHOTS = "run.shots"  #: more pictures of a run are known to come
    SHOT = "run.shot"  #: a picture of a run is at another point, or is wanted otherwise
    SESSION_CHANGED = "session.changed"  #: a story was saved or edited, whoever did it
    SESSION_DELETED = "session.deleted"
    CREATED = "notification.created"
    ACKNOWLEDGED = "notification.acknowledged"


#: After one of these, nothing more happens to a job unless somebody asks more of it.
ENDS = frozenset({EventType.COMPLETED, EventType.FAILED, EventType.CANCELLED})


class Subject(BaseModel):
    """What an event is about."""

    model_config = ConfigDict(frozen=True)

    kind: str = Field(
        description="`code_to_storyboard`, `roadmap_to_storyboard`, `story_run`, `run_export`, "
        "`session` or `notification`"
    )
    id: str


class Event(BaseModel):
    """Something that happened: an envelope that is the same in every view of the log."""

    model_config = ConfigDict(frozen=True)

    seq: int = Field(ge=1, description="Its place in the log; later events have greater numbers")
    id: str = Field(description="The same for the same cause, however often it is told")
    type: str = Field(description="What happened, such as `job.completed`")
    at: datetime
    org_id: str
    subject: Subject
    data: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def is_end(self) -> bool:
        """Whether a job has ended by it."""
        return self.type in ENDS

    @cached_property
    def json_line(self) -> bytes:
        """The envelope as JSON in one line: made once, for all who are told."""
        return self.model_dump_json().encode()

    @cached_property
    def sse_frame(self) -> bytes:
        """The same as a frame of server-sent events."""
        head = f"id: {self.seq}\nevent: {self.type}\ndata: "
        return head.encode() + self.json_line + b"\n\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is not in the log yet; it has no number."""

    id: str
    type: str
    at: datetime
    org_id: str
    subject: Subject
    data: Mapping[str, JsonValue]

    @classmethod
    def of(
        cls,
        org_id: str,
        type_: str,
        subject: Subject,
        *,
        at: datetime,
        data: Mapping[str, JsonValue] = MappingProxyType({}),
        cause: str = "",
    ) -> Self:
        """What is to be told. The same cause is told once in an organisation; none, each time."""
        kept = storable(dict(data))
        return cls(event_id(org_id, cause), str(type_), at, org_id, subject, kept)

    def numbered(self, seq: int) -> Event:
        """The event at this place of the log."""
        return Event(
            seq=seq,
            id=self.id,
            type=self.type,
            at=self.at,
            org_id=self.org_id,
            subject=self.subject,
            data=dict(self.data),
        )


def event_id(org_id: str, cause: str) -> str:
    """The same for the same cause, in every process; a new one where there is no cause."""
    named = f"{org_id}\n{cause}" if cause else str(uuid4())
    return f"evt_{sha256(named.encode('utf-8', 'replace')).hexdigest()[:_ID_LENGTH]}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events somebody wants. What is None is not asked about."""

    org_id: str | None = None
    subject_id: str | None = None
    kinds: frozenset[str] | None = None  #: of subjects
    types: frozenset[str] | None = None

    def takes(self, event: Event) -> bool:
        """Whether it is one of them."""
        return (
            (self.org_id is None or event.org_id == self.org_id)
            and (self.subject_id is None or event.subject.id == self.subject_id)
            and (self.kinds is None or event.subject.kind in self.kinds)
            and (self.types is None or event.type in self.types)
        )


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of the first and the last event that are kept; both 0 where there is none."""

    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a job is like now."""

    subject: Subject
    body: Mapping[str, JsonValue]
    is_over: bool


class EventPage(BaseModel):
    """Events in their order."""

    data: list[Event]
    next_after: int = Field(
        ge=0, description="Send it as `after` to go on: nothing up to there is missing"
    )
