"""The document on story automation, walked from its first request to its last, with curl.

One real server, a Redis that other services write into, the double of SwarmUI behind a fake launcher, and
a fake nvidia-smi on the PATH. The bodies below are the document's own; where ours may say more, it
is named.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tests.databases import RedisServer, redis_running
from tests.nvidia.program import FakeNvidiaSmi
from tests.processes import is_alive
from tests.servers import running
from tests.swarmui.install import FakeInstall

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
Json = dict[str, Any]
CURL = shutil.which("curl") or "curl"
STORY = "59f64b1e-726a-439d-a6bc-0dfefcababdb"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
GPU: Json = {
    "available": True,
    "gpuCount": 1,
    "utilization": 45,
    "memoryUsed": 8192,
    "memoryTotal": 24576,
    "temperature": 65,
    "processCount": 2,
    "error": None,
}
NO_GPU: Json = {
    "available": False,
    "gpuCount": 0,
    "utilization": 0,
    "memoryUsed": 0,
    "memoryTotal": 0,
    "temperature": 0,
    "processCount": 0,
    "error": "nvidia-smi not found or GPU not available",
}
UUID = "GPU-00000000-1111-2222-3333-444444444444"
EPISODE: Json = {
    "episodeNumber": 2,
    "title": "The lighthouse",
    "scenes": [
        {
            "sceneNumber": scene,
            "title": f"Scene {scene}",
            "metadata": {"location": "The coast", "intensity": 0.5},
            "beats": [
                {
                    "beatId": f"s{scene}-b{beat}",
                    "beat_script_text": f"Beat {beat} of scene {scene}.",
                    "imageDecision": {"type": "NEW_IMAGE", "reason": "A new place"},
                }
                for beat in range(1, 13)
            ],
        }
        for scene in range(1, 5)
    ],
}


@dataclass
class World:
    """All that the document speaks of."""

    url: str
    redis: Any  #: as another service has it
    smi: Path  #: where nvidia-smi will be
    install: FakeInstall

    def asks(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Send a request as the document writes it; what is answered."""
        sent = ["-H", "Content-Type: application/json", "--data", json.dumps(body)] if body else []
        done = subprocess.run(
            [CURL, "-sS", "-X", method, *sent, "-w", "\n%{http_code}", self.url + path],
            capture_output=True,
            check=True,
            timeout=60,
        )
        told, _, status = done.stdout.decode().rpartition("\n")
        return int(status), json.loads(told)


@pytest.fixture(scope="module")
def redis_server() -> Generator[RedisServer]:
    with redis_running() as server:
        yield server


@pytest.fixture
def world(redis_server: RedisServer, tmp_path: Path) -> Generator[World]:
    install = FakeInstall(tmp_path / "SwarmUI")
    # The document's own spelling of this machine.
    swarmui = install.url.replace("127.0.0.1", "localhost")
    with (
        running(
            tmp_path / "data",
            PATH=f"{tmp_path / 'bin'}:/usr/bin:/bin",
            REDIS_URL=redis_server.url,
            STORYLOOM_SWARMUI_DIR=str(install.folder),
            STORYLOOM_SWARMUI_URL=swarmui,
        ) as server,
        redis_server.client() as client,
    ):
        yield World(server.url, client, tmp_path / "bin", install)
    assert [one["pid"] for one in install.launches if is_alive(one["pid"])] == []


def test_the_whole_document(world: World) -> None:
    no_gpu = world.asks("GET", "/api/v1/gpu/status")
    smi = FakeNvidiaSmi(world.smi)
    smi.says(f"0, {UUID}, RTX 4090, 45, 8192, 24576, 65, 1\n")
    smi.says_of_programs(f"{UUID}, 4242, 1000\n{UUID}, 4243, 1000\n")
    answered_at = monotonic()
    assert (no_gpu[0], without(no_gpu[1], "gpus")) == (500, NO_GPU)

    timestamp = saves_beats(world)
    waits_for_prompts(world, timestamp)
    is_told_of_beats(world, timestamp)
    checks_the_gpu(world, answered_at)
    starts_swarmui(world)
    writes_prompts(world, timestamp)
    is_told_of_prompts(world, timestamp)
    knows_nothing_of_others(world)


def saves_beats(world: World) -> int:
    """1. Save beats-only session (StoryArt)."""
    body = {"promptMode": "storyswarm", "storyUuid": STORY, "analyzedEpisode": EPISODE}
    status, told = world.asks("POST", "/api/v1/session/save", body)
    timestamp = told["sessionTimestamp"]

    assert (status, told) == (
        200,
        {"success": True, "storage": "redis", "sessionTimestamp": timestamp},
    )
    assert json.loads(world.redis.get(f"session:{timestamp}")) == body | {"timestamp": timestamp}
    return timestamp


def waits_for_prompts(world: World, timestamp: int) -> None:
    """2. GET /api/v1/session/{timestamp}/prompts-status, and nothing to be notified of."""
    status, told = world.asks("GET", f"/api/v1/session/{timestamp}/prompts-status")

    assert TIME.fullmatch(told.pop("lastUpdated"))
    assert (status, told) == (
        200,
        {
            "promptsReady": False,
            "sessionTimestamp": timestamp,
            "totalBeats": 48,
            "totalPrompts": 0,
        },
    )
    assert world.asks("GET", "/api/v1/notifications/check") == (200, {"notifications": []})


