"""What is in the way of a run, found out beforehand. Nothing is started or changed."""

import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

import anyio
from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import Backend, RunConfig, StopAfter
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.estimate import (
    Estimate,
    estimate_of,
    language_cost,
    past_versions,
    past_writing,
)
from storyloom.automation.runs.gate import Gate
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.purse import Asked, ModelFacts, Purse, Roster, keys_of
from storyloom.automation.runs.watch import GpuWatch
from storyloom.automation.schemas import Phase, SwarmStatus
from storyloom.errors import InvalidInput, Misconfigured, StoryloomError, Unavailable
from storyloom.imaging.ports import ImageBackend
from storyloom.kit.findings import Finding, Verdict, error, warning, well
from storyloom.outbound.ports import Ledger

WITHIN_S = 5.0
# A picture with its neighbours: what came from the engine, and what is kept.
BYTES_PER_PICTURE = 5_000_000
_LEAST_FREE = 100_000_000
_LATE = "It did not answer in time."


@runtime_checkable
class Shelf(Protocol):
    """A backend that tells which models it has."""

    async def models(self) -> Sequence[str]:
        """Their names."""
        ...


class Swarm(Protocol):
    """The one method of `SwarmUiService` that is needed here."""

    async def status(self) -> SwarmStatus:
        """SwarmUI as it is now; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """What there is to be looked at."""

    gear: Gear
    swarmui: Swarm
    swarmui_is_installed: bool
    watch: Callable[[Backend], GpuWatch | None]  #: None: the GPU is not to be looked at
    free_bytes: Callable[[], int | None]  #: where pictures go; blocks; None where nobody can tell
    roster: Roster
    purse: Purse
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Tale:
    """What is known of the story; nothing, where nobody has told any."""

    beats: int | None = None  #: that get a picture of their own
    unwritten: int | None = None  #: whose prompts are still to be written here
    named: str | None = None  #: the language model that its session names
    fault: str = ""  #: why it cannot be read


@dataclass(frozen=True, slots=True)
class _Case:
    """What is asked about."""

    org_id: str
    backend: Backend
    pictures: int | None
    tale: Tale
    language: ModelFacts | None


class Told(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    check: str = Field(examples=["engine"])
    status: Verdict
    says: str
    mend: str = ""


class PreflightReport(BaseModel):
    """What would be in the way now."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    ready: bool = Field(description="Whether there is no error among the findings")
    backend: Backend | None = Field(description="What would make the pictures")
    findings: tuple[Told, ...]
    estimate: Estimate | None


