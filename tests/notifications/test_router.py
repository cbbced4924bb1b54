"""Clients who go away while they wait."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Message

from storyloom.adapters.memory.notification_store import MemoryNotificationStore
from storyloom.api.bodies import BodyLimit
from storyloom.api.errors import render_errors
from storyloom.kit.clock import ManualClock
from storyloom.notifications.router import router
from storyloom.notifications.state import NotificationCentre
from storyloom.notifications.waiting import Waiters
from tests.until import until


class Client:
    """One request to the route, whose connection can be cut."""

    def __init__(self, centre: NotificationCentre) -> None:
        app = FastAPI()
        app.include_router(router)
        app.add_middleware(BodyLimit)
        render_errors(app)
        self._app = app
        self._centre = centre
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []

    async def ask(self, query: bytes, body: bytes = b"") -> None:
        await self._messages.put({"type": "http.request", "body": body, "more_body": False})
        scope: dict[str, Any] = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/notifications/check",
            "query_string": query,
            "headers": [],
            "state": {"notifications": self._centre},
        }
        await self._app(scope, self._messages.get, self._send)

    def leave(self) -> None:
        self._messages.put_nowait({"type": "http.disconnect"})

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def answer(self) -> tuple[int, Any]:
        return self.sent[0]["status"], json.loads(self.sent[1]["body"])


@pytest.fixture
async def centre(clock: ManualClock) -> NotificationCentre:
    return NotificationCentre(MemoryNotificationStore(clock), clock)


async def test_who_goes_away_waits_no_longer(centre: NotificationCentre) -> None:
    client = Client(centre)

    # Less than the wait, which ends by itself; and around the group, which waits for its tasks.
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(client.ask(b"wait=30"))
        await until(lambda: centre.waiters.count == 1)
        client.leave()

    assert centre.waiters.count == 0


async def test_a_body_that_nobody_asked_for_is_refused_when_it_is_too_large(
    centre: NotificationCentre,
) -> None:
    client = Client(centre)

    await client.ask(b"wait=30", b"x" * 70_000)

    status, body = client.answer
    assert (status, body["code"]) == (413, "body_too_large")
    assert centre.waiters.count == 0


async def test_too_many_who_wait_are_told_when_to_come_back(centre: NotificationCentre) -> None:
    centre.waiters = Waiters(most=0)
    client = Client(centre)

    await client.ask(b"wait=30")

    status, body = client.answer
    assert (status, body["code"]) == (429, "rate_limited")
