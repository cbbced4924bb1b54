"""A world with one run in it, whose nights take a moment; and a watch that nobody waits in silence."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from storyloom.adapters.memory.ledger import MemoryLedger
from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.adapters.memory.session_store import MemorySessionStore
from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.config import Backend, RunConfig
from storyloom.automation.runs.directing.crew import Crew, Machine, Writers
from storyloom.automation.runs.directing.director import Director
from storyloom.automation.runs.directing.gear import Gear
from storyloom.automation.runs.directing.softening import RuleSoftener, Softener
from storyloom.automation.runs.directing.writing import Authors
from storyloom.automation.runs.naming import first_job
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.schemas import Run, Shot, ShotStatus
from storyloom.automation.runs.state import Runs
from storyloom.errors import InvalidInput, Unavailable
from storyloom.imaging.ports import ImageBackend
from storyloom.jobs.schemas import JobStatus, Priority
from storyloom.kit.ids import JobId, new_job_id
from storyloom.story.schemas import SessionKey
from storyloom.story.state import StorySessions
from storyloom.story.triggers import BeatsTrigger
from tests.automation.runs.scenarios.clockwork import LoopClock, play
from tests.automation.runs.scenarios.doubles import (
    Announcer,
    Herald,
    Images,
    PictureBackend,
    Swarm,
    Turn,
    Writer,
    beats,
    inscribe,
)

ORG, TIMESTAMP = "acme", 1738195200000
SILENCE_S = 2.5
T = TypeVar("T")
Json = dict[str, Any]


class _Here:
    """Work that is done at once: a thread would let the time jump."""

    async def run(self, size: int, work: Callable[[], T]) -> T:
        return work()


class Starts:
    """An engine that only remembers what it was asked to run."""

    def __init__(self) -> None:
        self.jobs: list[JobId] = []

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        self.jobs.append(job_id)

    async def states(self, job_ids: Sequence[JobId]) -> Any:
        raise NotImplementedError

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        raise NotImplementedError

    async def ahead(self, job_id: JobId) -> int | None:
        return None

    async def ping(self) -> None: ...


@dataclass
class World:
    """All doubles, and the run."""

    backend: PictureBackend = field(default_factory=lambda: PictureBackend("swarmui"))
    others: dict[Backend, ImageBackend] = field(default_factory=dict[Backend, ImageBackend])
    frames: PictureBackend = field(default_factory=lambda: PictureBackend("frames", takes_s=0.1))
    author: Writer = field(default_factory=Writer)
    rules: Writer = field(default_factory=lambda: Writer(takes_s=0.01))
    swarm: Swarm | None = None
    turn: Turn | None = None
    images: Images = field(default_factory=Images)
    runs: RunStore = field(default_factory=MemoryRunStore)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    softener: Softener = field(default_factory=RuleSoftener)
    herald: Herald = field(default_factory=Herald)
    announcer: Announcer = field(default_factory=Announcer)
    silences: list[tuple[float, Run]] = field(default_factory=list[tuple[float, Run]])
    seen: list[Run] = field(default_factory=list[Run])  #: the run, look by look
    id: JobId = field(default_factory=new_job_id)

    def __post_init__(self) -> None:
        self.clock = LoopClock()
        self.bells = Bells()
        self.announcer.changed = self.bells.ring
        self.store = MemorySessionStore()
        self.sessions = StorySessions(self.store, self.announcer, self.clock)
        self.sessions._aside = _Here()  # pyright: ignore[reportAttributeAccessIssue]
        self.asking: list[str | None] = []
        self.forbidden: set[str | None] = set()
        self.engine = Starts()
        self.orders = Runs(self.runs, self.engine, self.bells, self.clock)

    @property
    def key(self) -> SessionKey:
        return SessionKey(ORG, TIMESTAMP)

    async def session(self, **fields: Any) -> None:
        await self.sessions.save(ORG, json.dumps({"timestamp": TIMESTAMP} | fields).encode())

    async def prompts(self, **prompts: str) -> None:
        """Another service sends prompts."""
        body = {"prompts": {beat: {"cinematic": text} for beat, text in prompts.items()}}
        await self.sessions.add_prompts(ORG, str(TIMESTAMP), json.dumps(body).encode())

    async def tell(self, beat_id: str, **fields: Any) -> None:
        """Somebody changes what a beat says."""

        def told(document: Json) -> None:
            for scene in document["analyzedEpisode"]["scenes"]:
                for beat in scene["beats"]:
                    beat.update(fields if beat["beatId"] == beat_id else {})

        await self.edit(told)

    async def edit(self, change: Callable[[Json], None]) -> None:
        """Somebody changes the session, whatever is in it by now."""
        document = await self.document()
        change(document)
        await self.session(**document)

    async def document(self) -> Json:
        """The session as it is now."""
        return json.loads((await self.sessions.whole(ORG, str(TIMESTAMP))).text)

    async def accept(self, **config: Any) -> Run:
        run = Run(
            id=self.id,
            job=first_job(self.id),
            org_id=ORG,
            session_timestamp=TIMESTAMP,
            config=RunConfig.model_validate(config),
            created_at=self.clock.now(),
        )
        return await self.runs.add(run)

    def crew(self) -> Crew:
        backends: dict[Backend, ImageBackend] = {Backend.SWARMUI: self.backend, **self.others}
        return Crew(
            runs=self.runs,
            writers=Writers(
                self.sessions,
                Authors(self.named, self.rules),
                BeatsTrigger(self.sessions, self.announcer),
                self.softener,
            ),
            machine=Machine(
                Gear(backends, self.frames),
                self.swarm,
                None if self.turn is None else self._turn,
            ),
            images=self.images,
            inscribe=inscribe,
            ledger=self.ledger,
            herald=self.herald,
            bells=self.bells,
            clock=self.clock,
        )

    def named(self, model: str | None) -> Writer:
        self.asking.append(model)
        if model in self.forbidden:
            raise InvalidInput(f"The operator of this server does not allow the model {model}")
        return self.author

    def _turn(self, run: Run, backend: str, engine_is_up: Callable[[], Awaitable[bool]]) -> Turn:
        assert self.turn is not None
        return self.turn

    async def with_prompts(self, count: int, **config: Any) -> Run:
        """A session with so many beats and all their prompts, and a run of it."""
        found = [f"b{place}" for place in range(1, count + 1)]
        prompts = {name: f"A picture of {name}" for name in found}
        await self.session(analyzedEpisode={"beats": beats(*found, **prompts)})
        return await self.accept(**config)

    @property
    async def run(self) -> Run:
        run = await self.runs.get(self.id)
        assert run is not None
        return run

    @property
    async def shots(self) -> Sequence[Shot]:
        return await self.runs.shots(self.id)

    @property
    def is_busy(self) -> bool:
        """Whether something is being done for the run that needs no explanation."""
        workers = (self.backend, self.frames, self.author, self.rules, *self.others.values())
        return any(getattr(worker, "active", 0) for worker in workers)

    @asynccontextmanager
    async def directed(self) -> AsyncGenerator["Driven"]:
        """A process that drives the run, and a watch over it."""
        loop = asyncio.get_running_loop()
        watch = loop.create_task(self._watch())
        director = Director(self.crew())
        driving = loop.create_task(director.run((await self.run).job))
        try:
            yield Driven(self, director, driving)
        finally:
            watch.cancel()
            driving.cancel()
            await asyncio.wait([watch, driving])

    async def _watch(self) -> None:
        silent_s = 0.0
        while True:
            await asyncio.sleep(0.5)
            try:
                run = await self.run
            except Unavailable:
                continue
            self.seen.append(run)
            speaks = run.waiting_on or self.is_busy or run.status is not JobStatus.PROCESSING
            silent_s = 0.0 if speaks else silent_s + 0.5
            if silent_s > SILENCE_S:
                self.silences.append((asyncio.get_running_loop().time(), run))

    async def to_its_end(self) -> Run:
        """Drive it until it has ended, and see that all is explained."""
        async with self.directed() as driven:
            return await driven.ended()

    async def told(self) -> Run:
        """The run as it has ended; everything about it has to be explained."""
        run, shots = await self.run, await self.shots
        assert run.status.is_terminal
        assert run.report is not None
        assert run.report.headline
        assert run.waiting_on == ()
        assert [shot for shot in shots if not shot.status.is_terminal] == []
        unexplained = [s for s in shots if s.status is ShotStatus.FAILED and not s.error_message]
        assert unexplained == []
        if run.status is JobStatus.FAILED:
            assert run.error_code
            assert run.error_message
        assert self.silences == []
        return run

    def codes(self) -> list[str]:
        """What was waited for, one after the other."""
        found: list[str] = []
        before: set[str] = set()
        for run in self.seen:
            now = [one.code.value for one in run.waiting_on]
            found += [code for code in now if code not in before]
            before = set(now)
        return found


@dataclass
class Driven:
    """A process that drives the run."""

    world: World
    director: Director
    task: asyncio.Task[None]

    async def ended(self) -> Run:
        await self.task
        return await self.world.told()

    async def crash(self) -> None:
        """The process dies: nothing that it would do about it is done."""
        self.task.cancel()
        await asyncio.wait([self.task])

    async def until(self, condition: Callable[[Run, Sequence[Shot]], bool]) -> None:
        while not condition(await self.world.run, await self.world.shots):  # noqa: ASYNC110
            await asyncio.sleep(0.25)


def scenario(work: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """A test that is played on the jumping loop."""

    def test() -> None:
        play(work())

    test.__name__, test.__doc__, test.__module__ = work.__name__, work.__doc__, work.__module__
    return test


def made(shots: Sequence[Shot]) -> int:
    return sum(shot.status.has_picture for shot in shots)


def is_making(shots: Sequence[Shot]) -> bool:
    """Whether the first picture is being made."""
    return bool(shots) and shots[0].status is ShotStatus.MAKING


def took_s(run: Run) -> float:
    assert run.started_at is not None
    assert run.completed_at is not None
    return (run.completed_at - run.started_at).total_seconds()