class Preflight:
    """Looks at everything at the same time, and gives each its time."""

    def __init__(self, place: Place, runs: RunStore) -> None:
        """Take what is to be looked at, and the runs of the past."""
        self._place = place
        self._runs = runs

    async def look(
        self, org_id: str, config: RunConfig, tale: Tale | None = None
    ) -> PreflightReport:
        """What would be in the way of such a run, of this story or of any."""
        tale = tale or Tale()
        language, written = await self._language(tale)
        try:
            backend = self._place.gear.choice(config.backend)
        except Misconfigured as fault:
            missing = error("engine", fault.message, f"Set {fault.setting}, or choose another.")
            return _report(None, [*_story(tale, None), missing, written], None)
        makes = config.stop_after is StopAfter.IMAGES
        case = _Case(org_id, backend, _pictures(tale, config), tale, language)
        asked = await self._asked(language, backend if makes else None)
        found = {"language": written, "keys": keys_of(asked)}
        found |= {one.check: one for one in _story(tale, case.pictures)}
        expected: list[Estimate] = []

        async def money() -> None:
            expected.append(await self._expected(case))
            cost, purse = expected[0].cost_usd, self._place.purse
            found["budget"] = await _asked("budget", lambda: purse.look(org_id, asked, cost))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(money)
            if makes:
                tasks.start_soon(self._machine, case, config, found)
        order = ("story", "engine", "gpu", "model", "disk", "language", "keys", "budget")
        return _report(backend, [found[name] for name in order if name in found], expected[0])

    async def _machine(self, case: _Case, config: RunConfig, found: dict[str, Finding]) -> None:
        """Look at what makes the pictures, and where they go."""
        made_by = self._place.gear.backend(case.backend)

        async def engine() -> None:
            found["engine"], is_up = await self._engine(case.backend, config)
            if made_by.capabilities.needs_gpu:
                gpu = await _asked("gpu", lambda: self._gpu(case.backend, config, is_up=is_up))
                found["gpu"] = gpu

        async def model() -> None:
            if (wanted := config.model) is not None:
                found["model"] = await _asked("model", partial(_model, made_by, wanted))

        async def disk() -> None:
            found["disk"] = await _asked("disk", lambda: self._disk(case.pictures))

        async with anyio.create_task_group() as tasks:
            for work in (engine, model, disk):
                tasks.start_soon(work)

    async def _asked(self, language: ModelFacts | None, backend: Backend | None) -> Asked:
        """Which models such a run asks."""
        is_painted = backend is Backend.MODEL
        painter = await to_thread.run_sync(self._place.roster.painter) if is_painted else None
        return Asked(language, painter)

    async def _expected(self, case: _Case) -> Estimate:
        """What the past tells; where it cannot be read, a guess."""
        language, tale = case.language, case.tale
        usd = Decimal(0) if language is None else None
        try:
            past = await past_versions(self._runs, case.org_id, case.backend)
            if language is not None:
                runs, ledger = self._runs, self._place.ledger
                words = await past_writing(runs, ledger, case.org_id, language.name)
                usd = language_cost(tale.unwritten, words)
        except StoryloomError:
            past = ()
        return estimate_of(case.backend, case.pictures, past, usd)

    async def _engine(self, backend: Backend, config: RunConfig) -> tuple[Finding, bool]:
        """What is to be said of the engine, and whether it answers."""
        made_by = self._place.gear.backend(backend)
        if backend is not Backend.SWARMUI:
            finding = await _asked("engine", lambda: _pinged(made_by))
            return finding, finding.status is Verdict.OK
        status = await self._place.swarmui.status()
        if status.phase in {Phase.READY, Phase.LOADING_BACKENDS}:
            return well("engine", f"SwarmUI answers at {status.api_url}."), True
        return self._asleep(status, config), False

    def _asleep(self, status: SwarmStatus, config: RunConfig) -> Finding:
        says = f"SwarmUI is {status.phase}: {status.message or 'it does not run'}."
        if status.phase in {Phase.STARTING, Phase.STOPPING}:
            return warning("engine", says, "Wait for it.")
        if status.phase is Phase.NO_BACKENDS:
            return error("engine", says, "Give it a backend in its own settings.")
        if not config.auto_start:
            return error("engine", says, "Start it, or choose autoStart.")
        if not self._place.swarmui_is_installed:
            return error("engine", says, "Set STORYLOOM_SWARMUI_DIR to its folder, or start it.")
        return well("engine", "SwarmUI does not run; the run starts it.")

    async def _gpu(self, backend: Backend, config: RunConfig, *, is_up: bool) -> Finding:
        watch = self._place.watch(backend)
        if watch is None:
            says = "The GPU is not looked at: it is elsewhere, or STORYLOOM_NVIDIA_SMI is none."
            return well("gpu", says)
        verdict = Gate(config.gpu).judge(*await watch.look(is_up=is_up))
        if verdict.is_hopeless:
            return error("gpu", verdict.detail, "Choose another backend, such as frames.")
        if not verdict.may_go:
            return warning("gpu", f"{verdict.detail}.", "The run waits for it, up to maxGpuWait.")
        unknown = ", ".join(verdict.unknown)
        return well(
            "gpu", f"Free enough; not told: {unknown}." if unknown else "It is free enough."
        )

    async def _disk(self, pictures: int | None) -> Finding:
        free = await to_thread.run_sync(self._place.free_bytes, abandon_on_cancel=True)
        if free is None:
            return well("disk", "Pictures go where nobody can tell how much room there is.")
        need = _LEAST_FREE + (pictures or 0) * BYTES_PER_PICTURE
        says = (
            f"{free // 10**6} MB are free where pictures go; about {need // 10**6} MB are needed."
        )
        if free < need:
            return error("disk", says, "Make room, or set STORYLOOM_IMAGES_URL to a bucket.")
        return well("disk", says)

    async def _language(self, tale: Tale) -> tuple[ModelFacts | None, Finding]:
        """Which language model is asked, and what is to be said of that."""
        if tale.unwritten == 0:
            return None, well("language", "Nothing is left to be written here.")
        language = self._place.roster.language
        try:
            model = await to_thread.run_sync(language, tale.named)
        except InvalidInput as fault:
            model = await to_thread.run_sync(language, None)
            who = "rules write" if model is None else f"{model.name} writes"
            says = f"{fault.message.rstrip('.')}, so {who}."
            return model, warning("language", says, "Name another in the session's selectedLLM.")
        if model is None:
            return None, well(
                "language", "Beats and prompts are written by rules, without a model."
            )
        return model, well("language", f"Beats and prompts are written by {model.name}.")


