"""Events over a WebSocket: the same envelopes, one a message."""

import json
from contextlib import aclosing, suppress

import anyio
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from storyloom.errors import StoryloomError
from storyloom.events.followers import SLOW, STOPPING
from storyloom.events.frames import SEND_WITHIN_S
from storyloom.events.router import After, Asking, SubjectId, Types
from storyloom.events.state import Following
from storyloom.events.views import BEAT_S, LONGEST_S, READY, EventViews
from storyloom.kit.leaving import gone

PROTOCOL = "storyloom.events.v1"
# What RFC 6455 and the registry behind it have for going away, trying later, and being done.
_CODES = {STOPPING: 1001, SLOW: 1013}
_DONE = 1000
router = APIRouter()


@router.websocket("/v1/events/ws")
async def follow_by_socket(
    websocket: WebSocket,
    *,
    whose: Asking,
    after: After = None,
    types: Types = None,
    subject: SubjectId = None,
) -> None:
    """Send what is wanted, from a place on, or from now on."""
    views: EventViews = websocket.state.event_views
    wanted = views.wanted(whose, types=types or (), subject_id=subject)
    offered = websocket.scope.get("subprotocols", ())
    async with views.following(wanted, after) as following, anyio.create_task_group() as tasks:
        await websocket.accept(PROTOCOL if PROTOCOL in offered else None)

        async def leave() -> None:
            await gone(websocket.receive)
            tasks.cancel_scope.cancel()

        tasks.start_soon(leave)
        with suppress(WebSocketDisconnect):  # it may leave while something is sent to it
            reason = await _send_all(websocket, following)
            with anyio.move_on_after(SEND_WITHIN_S):
                await websocket.close(_CODES.get(reason, _DONE), reason)
        tasks.cancel_scope.cancel()


async def _send_all(websocket: WebSocket, following: Following) -> str:
    """Send until there is a reason not to, and give it."""
    ready = json.dumps({"type": READY, "after": following.begins_after})
    if not await _is_taken(websocket, ready):
        return SLOW
    try:
        async with aclosing(following.events(beat_s=BEAT_S, within_s=LONGEST_S)) as told:
            async for events in told:
                for event in events:
                    if not await _is_taken(websocket, event.json_line.decode()):
                        return SLOW
    except StoryloomError as fault:
        return fault.code
    return following.reason


async def _is_taken(websocket: WebSocket, message: str) -> bool:
    """Send it, if that does not take too long; raises `WebSocketDisconnect`."""
    with anyio.move_on_after(SEND_WITHIN_S) as sending:
        await websocket.send_text(message)
    return not sending.cancelled_caught