def is_told_of_beats(world: World, timestamp: int) -> None:
    """1 of its drawing: POST /api/v1/trigger/beats-ready (StorySwarm)."""
    said = {"sessionTimestamp": timestamp, "storyUuid": STORY, "episodeNumber": 2}
    status, told = world.asks("POST", "/api/v1/trigger/beats-ready", said | {"totalBeats": 48})
    _, found = world.asks("GET", "/api/v1/notifications/check?type=beats_ready")
    [wanted] = found["notifications"]

    assert (status, told) == (202, {"success": True, "notificationId": wanted["id"]})
    assert TIME.fullmatch(wanted.pop("timestamp"))
    del wanted["id"]
    assert wanted == {"type": "beats_ready", **said, "totalPrompts": 0, "totalBeats": 48}
    acknowledges(world, told["notificationId"])


def checks_the_gpu(world: World, answered_at: float) -> None:
    """3. GET /api/v1/gpu/status. What was told is told for five seconds, a failure too."""
    while (answer := world.asks("GET", "/api/v1/gpu/status"))[0] != 200:
        assert monotonic() - answered_at < 60
        sleep(0.2)

    assert monotonic() - answered_at > 4
    assert without(answer[1], "gpus") == GPU
    assert [gpu["name"] for gpu in answer[1]["gpus"]] == ["RTX 4090"]


def starts_swarmui(world: World) -> None:
    """4. POST /api/v1/swarmui/start: first it cannot be launched, then it is, and stays."""
    world.install.script.chmod(0o644)
    status, failed = world.asks("POST", "/api/v1/swarmui/start")
    assert (status, set(failed), failed["success"]) == (500, {"success", "error"}, False)
    assert failed["error"].startswith("SwarmUI failed to start: ")
    world.install.script.chmod(0o755)

    port = world.install.port
    more = ("phase", "backendStatus")
    for message in ("SwarmUI started successfully", "SwarmUI is already running"):
        status, told = world.asks("POST", "/api/v1/swarmui/start")
        assert (status, without(told, *more)) == (
            200,
            {
                "success": True,
                "message": message,
                "port": port,
                "apiUrl": f"http://localhost:{port}",
            },
        )
    assert len(world.install.launches) == 1


def writes_prompts(world: World, timestamp: int) -> None:
    """5. Another service writes its prompts into the session, and a poll says when all are there."""
    name, path = f"session:{timestamp}", f"/api/v1/session/{timestamp}/prompts-status"
    session = json.loads(world.redis.get(name))
    beats = [beat for scene in session["analyzedEpisode"]["scenes"] for beat in scene["beats"]]
    for done in (24, 48):
        for beat in beats[:done]:
            beat["prompts"] = {"cinematic": {"prompt": f"{beat['beatId']}, wide", "steps": 20}}
        world.redis.set(name, json.dumps(session))
        status, told = world.asks("GET", path)
        assert TIME.fullmatch(told.pop("lastUpdated"))
        assert (status, told) == (
            200,
            {
                "promptsReady": done == 48,
                "sessionTimestamp": timestamp,
                "totalBeats": 48,
                "totalPrompts": done,
            },
        )


def is_told_of_prompts(world: World, timestamp: int) -> None:
    """GET /api/v1/notifications/check and POST /api/v1/notifications/{id}/ack, and their keys."""
    status, told = world.asks("GET", "/api/v1/notifications/check")
    [ready] = told["notifications"]
    name = ready.pop("id")
    [member] = world.redis.zrange("notifications:pending", 0, -1)

    assert status == 200
    assert re.fullmatch(r"notif_[0-9a-z]+", name)
    assert TIME.fullmatch(ready.pop("timestamp"))
    facts = {
        "type": "prompts_ready",
        "sessionTimestamp": timestamp,
        "storyUuid": STORY,
        "episodeNumber": 2,
        "totalPrompts": 48,
    }
    assert ready == facts
    kept = json.loads(member)
    assert TIME.fullmatch(re.sub(r"\.\d+", "", kept.pop("timestamp")))
    assert kept == facts | {"id": name, "totalBeats": 48, "acknowledged": False}

    for _ in range(2):
        acknowledges(world, name)
    assert world.asks("GET", "/api/v1/notifications/check") == (200, {"notifications": []})
    assert world.redis.exists(f"notifications:ack:{name}")
    assert not world.redis.exists("notifications:pending")


def acknowledges(world: World, name: str) -> None:
    answer = world.asks("POST", f"/api/v1/notifications/{name}/ack")

    assert answer == (200, {"success": True, "notificationId": name})


def knows_nothing_of_others(world: World) -> None:
    """Its error responses."""
    status = world.asks("GET", "/api/v1/session/1738195200000/prompts-status")
    acknowledged = world.asks("POST", "/api/v1/notifications/notif_abc123/ack")

    assert status == (404, {"promptsReady": False, "error": "Session not found"})
    assert acknowledged == (404, {"success": False, "error": "Notification not found"})


def without(body: Json, *names: str) -> Json:
    """What the document says, without what is added to it."""
    return {name: value for name, value in body.items() if name not in names}
