"""The double keeps to the documented order of frames, and makes one picture at a time."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.swarmui.double import Behaviour, SwarmDouble, swarm_double

Json = dict[str, Any]


class Visitor:
    """Speaks to a double without any of our own code."""

    def __init__(self, double: SwarmDouble, client: httpx2.AsyncClient) -> None:
        self._double = double
        self._client = client
        self.session = ""

    async def call(self, route: str, **body: Any) -> Json:
        url = f"{self._double.url}/API/{route}"
        answer = await self._client.post(url, json={"session_id": self.session, **body})
        return answer.json()

    async def get(self, path: str) -> httpx2.Response:
        return await self._client.get(f"{self._double.url}/{path}")

    @asynccontextmanager
    async def ordered(self, **body: Any) -> AsyncGenerator[ClientConnection]:
        url = f"{self._double.url.replace('http', 'ws')}/API/GenerateText2ImageWS"
        async with connect(url, close_timeout=0.05) as socket:
            model = self._double.behaviour().models[0]
            whole = {"session_id": self.session, "images": 1, "prompt": "a cat", "model": model}
            await socket.send(json.dumps({**whole, "width": 64, "height": 64, **body}))
            yield socket

    async def frames(self, **body: Any) -> list[Json]:
        async with self.ordered(**body) as socket:
            return [json.loads(text) async for text in socket]


@asynccontextmanager
async def visited(**how: Any) -> AsyncGenerator[tuple[Visitor, SwarmDouble]]:
    settings: Json = {"lingers_s": 0.01, **how}
    behaviour = Behaviour(**settings)
    async with swarm_double(behaviour) as double, httpx2.AsyncClient() as client:
        visitor = Visitor(double, client)
        visitor.session = (await visitor.call("GetNewSession"))["session_id"]
        yield visitor, double


def kinds(frames: list[Json]) -> list[str]:
    """The first key of each frame, repetitions left out."""
    found = [next(iter(frame)) for frame in frames]
    return [kind for n, kind in enumerate(found) if n == 0 or found[n - 1] != kind]


async def test_frames_come_in_the_documented_order() -> None:
    async with visited() as (visitor, double):
        frames = await visitor.frames(overrideoutpathformat="storyloom/w1", misspelt=1)
        found = await visitor.get("View/local/storyloom/w1.png")
        tally = (await visitor.get("double/made")).json()

    assert kinds(frames) == [
        *("status", "gen_progress", "image", "status", "keep_alive"),
        *("discard_indices", "socket_intention", "status"),
    ]
    assert found.content.startswith(b"\x89PNG")
    assert tally["path"] == {"begun": {"storyloom/w1": 1}, "finished": {"storyloom/w1": 1}}
    assert (tally["unknown"], double.studio.unknown) == (["misspelt"], ["misspelt"])


async def test_a_second_picture_of_the_same_path_gets_another_name() -> None:
    async with visited() as (visitor, double):
        for _ in range(2):
            await visitor.frames(overrideoutpathformat="storyloom/w1")

    assert double.studio.gallery.names == ["storyloom/w1.png", "storyloom/w1-1.png"]


async def test_one_that_waits_in_the_queue_is_interrupted_without_a_word() -> None:
    async with visited(image_s=5) as (visitor, double), visitor.ordered() as first:
        while "gen_progress" not in await first.recv(decode=True):
            pass
        busy, visitor.session = visitor.session, (await visitor.call("GetNewSession"))["session_id"]
        async with visitor.ordered() as second:
            while '"waiting_backends": 1' not in await second.recv(decode=True):
                pass
            await visitor.call("InterruptAll")
            waiting = [json.loads(text) async for text in second]
        visitor.session = busy
        await visitor.call("InterruptAll")
        running = [json.loads(text) async for text in first]

    assert kinds(waiting) == [
        "status",
        "keep_alive",
        "discard_indices",
        "socket_intention",
        "status",
    ]
    assert "error" in kinds(running)
    assert len(double.studio.made) == 1


async def test_it_goes_on_when_the_socket_drops() -> None:
    async with visited(image_s=0.05) as (visitor, double):
        async with visitor.ordered() as socket:
            await socket.recv()
        async with asyncio.timeout(60):
            while (await visitor.call("GetCurrentStatus"))["status"]["waiting_gens"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    assert [entry["what"] for entry in double.studio.made] == ["begun", "finished"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"model": "other"}, "are you sure that model name is correct"),
        ({"steps": 501}, "Invalid value for parameter steps"),
        ({"model": ""}, "No model input given"),
        ({"session_id": "other"}, "Invalid session ID"),
    ],
)
async def test_it_refuses_in_swarmuis_words(body: Json, text: str) -> None:
    async with visited() as (visitor, _):
        frames = await visitor.frames(**body)

    assert text in next(frame["error"] for frame in frames if "error" in frame)
