"""Sessions and notifications: where they are kept, and how one tells of the other."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql.notification_store import SqlNotificationStore
from storyloom.adapters.sql.session_store import SqlSessionStore
from storyloom.bootstrap.archive import records_of
from storyloom.events.ports import Emitter, Untold
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock, SystemClock
from storyloom.notifications.schemas import NotificationType
from storyloom.notifications.state import Draft, NotificationCentre
from storyloom.settings import Settings
from storyloom.story.schemas import SessionKey, StoryFacts
from storyloom.story.state import StorySessions
from storyloom.story.telling import SessionTeller
from storyloom.story.triggers import BeatsTrigger


@dataclass(frozen=True, slots=True)
class Story:
    """What the routes of stories call."""

    sessions: StorySessions
    trigger: BeatsTrigger
    notifications: NotificationCentre
    herald: "Herald"
    untold: Untold | None  #: what keeps events of all this apart from the log; None: nothing does

    @property
    def state(self) -> Mapping[str, object]:
        """What they find in the state of a request."""
        return {
            "sessions": self.sessions,
            "trigger": self.trigger,
            "notifications": self.notifications,
        }

    @asynccontextmanager
    async def attended(self) -> AsyncGenerator[None]:
        """Hear of what other services and processes write, for as long as the block lasts."""
        fault: Exception | None = None
        async with anyio.create_task_group() as tasks:
            background = Background(tasks)
            background.soon(self.sessions.attend)
            background.soon(self.notifications.attend)
            try:
                yield
            except Exception as raised:  # noqa: BLE001 - raised below: the group would wrap it
                fault = raised
            tasks.cancel_scope.cancel()
        if fault is not None:
            raise fault


@asynccontextmanager
async def story_of(
    settings: Settings, database: AsyncEngine, clock: Clock, events: Emitter | None = None
) -> AsyncGenerator[Story]:
    """Open the stores that the settings choose: Redis, or else the database."""
    async with AsyncExitStack() as stack:
        teller = SessionTeller(events, clock)
        if settings.redis_url is None:
            untold, kept = None, SqlNotificationStore(database, clock)
            sessions = SqlSessionStore(database, teller)
        else:
            # Redis' library is large, and only loaded where there is a Redis.
            from storyloom.adapters.redis.notification_store import (  # noqa: PLC0415
                open_notification_store,
            )
            from storyloom.adapters.redis.session_store import open_session_store  # noqa: PLC0415
            from storyloom.adapters.redis.untold import open_untold  # noqa: PLC0415

            url, enter = settings.redis_url.get_secret_value(), stack.enter_async_context
            untold = await enter(open_untold(url))
            kept = await enter(open_notification_store(url))
            sessions = await enter(open_session_store(url, clock, teller))
        notifications = NotificationCentre(kept, clock, events)
        herald = Herald(notifications)
        told = StorySessions(sessions, herald, clock)
        yield Story(told, BeatsTrigger(told, herald), notifications, herald, untold)


@asynccontextmanager
async def open_story(settings: Settings) -> AsyncGenerator[Story]:
    """Open them beside a running server, or without one."""
    async with (
        records_of(settings) as records,
        story_of(settings, records.database, SystemClock()) as story,
    ):
        yield story


def _nobody(key: SessionKey) -> None:
    """Nobody in this process wants to know."""


class Herald:
    """Makes notifications of what happens to sessions: neither of the two knows the other."""

    def __init__(self, centre: NotificationCentre) -> None:
        """Take where they are made."""
        self._centre = centre
        #: Called when a session has changed, as far as this process knows.
        self.changed: Callable[[SessionKey], None] = _nobody
        #: Called when the prompts of a session are there.
        self.ready: Callable[[SessionKey], None] = _nobody

    async def prompts_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        """Say that all prompts are there."""
        draft = _draft(NotificationType.PROMPTS_READY, key, facts, cause)
        await self._centre.make(key.org_id, draft, latch=True)
        self.changed(key)
        self.ready(key)

    async def prompts_missing(self, key: SessionKey) -> None:
        """Note that they are not."""
        await self._centre.release(key.org_id, NotificationType.PROMPTS_READY, key.timestamp)
        self.changed(key)

    async def beats_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> str:
        """Say that prompts are wanted."""
        draft = _draft(NotificationType.BEATS_READY, key, facts, cause)
        return await self._centre.make(key.org_id, draft)

    async def images_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        """Say that the pictures of a run are there."""
        draft = _draft(NotificationType.IMAGES_READY, key, facts, cause)
        await self._centre.make(key.org_id, draft)


def _draft(kind: NotificationType, key: SessionKey, facts: StoryFacts, cause: str) -> Draft:
    return Draft(
        type=kind,
        cause=cause,
        session_timestamp=key.timestamp,
        story_uuid=facts.story_uuid,
        episode_number=facts.episode_number,
        total_prompts=facts.total_prompts,
        total_beats=facts.total_beats,
    )
