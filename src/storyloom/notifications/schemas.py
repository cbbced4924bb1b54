"""What a notification is, and what the API gives. Names are the document's, in camel case."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler
from pydantic.alias_generators import to_camel
from pydantic.functional_serializers import model_serializer

_ID_LENGTH = 24


class NotificationType(StrEnum):
    """What is told."""

    PROMPTS_READY = "prompts_ready"
    BEATS_READY = "beats_ready"
    IMAGES_READY = "images_ready"


def _whole_seconds(at: datetime) -> datetime:
    """As the document writes times."""
    return at.replace(microsecond=0)


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Notification(_Camel):
    """What is kept of one, and what others find in Redis: the documented structure."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: NotificationType
    session_timestamp: int
    story_uuid: str
    episode_number: int
    total_prompts: int
    total_beats: int
    timestamp: datetime
    acknowledged: bool = False


def notification_id(kind: NotificationType, session_timestamp: int, cause: str) -> str:
    """The same for the same cause, in every process."""
    digest = sha256(f"{kind}:{session_timestamp}:{cause}".encode()).hexdigest()
    return f"notif_{digest[:_ID_LENGTH]}"


class NotificationView(_Camel):
    """One that is pending. `totalBeats` is told with `beats_ready` only."""

    id: str = Field(examples=["notif_abc123"])
    type: NotificationType
    session_timestamp: int = Field(examples=[1738195200000])
    story_uuid: str = Field(examples=["59f64b1e-726a-439d-a6bc-0dfefcababdb"])
    episode_number: int = Field(examples=[2])
    total_prompts: int = Field(examples=[48])
    total_beats: int | None = None
    timestamp: Annotated[datetime, AfterValidator(_whole_seconds)] = Field(
        examples=["2026-01-29T10:00:00Z"]
    )

    @classmethod
    def of(cls, kept: Notification) -> "NotificationView":
        """As clients see it."""
        told = kept.model_dump(exclude={"acknowledged"})
        if kept.type is NotificationType.PROMPTS_READY:
            del told["total_beats"]
        return cls(**told)

    @model_serializer(mode="wrap")
    # Without a return type, the OpenAPI document has the fields themselves.
    def _leave_out(self, handler: SerializerFunctionWrapHandler):  # noqa: ANN202
        fields: dict[str, Any] = handler(self)
        return {name: value for name, value in fields.items() if value is not None}


class NotificationGroup(_Camel):
    """What is pending of one story."""

    story_uuid: str
    count: int
    notifications: list[NotificationView]


class Notifications(_Camel):
    """What is pending, the oldest first."""

    notifications: list[NotificationView]


class NotificationDigest(_Camel):
    """What is pending, story by story; the story with the oldest first."""

    groups: list[NotificationGroup]


class Acknowledged(_Camel):
    """It is not told again."""

    success: Literal[True] = True
    notification_id: str = Field(examples=["notif_abc123"])


class NoNotification(_Camel):
    """There is no such notification."""

    success: Literal[False] = False
    error: str = Field(default="Notification not found", examples=["Notification not found"])
