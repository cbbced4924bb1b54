"""A whole run beside what cannot be done faster, and beside the same work as the document draws it.

Both ways make 48 pictures with a SwarmUI that makes one at a time, from prompts by a model that takes a
second for each. The document does one thing after the other: all prompts, a poll every five seconds that
finds them, then the engine, then the pictures one by one.
"""

import subprocess
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio
import httpx2

from bench.figures import Figure
from storyloom.adapters.swarmui.image_backend import open_swarm_image_backend
from storyloom.imaging.schemas import ImageRequest, MediaType
from tests.e2e.runs import ended, saved, started
from tests.providers.server import Providers, providers_in_process
from tests.servers import launched
from tests.swarmui.install import FakeInstall

Json = Mapping[str, Any]
BEATS = 48
IMAGE_S = 1.2
PROMPT_S = 1.0
ENGINE_S = 5.0
POLL_EVERY_S = 5.0
AT_MOST = 1.05
_ANSWER: Json = {
    "characters": [],
    "props": [],
    "action": "a lantern burns in the window of a dark tower",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A server, and the SwarmUI that it may launch."""

    url: str
    install: FakeInstall


def runs() -> Iterator[Figure]:
    with providers_in_process() as providers, TemporaryDirectory() as folder:
        engine_s = _engine_start_s(_install(Path(folder) / "alone"))
        with _served(Path(folder) / "ours", providers) as place:
            ours_s = _overlapped_s(place)
        with _served(Path(folder) / "staged", providers) as place:
            staged_s = _staged_s(place)
    bound_s = engine_s + PROMPT_S + BEATS * IMAGE_S
    yield Figure(
        f"run of {BEATS} beats, a model and SwarmUI, {IMAGE_S:g} s a picture",
        f"{ours_s:.1f} s",
        f"{bound_s:.1f} s: engine {engine_s:.1f}, prompt {PROMPT_S:g}, pictures {BEATS * IMAGE_S:g}",
        ours_s / bound_s,
        f"ratio <= {AT_MOST:g}",
        ours_s <= AT_MOST * bound_s,
    )
    yield Figure(
        "the same, beside one thing after the other",
        f"{ours_s:.1f} s",
        f"{staged_s:.1f} s: as the document draws it",
        ours_s / staged_s,
    )


def _install(folder: Path) -> FakeInstall:
    install = FakeInstall(folder)
    install.does(waits_s=ENGINE_S)
    install.behaves(image_s=IMAGE_S)
    return install


@contextmanager
def _served(folder: Path, providers: Providers) -> Generator[Place]:
    """A server with a key of its own, so that the model's answers are paid for in each way."""
    key, install = providers.new_key(), _install(folder / "swarmui")
    providers.always(key, _ANSWER, kind="text")
    providers.latency(key, PROMPT_S)
    settings = {
        **providers.settings(key),
        "STORYLOOM_IMAGE_MODEL": "none",
        "STORYLOOM_NVIDIA_SMI": "none",
        "STORYLOOM_RATE_LIMIT": "none",
        "STORYLOOM_SWARMUI_DIR": str(install.folder),
        "STORYLOOM_SWARMUI_URL": install.url,
    }
    with launched(folder / "data", **settings) as server:
        yield Place(server.url, install)
    finished = [one for one in install.made if one["what"] == "finished"]
    work = (len(finished), len(install.launches), providers.charges(key)["text"])
    if work != (BEATS, 1, BEATS):
        raise SystemExit("{} pictures, {} launches, {} prompts".format(*work))


def _session(place: Place) -> int:
    beats = [
        {
            "beatId": f"b{number}",
            "beat_script_text": f"The lantern burns, for the {number}th night.",
            "action": "the lantern burns",
        }
        for number in range(1, BEATS + 1)
    ]
    return saved(place.url, beats, promptMode="storyart")


def _engine_start_s(install: FakeInstall) -> float:
    """From the launch to the first answer, without anybody's help."""
    began = time.perf_counter()
    command = [str(install.script), "--launch_mode", "none", "--port", str(install.port)]
    with subprocess.Popen(command, cwd=install.folder, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        while True:
            try:
                answer = httpx2.post(f"{install.url}/API/GetNewSession", json={}, timeout=2)
            except httpx2.TransportError:
                time.sleep(0.02)
                continue
            took = time.perf_counter() - began
            session = answer.json()["session_id"]
            httpx2.post(f"{install.url}/API/ShutdownServer", json={"session_id": session})
            process.wait(30)
            return took


def _overlapped_s(place: Place) -> float:
    """By the run's own times: whoever waits for its end sees it a poll later."""
    timestamp = _session(place)
    run = ended(place.url, started(place.url, timestamp), every_s=1.0)
    counts, report = run["counts"], run["report"]
    if counts["done"] != BEATS or report["degraded"] or run["degraded"]:
        raise SystemExit(
            f"Not the run that is to be measured: {counts}, {report}, {run['degraded']}"
        )
    created, completed = (
        datetime.fromisoformat(run[name]) for name in ("createdAt", "completedAt")
    )
    return (completed - created).total_seconds()


def _staged_s(place: Place) -> float:
    """What a client does that keeps to the order of the document."""
    timestamp = _session(place)
    began = time.perf_counter()
    started(place.url, timestamp, stopAfter="prompts")
    with httpx2.Client(base_url=f"{place.url}/api/v1", timeout=120) as api:
        while not api.get(f"/session/{timestamp}/prompts-status").json()["promptsReady"]:
            time.sleep(POLL_EVERY_S)
        api.post("/swarmui/start").raise_for_status()
        beats = api.get(f"/session/{timestamp}").json()["data"]["analyzedEpisode"]["beats"]
    anyio.run(_one_by_one, place, beats)
    return time.perf_counter() - began


async def _one_by_one(place: Place, beats: list[Json]) -> None:
    async def where() -> str:
        return place.install.url

    async with open_swarm_image_backend(where) as backend:
        for beat in beats:
            told = beat["prompts"]["cinematic"]
            request = ImageRequest(
                prompt=told["prompt"],
                width=told["width"],
                height=told["height"],
                seed=1,
                purpose="shot",
                accept=(MediaType.PNG,),
            )
            picture = await backend.generate(request)
            await anyio.Path(place.install.folder, f"{beat['beatId']}.png").write_bytes(
                picture.data
            )
