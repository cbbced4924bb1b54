"""A WebSocket whose client leaves, or takes nothing."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import anyio
import pytest
from fastapi import WebSocket

from storyloom.access.schemas import Caller
from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.events import sockets
from storyloom.events.schemas import Draft, EventType, Snapshot, Subject
from storyloom.events.sockets import follow_by_socket
from storyloom.events.state import Events
from storyloom.events.views import EventViews, Whose
from storyloom.kit.clock import ManualClock

JOB = Subject(kind="code_to_storyboard", id="j1")
Message = MutableMapping[str, Any]


class NoJobs:
    """A socket shows none."""

    async def of(self, org_id: str, caller: Caller, job_id: str) -> Snapshot:
        raise NotImplementedError


class Peer:
    """A client that takes so many messages; then it has left, or is only slow."""

    def __init__(self, takes: int, *, is_slow: bool = False) -> None:
        self.told: list[Message] = []
        self._takes = takes
        self._is_slow = is_slow
        self._comes = iter([{"type": "websocket.connect"}])

    async def receive(self) -> Message:
        for message in self._comes:
            return message
        await anyio.sleep_forever()
        raise AssertionError

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self._takes -= 1
            if self._takes < 0:
                if self._is_slow:
                    await anyio.sleep_forever()
                raise OSError
        self.told.append(message)


async def follow(peer: Peer) -> Events:
    """Follow one event from the beginning of the log, in the default organisation."""
    events = Events(MemoryEventLog(), MemoryEventBus())
    draft = Draft.of("default", EventType.PROGRESS, JOB, at=ManualClock().now(), cause="a")
    await events.record([draft])
    state = {"event_views": EventViews(events, NoJobs(), {})}
    scope: Message = {"type": "websocket", "headers": [], "subprotocols": [], "state": state}
    async with asyncio.timeout(20):
        socket = WebSocket(scope, peer.receive, peer.send)
        await follow_by_socket(socket, whose=Whose(Caller(), "default"), after=0)
    return events


@pytest.mark.parametrize("takes", [0, 1])
async def test_a_client_may_leave_while_it_is_told_something(takes: int) -> None:
    peer = Peer(takes)

    events = await follow(peer)

    kinds = [message["type"] for message in peer.told]
    assert kinds == ["websocket.accept", *["websocket.send"] * takes]
    assert events.open_streams == 0


@pytest.mark.parametrize("takes", [0, 1])
async def test_a_client_that_takes_nothing_is_sent_away(
    takes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SEND_WITHIN_S", 0)
    peer = Peer(takes, is_slow=True)

    await follow(peer)

    assert (peer.told[-1]["code"], peer.told[-1]["reason"]) == (1013, "slow_client")
