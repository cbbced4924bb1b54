"""The notification routes: parse, call one method, return."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from storyloom.access.callers import Org
from storyloom.errors import InvalidInput
from storyloom.kit.leaving import unless_gone
from storyloom.kit.written import in_utc
from storyloom.notifications.schemas import (
    Acknowledged,
    NoNotification,
    Notification,
    NotificationDigest,
    NotificationGroup,
    Notifications,
    NotificationType,
    NotificationView,
)
from storyloom.notifications.state import NotificationCentre, Wanted

_NOT_FOUND = 404
_LONGEST_WAIT_S = 30
_ID = re.compile(r"[!-~]{1,128}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ALL = "all"
_NEITHER: dict[str, Any] = {
    "content": {"application/json": {"schema": {"type": "object", "required": ["detail"]}}}
}
router = APIRouter(
    prefix="/api/v1/notifications",
    tags=["notifications"],
    responses={503: {"description": "The store of notifications is away for now", **_NEITHER}},
)


async def _centre(request: Request) -> NotificationCentre:
    return request.state.notifications


Centre = Annotated[NotificationCentre, Depends(_centre)]


@router.get(
    "/check", responses={429: {"description": "Too many wait for notifications", **_NEITHER}}
)
async def check_notifications(  # noqa: PLR0913, PLR0917 - a query has the options it has
    request: Request,
    centre: Centre,
    org: Org,
    kinds: Annotated[
        list[NotificationType | Literal["all"]] | None,
        Query(alias="type", description="May be repeated; `all` for all. [`prompts_ready`]"),
    ] = None,
    since: Annotated[
        str | None,
        Query(description="Not those before: a time as in `timestamp`, or Unix milliseconds"),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    wait: Annotated[
        float,
        Query(ge=0, le=_LONGEST_WAIT_S, description="Wait so many seconds for the first"),
    ] = 0,
    group: Annotated[Literal["story"] | None, Query(description="Gather them by story")] = None,
) -> Notifications | NotificationDigest:
    """Tell what is not acknowledged, the oldest first."""
    wanted = Wanted(_kinds(kinds or []), None if since is None else _time(since), limit)

    async def check() -> Sequence[Notification]:
        return await centre.check(org, wanted, wait)

    found = await (unless_gone(request.receive, check) if wait else check())
    told = [NotificationView.of(one) for one in found or ()]
    return _grouped(told) if group else Notifications(notifications=told)


@router.post(
    "/{notification_id}/ack",
    response_model=Acknowledged,
    responses={404: {"model": NoNotification, "description": "There is no such notification"}},
)
async def acknowledge_notification(
    notification_id: Annotated[str, Path(description="As `check` tells it")],
    centre: Centre,
    org: Org,
) -> Acknowledged | Response:
    """Tell a notification no longer. To do so again is no error."""
    # What no id looks like is not even looked for: some of it no database takes.
    if _ID.fullmatch(notification_id) and await centre.acknowledge(org, notification_id):
        return Acknowledged(notification_id=notification_id)
    return Response(NoNotification().model_dump_json(), _NOT_FOUND, media_type="application/json")


def _kinds(asked: Sequence[str]) -> Sequence[NotificationType]:
    if _ALL in asked:
        return list(NotificationType)
    chosen = dict.fromkeys(NotificationType(kind) for kind in asked)
    return list(chosen) or [NotificationType.PROMPTS_READY]


def _time(text: str) -> datetime:
    try:
        if text.isascii() and text.isdigit():
            return _EPOCH + timedelta(milliseconds=int(text))
        return in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as fault:
        raise InvalidInput(
            "It has to be a time such as 2026-01-29T10:00:00Z, or Unix milliseconds",
            loc=("query", "since"),
            kind="datetime_parsing",
        ) from fault


def _grouped(told: Sequence[NotificationView]) -> NotificationDigest:
    stories: dict[str, list[NotificationView]] = {}
    for one in told:
        stories.setdefault(one.story_uuid, []).append(one)
    groups = [
        NotificationGroup(story_uuid=story, count=len(ones), notifications=ones)
        for story, ones in stories.items()
    ]
    return NotificationDigest(groups=groups)
