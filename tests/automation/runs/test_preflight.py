"""What is in the way of a run is found beforehand, each in its time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs import preflight
from storyloom.automation.runs.config import Backend, RunConfig
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.estimate import DEFAULT_S, estimate_of, past_versions
from storyloom.automation.runs.preflight import Place, Preflight, free_at
from storyloom.automation.runs.schemas import Run, Shot, Version
from storyloom.automation.runs.watch import GpuWatch
from storyloom.automation.schemas import Phase, SwarmStatus
from storyloom.errors import StoryloomError, Unavailable
from storyloom.gpu.schemas import Gpu, GpuReading
from storyloom.gpu.status import GpuService
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRef, ImageRequest, MediaType, Picture
from storyloom.kit.ids import new_job_id
from storyloom.kit.questions import Questions
from storyloom.story.prompts import Aspect
from tests.tasks import tasks_of_their_own

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COOL = Gpu(index=0, utilization=1, memory_used=1, memory_total=24000, temperature=40)


class FakeBackend:
    """An image backend that makes nothing here."""

    def __init__(self, name: str, *, needs_gpu: bool = False) -> None:
        self.name = name
        self.fault: StoryloomError | None = None
        self.hangs = False
        self.capabilities = Capabilities(
            media_types=frozenset({MediaType.PNG}),
            max_width=2048,
            max_height=2048,
            supports_seed=True,
            supports_negative_prompt=True,
            is_local=True,
            is_free=True,
            needs_gpu=needs_gpu,
        )

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        raise NotImplementedError

    async def ping(self) -> None:
        if self.hangs:
            await anyio.sleep_forever()
        if self.fault is not None:
            raise self.fault

    async def free(self) -> None: ...


class WithModels(FakeBackend):
    async def models(self) -> Sequence[str]:
        return ["flux-dev.safetensors", "sdxl"]


@dataclass
class FakeSwarm:
    seen: SwarmStatus

    async def status(self) -> SwarmStatus:
        return self.seen


def swarm(phase: Phase, message: str = "") -> FakeSwarm:
    url = "http://127.0.0.1:7801"
    return FakeSwarm(SwarmStatus(phase=phase, message=message, api_url=url, started_by_us=False))


class Nobody:
    """Cannot tell whose the programs are."""

    async def among(self, pids: frozenset[int]) -> frozenset[int] | None:
        return None


@dataclass
class FakeGpus:
    gpus: tuple[Gpu, ...] = (COOL,)

    async def look(self) -> GpuReading:
        return GpuReading(self.gpus)


SWARM, COMFY = WithModels("swarmui", needs_gpu=True), FakeBackend("comfyui")
PLACE = Place(
    gear=Gear({Backend.SWARMUI: SWARM, Backend.COMFYUI: COMFY}, FakeBackend("frames")),
    swarmui=swarm(Phase.READY),
    swarmui_is_installed=True,
    watch=lambda backend: None,
    free_bytes=lambda: 10**12,
    language_model=None,
)


async def found(
    place: Place, check: str, *, beats: int | None = None, **config: Any
) -> tuple[str, str, bool]:
    """The status of a finding and what it says, and whether the run is ready."""
    report = await Preflight(place, MemoryRunStore()).look(
        "acme", RunConfig.model_validate(config), beats=beats
    )
    (one,) = [told for told in report.findings if told.check == check]
    assert bool(one.mend) == (one.status != "ok")
    return one.status, one.says, report.ready


async def test_where_all_is_well_it_is_ready_and_says_what_to_expect() -> None:
    report = await Preflight(PLACE, MemoryRunStore()).look(
        "acme", RunConfig(aspects=(Aspect.CINEMATIC, Aspect.VERTICAL), images_per_prompt=2), beats=6
    )

    assert (report.ready, report.backend) == (True, Backend.SWARMUI)
    assert [told.check for told in report.findings] == ["engine", "gpu", "disk", "language"]
    assert report.estimate is not None
    assert (report.estimate.pictures, report.estimate.seconds) == (24, 480)
    assert report.estimate.cost_usd == 0
    assert "guess" in report.estimate.basis


@pytest.mark.parametrize(
    ("phase", "auto_start", "is_installed", "status"),
    [
        (Phase.LOADING_BACKENDS, True, True, "ok"),
        (Phase.STARTING, True, True, "warning"),
        (Phase.STOPPED, True, True, "ok"),
        (Phase.STOPPED, True, False, "error"),
        (Phase.STOPPED, False, True, "error"),
        (Phase.NO_BACKENDS, True, True, "error"),
    ],
)
async def test_swarmui_runs_or_can_be_started(
    *, phase: Phase, auto_start: bool, is_installed: bool, status: str
) -> None:
    place = replace(PLACE, swarmui=swarm(phase), swarmui_is_installed=is_installed)

    said, _, ready = await found(place, "engine", autoStart=auto_start)

    assert (said, ready) == (status, status != "error")


async def test_other_engines_are_asked_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    comfy = FakeBackend("comfyui")
    place = replace(PLACE, gear=Gear({Backend.COMFYUI: comfy}, FakeBackend("frames")))
    assert await found(place, "engine") == ("ok", "comfyui is ready.", True)

    comfy.fault = Unavailable("Nobody is there.")
    assert await found(place, "engine") == ("error", "Nobody is there.", False)

    comfy.fault, comfy.hangs = None, True
    monkeypatch.setattr(preflight, "WITHIN_S", 0.01)
    assert await found(place, "engine") == ("error", "It did not answer in time.", False)


async def test_what_is_not_configured_is_named() -> None:
    report = await Preflight(PLACE, MemoryRunStore()).look("acme", RunConfig(backend=Backend.MODEL))

    assert (report.ready, report.backend, report.estimate) == (False, None, None)
    assert "STORYLOOM_IMAGE_MODEL" in report.findings[0].mend


@pytest.mark.parametrize(
    ("gpus", "status"),
    [
        ((COOL,), "ok"),
        ((COOL.model_copy(update={"temperature": None}),), "ok"),
        ((COOL.model_copy(update={"temperature": 99}),), "warning"),
        ((), "error"),
    ],
)
async def test_the_gpu_is_looked_at(gpus: tuple[Gpu, ...], status: str) -> None:
    async with tasks_of_their_own() as tasks:
        gpu = GpuService(FakeGpus(gpus), Questions(tasks))
        watches = dict.fromkeys(Backend, GpuWatch(gpu, Nobody()))
        place = replace(PLACE, watch=watches.get, swarmui=swarm(Phase.STOPPED))

        said, says, _ = await found(place, "gpu")

    assert said == status
    assert ("not told: temperature" in says) == (status == "ok" and gpus[0].temperature is None)


@pytest.mark.parametrize(
    ("backend", "model", "status"),
    [
        ("swarmui", "sdxl", "ok"),
        ("swarmui", "flux-dev", "ok"),
        ("swarmui", "flux", "error"),
        ("comfyui", "anything", "ok"),
    ],
)
async def test_the_wanted_model_is_there(backend: str, model: str, status: str) -> None:
    assert (await found(PLACE, "model", backend=backend, model=model))[0] == status


async def test_a_model_cannot_be_looked_up_before_its_engine_runs() -> None:
    class Asleep(FakeBackend):
        async def models(self) -> Sequence[str]:
            raise Unavailable("Nobody is there.")

    place = replace(PLACE, gear=Gear({Backend.COMFYUI: Asleep("comfyui")}, FakeBackend("frames")))

    status, says, ready = await found(place, "model", model="sdxl")

    assert (status, ready) == ("warning", True)
    assert "Nobody is there." in says


async def test_there_has_to_be_room_for_the_pictures() -> None:
    tight = replace(PLACE, free_bytes=lambda: 200_000_000)

    assert (await found(tight, "disk"))[0] == "ok"
    assert (await found(tight, "disk", beats=48))[0] == "error"
    assert (await found(replace(PLACE, free_bytes=lambda: None), "disk"))[0] == "ok"


def test_room_is_told_also_where_the_folder_is_still_to_be_made(tmp_path: Path) -> None:
    assert free_at(tmp_path / "a" / "b") > 0


async def test_who_writes_is_told() -> None:
    named = replace(PLACE, language_model="google:gemini")

    assert "rules" in (await found(PLACE, "language"))[1]
    assert "google:gemini" in (await found(named, "language"))[1]


def version(seconds: float, cost: str | None = None, backend: str = "model") -> Version:
    return Version(
        number=1,
        picture=ImageRef(key="k", media_type=MediaType.PNG, size_bytes=1, width=1, height=1),
        backend=backend,
        model="m",
        prompt="p",
        duration_ms=round(seconds * 1000),
        cost_usd=None if cost is None else Decimal(cost),
        made_at=NOW,
    )


async def test_what_was_made_before_tells_what_to_expect() -> None:
    store = MemoryRunStore()
    for backend in ("model", "swarmui"):
        run = Run(
            id=new_job_id(),
            job=new_job_id(),
            org_id="acme",
            session_timestamp=1,
            config=RunConfig(),
            backend=backend,
            created_at=NOW,
        )
        await store.add(run)
        versions = (version(4, "0.04"), version(8), version(6, "0.06"), version(99, "9", "swarmui"))
        name = "0001-cinematic-1"
        shot = Shot(
            id=name, place=1, beat_id="b", aspect=Aspect.CINEMATIC, take=1, versions=versions
        )
        await store.add_shots(run.id, [shot], epoch=0)

    past = await past_versions(store, "acme", Backend.MODEL)
    expected = estimate_of(Backend.MODEL, 10, past)

    assert (expected.seconds_per_picture, expected.seconds) == (6, 60)
    assert (expected.cost_per_picture_usd, expected.cost_usd) == (Decimal("0.05"), Decimal("0.5"))
    assert "last 3 pictures" in expected.basis
    assert await past_versions(store, "beta", Backend.MODEL) == []


def test_what_is_not_known_is_null() -> None:
    guess = estimate_of(Backend.MODEL, None, [])

    assert (guess.pictures, guess.seconds, guess.cost_usd) == (None, None, None)
    assert guess.seconds_per_picture == DEFAULT_S[Backend.MODEL]


async def test_without_the_past_it_is_a_guess() -> None:
    class Away(MemoryRunStore):
        async def page(self, org_id: str, *, limit: int, before: datetime | None) -> Sequence[Run]:
            raise Unavailable

    report = await Preflight(PLACE, Away()).look("acme", RunConfig())

    assert report.estimate is not None
    assert "guess" in report.estimate.basis
