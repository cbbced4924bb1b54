"""What is in the way of a run is found beforehand, each in its time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.automation.runs import preflight
from storyloom.automation.runs.config import Backend, RunConfig, StopAfter
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.estimate import DEFAULT_S, estimate_of, past_versions
from storyloom.automation.runs.preflight import Place, Preflight, Tale, free_at
from storyloom.automation.runs.purse import Asked, ModelFacts, Purse, Roster
from storyloom.automation.runs.schemas import Report, Run, Shot, Version
from storyloom.automation.runs.watch import GpuWatch
from storyloom.automation.schemas import Phase, SwarmStatus
from storyloom.errors import InvalidInput, StoryloomError, Unavailable
from storyloom.gpu.schemas import Gpu, GpuReading
from storyloom.gpu.status import GpuService
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import Capabilities, ImageRef, ImageRequest, MediaType, Picture
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from storyloom.kit.questions import Questions
from storyloom.outbound.schemas import Account, Budget, Call, Ending, Usage
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
LEDGER = MemoryLedger()
PLACE = Place(
    gear=Gear({Backend.SWARMUI: SWARM, Backend.COMFYUI: COMFY}, FakeBackend("frames")),
    swarmui=swarm(Phase.READY),
    swarmui_is_installed=True,
    watch=lambda backend: None,
    free_bytes=lambda: 10**12,
    roster=Roster(lambda named: None, lambda: None),
    purse=Purse(Budget(), LEDGER, ManualClock(NOW)),
    ledger=LEDGER,
)


async def found(
    place: Place, check: str, *, beats: int | None = None, tale: Tale | None = None, **config: Any
) -> tuple[str, str, bool]:
    """The status of a finding and what it says, and whether the run is ready."""
    report = await Preflight(place, MemoryRunStore()).look(
        "acme", RunConfig.model_validate(config), tale or Tale(beats)
    )
    (one,) = [told for told in report.findings if told.check == check]
    assert bool(one.mend) == (one.status != "ok")
    return one.status, one.says, report.ready


async def test_where_all_is_well_it_is_ready_and_says_what_to_expect() -> None:
    report = await Preflight(PLACE, MemoryRunStore()).look(
        "acme",
        RunConfig(aspects=(Aspect.CINEMATIC, Aspect.VERTICAL), images_per_prompt=2),
        Tale(beats=6),
    )

    assert (report.ready, report.backend) == (True, Backend.SWARMUI)
    assert [told.check for told in report.findings] == [
        *("story", "engine", "gpu", "disk", "language", "keys", "budget"),
    ]
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


GEMINI = ModelFacts("google:gemini")
PAINTER = ModelFacts("google:painter")


def roster(language: ModelFacts | None = GEMINI, painter: ModelFacts | None = PAINTER) -> Roster:
    def named(name: str | None) -> ModelFacts | None:
        if name == "forbidden":
            raise InvalidInput("The operator does not allow it")
        return language if name is None else ModelFacts(name)

    return Roster(named, lambda: painter)


def paid(budget: Budget | None = None, ledger: MemoryLedger = LEDGER, **models: Any) -> Place:
    """A place where a provider's models write and paint."""
    return replace(
        PLACE,
        gear=Gear({Backend.MODEL: FakeBackend("model")}, FakeBackend("frames")),
        roster=roster(**models),
        purse=Purse(budget or Budget(), ledger, ManualClock(NOW)),
        ledger=ledger,
    )


async def test_who_writes_is_told() -> None:
    place = replace(PLACE, roster=roster())

    assert "rules" in (await found(PLACE, "language"))[1]
    assert "google:gemini" in (await found(place, "language"))[1]
    assert "local:x" in (await found(place, "language", tale=Tale(named="local:x")))[1]
    status, says, _ = await found(place, "language", tale=Tale(named="forbidden"))
    assert (status, "google:gemini writes" in says) == ("warning", True)
    without = replace(PLACE, roster=roster(language=None))
    assert "rules write" in (await found(without, "language", tale=Tale(named="forbidden")))[1]
    assert "Nothing is left" in (await found(place, "language", tale=Tale(3, 0)))[1]


async def test_keys_have_to_be_there() -> None:
    nameless = ModelFacts("openai:x", missing_key="OPENAI_API_KEY")

    assert await found(PLACE, "keys") == ("ok", "No key is needed.", True)
    assert (await found(paid(), "keys"))[0] == "ok"
    assert (await found(paid(language=nameless), "keys"))[::2] == ("warning", True)
    assert (await found(paid(painter=nameless), "keys"))[::2] == ("error", False)
    frames = await found(paid(painter=nameless), "keys", backend="frames")
    assert frames == ("ok", "Nothing is missing for google:gemini.", True)


