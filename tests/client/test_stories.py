"""Sessions through the client: what is expected of one goes with the request, and its tag comes back."""

import httpx2
import pytest

from storyloom.client.errors import Changed
from storyloom.client.faces import Awaited
from storyloom.client.stories import Sessions
from tests.client.answering import Answering

SAVED = {"success": True, "storage": "redis", "sessionTimestamp": 1}
TAKEN = SAVED | {"updated": 1, "promptsReady": True, "totalBeats": 1, "totalPrompts": 1}
CHANGED = {"detail": "Somebody has changed it", "code": "session_changed", "etag": '"1-b"'}


def tagged(body: object) -> httpx2.Response:
    return httpx2.Response(200, json=body, headers={"ETag": '"1-a"'})


async def test_a_session_comes_with_its_tag() -> None:
    whole = {"success": True, "data": {"scriptText": "x"}}
    untold = httpx2.Response(200, json=whole)
    server = Answering([tagged(whole), tagged(whole), tagged(SAVED), tagged(TAKEN), untold])
    sessions = Sessions(server.line(), Awaited())

    told = [
        await sessions.get(1),
        await sessions.latest(),
        await sessions.save({"timestamp": 1}),
        await sessions.add_prompts(1, {"prompts": {"a": "x"}}),
        await sessions.get(2),
    ]

    assert [one.etag for one in told] == [*['"1-a"'] * 4, ""]
    assert "If-Match" not in server.asked[2].headers


async def test_what_somebody_else_has_changed_is_refused() -> None:
    server = Answering([httpx2.Response(412, json=CHANGED)] * 2)
    sessions = Sessions(server.line(), Awaited())

    with pytest.raises(Changed, match="Somebody has changed it") as refused:
        await sessions.save({"timestamp": 1}, etag='"1-a"')
    with pytest.raises(Changed):
        await sessions.add_prompts(1, {"prompts": {"a": "x"}}, etag="*")

    assert refused.value.body["etag"] == '"1-b"'
    assert [one.headers["If-Match"] for one in server.asked] == ['"1-a"', "*"]