def _pictures(tale: Tale, config: RunConfig) -> int | None:
    if config.stop_after is not StopAfter.IMAGES:
        return 0
    if tale.beats is None:
        return None
    return tale.beats * len(config.aspects) * config.images_per_prompt


def _story(tale: Tale, pictures: int | None) -> Sequence[Finding]:
    """What there is to be told; nothing to say of where nobody has told any."""
    if tale.fault:
        return [error("story", tale.fault, "Correct the script.")]
    if tale.beats is None:
        return []
    says = f"{tale.beats} beats get pictures of their own"
    if not tale.beats:
        return [warning("story", f"{says}.", "Look at the beats' image decisions.")]
    return [well("story", f"{says}." if pictures is None else f"{says}: {pictures} pictures.")]


def free_at(folder: Path) -> int:
    """How many bytes are free at a folder that may still have to be made; blocks."""
    place = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    return shutil.disk_usage(place).free


async def _pinged(backend: ImageBackend) -> Finding:
    await backend.ping()
    return well("engine", f"{backend.name} is ready.")


async def _model(backend: ImageBackend, wanted: str) -> Finding:
    if not isinstance(backend, Shelf):
        return well("model", f"{backend.name} does not tell which models it has.")
    try:
        names = await backend.models()
    except Unavailable as fault:  # it may still have to be started
        says = f"Nobody can tell yet whether {wanted} is there: {fault}"
        return warning("model", says, "It is looked for when the first picture is made.")
    # The kind of file may be left out.
    if any(wanted in {name, name.rpartition(".")[0]} for name in names):
        return well("model", f"{wanted} is there.")
    some = ", ".join(names[:5]) or "none"
    return error("model", f"{backend.name} lacks the model {wanted}.", f"It has: {some}.")


async def _asked(check: str, ask: Callable[[], Awaitable[Finding]]) -> Finding:
    """What was found within its time; whatever is away is said to be."""
    try:
        with anyio.fail_after(WITHIN_S):
            return await ask()
    except TimeoutError:
        return error(check, _LATE, "Look whether it hangs.")
    except (StoryloomError, OSError) as fault:
        return error(check, str(fault), "Look at what it says.")


def _report(
    backend: Backend | None, findings: Sequence[Finding], estimate: Estimate | None
) -> PreflightReport:
    return PreflightReport(
        ready=all(one.status is not Verdict.ERROR for one in findings),
        backend=backend,
        findings=tuple(
            Told(check=one.check, status=one.status, says=one.says, mend=one.mend)
            for one in findings
        ),
        estimate=estimate,
    )