async def spent(usd: str | None) -> MemoryLedger:
    ledger = MemoryLedger()
    call = Call(
        account=Account(org_id="acme"),
        provider="google",
        model="gemini",
        purpose="p",
        prompt_version="1",
        input_hash="h",
        size_bytes=1,
        destination="d",
    )
    entry = await ledger.open(call, attempt=1, at=NOW, budget=Budget())
    usage = Usage(cost_usd=None if usd is None else Decimal(usd))
    await ledger.close(entry, Ending(outcome="ok", usage=usage, duration_ms=1))
    return ledger


async def test_the_budget_has_to_allow_it() -> None:
    day, job = Budget(per_org_day_usd=Decimal(2)), Budget(per_job_usd=Decimal("0.5"))

    assert "Nothing is spent" in (await found(PLACE, "budget"))[1]
    says = (await found(paid(ledger=await spent(None)), "budget"))[1]
    assert says == "There is no budget. $0.00 were spent today, and 1 calls of unknown price."
    status, says, _ = await found(paid(day, await spent("0.5")), "budget")
    assert (status, says[:14]) == ("ok", "$1.50 are left")
    assert "is not known" in says
    assert "$0.50 for a run" in (await found(paid(job), "budget"))[1]
    used_up = paid(day, await spent("2"))
    assert (await found(used_up, "budget"))[::2] == ("error", False)
    assert (await found(used_up, "budget", backend="frames"))[::2] == ("warning", True)
    unpriced = ModelFacts("local:x", is_priced=False)
    status, says, _ = await found(paid(day, painter=unpriced), "budget")
    assert (status, "local:x is unknown" in says) == ("error", True)


async def test_what_a_run_may_cost_is_held_against_the_budget() -> None:
    purse = Purse(Budget(per_org_day_usd=Decimal(2)), LEDGER, ManualClock(NOW))
    asked = Asked(painter=PAINTER)

    assert (await purse.look("acme", asked, Decimal(1))).status == "ok"
    assert (await purse.look("acme", asked, Decimal(3))).status == "warning"


async def test_the_story_is_counted_and_what_is_not_painted_needs_no_engine() -> None:
    assert (await found(PLACE, "story", beats=3))[:2] == (
        *("ok", "3 beats get pictures of their own: 3 pictures."),
    )
    assert (await found(PLACE, "story", tale=Tale(0, 0, fault="It is empty.")))[0] == "error"
    assert (await found(PLACE, "story", beats=0))[0] == "warning"
    report = await Preflight(PLACE, MemoryRunStore()).look(
        "acme", RunConfig(stop_after=StopAfter.PROMPTS), Tale(5)
    )
    assert [told.check for told in report.findings] == ["story", "language", "keys", "budget"]
    assert report.estimate is not None
    assert (report.estimate.pictures, report.estimate.cost_usd) == (0, 0)


async def test_what_a_model_costs_is_known_from_the_past_or_not_at_all() -> None:
    store, ledger = MemoryRunStore(), MemoryLedger()
    run = past_run("frames", report=Report(headline="", beats=4))
    await store.add(run)
    await store.add(past_run("frames"))
    place = paid(ledger=ledger)

    async def cost(beats: int | None = 8) -> Decimal | None:
        tale = Tale(beats, beats)
        config = RunConfig(backend=Backend.FRAMES)
        estimate = (await Preflight(place, store).look("acme", config, tale)).estimate
        assert estimate is not None
        return estimate.cost_usd

    assert await cost() is None
    call = Call(
        account=Account(org_id="acme", job_id=run.id, step="prompts"),
        provider="google",
        model="gemini",
        purpose="p",
        prompt_version="1",
        input_hash="h",
        size_bytes=1,
        destination="d",
    )
    entry = await ledger.open(call, attempt=1, at=NOW, budget=Budget())
    usage = Usage(cost_usd=Decimal("0.4"))
    await ledger.close(entry, Ending(outcome="ok", usage=usage, duration_ms=1))
    assert await cost() == Decimal("0.8")
    assert await cost(None) is None


def past_run(backend: str, **more: Any) -> Run:
    return Run(
        id=new_job_id(),
        job=new_job_id(),
        org_id="acme",
        session_timestamp=1,
        config=RunConfig(),
        backend=backend,
        created_at=NOW,
        **more,
    )


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
        run = past_run(backend)
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
