"""What a run works with, as tests want it to behave."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import anyio

from storyloom.automation.runs.directing.exposure import Exposed
from storyloom.automation.runs.directing.keeping import Inscribed
from storyloom.automation.runs.directing.obstacles import Obstacle
from storyloom.automation.schemas import Phase, SwarmStarted, SwarmStatus, SwarmStopped
from storyloom.automation.swarmui import RUNNING, STARTED
from storyloom.errors import (
    InvalidInput,
    Misconfigured,
    NotFound,
    StoryloomError,
    Unavailable,
    Unreachable,
)
from storyloom.imaging.keys import key_of
from storyloom.imaging.ports import Watch, unwatched
from storyloom.imaging.schemas import (
    Capabilities,
    ImageRequest,
    MediaType,
    Picture,
    Progress,
    Swept,
)
from storyloom.outbound.schemas import StandIn
from storyloom.story.author import Head, SceneFound
from storyloom.story.origins import origin_now
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import Aspect, PromptSet
from storyloom.story.schemas import SessionKey, StoryFacts
from storyloom.story.script.schemas import Bible, DecisionType, FoundBeat, FoundScene, ImageDecision

#: What a backend says to a request, by how often it was asked for this shot; None: a picture.
Says = Callable[[ImageRequest, int], StoryloomError | None]


def shot_of(request: ImageRequest) -> str:
    """The shot that a piece of work belongs to."""
    return "-".join(request.work.split("-")[5:8])


@dataclass
class PictureBackend:
    """Makes pictures one at a time, and remembers them by the name of the work."""

    name: str = "double"
    takes_s: float = 10.0
    at_once: int = 1
    needs_gpu: bool = False
    supports_seed: bool = True
    says: Says = lambda request, asked: None
    stand_in: StandIn | None = None  #: of the pictures to come
    survives: bool = True  #: a process that dies does not end what it has begun
    is_up: bool = True
    made: Counter[str] = field(
        default_factory=Counter[str]
    )  #: pieces of work that were really done
    asked: Counter[str] = field(default_factory=Counter[str])  #: by shot
    requests: list[ImageRequest] = field(default_factory=list[ImageRequest])
    interrupted: list[str] = field(default_factory=list[str])
    freed: int = 0
    active: int = 0
    most: int = 0
    _works: dict[str, asyncio.Task[None]] = field(default_factory=dict[str, asyncio.Task[None]])
    gpu: asyncio.Semaphore | None = None

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            media_types=frozenset({MediaType.PNG}),
            max_width=4096,
            max_height=4096,
            supports_seed=self.supports_seed,
            supports_negative_prompt=True,
            is_local=True,
            is_free=True,
            needs_gpu=self.needs_gpu,
            at_once=self.at_once,
        )

    async def generate(self, request: ImageRequest, watch: Watch = unwatched) -> Picture:
        self.requests.append(request)
        if not self.is_up:
            raise Unreachable("The engine does not answer.", system=self.name)
        shot = shot_of(request)
        if request.work not in self._works:
            self.asked[shot] += 1
            if (fault := self.says(request, self.asked[shot])) is not None:
                raise fault
            # As in an engine: the work lives on its own.
            self._works[request.work] = asyncio.get_running_loop().create_task(
                self._work(request.work)
            )
        self.active += 1
        self.most = max(self.most, self.active)
        watch(Progress(fraction=0.5))
        try:
            await asyncio.shield(self._works[request.work])
        except asyncio.CancelledError:
            if not self.survives:
                self._works.pop(request.work).cancel()
                self.interrupted.append(shot)
            if not self.is_up:
                raise Unreachable("The engine has ended.", system=self.name) from None
            raise
        finally:
            self.active -= 1
        return Picture(
            data=f"{shot} {request.seed} {request.prompt}".encode(),
            media_type=MediaType.PNG,
            width=request.width,
            height=request.height,
            backend=self.name,
            model="sdxl",
            seed=request.seed,
            parameters={"steps": 20},
            stand_in=self.stand_in,
        )

    async def _work(self, work: str) -> None:
        await asyncio.sleep(self.takes_s)
        self.made[work] += 1

    def die(self) -> None:
        """The engine ends, and forgets everything."""
        self.is_up = False
        for task in self._works.values():
            task.cancel()
        self._works.clear()

    async def ping(self) -> None:
        if not self.is_up:
            raise Unreachable("Nothing answers.", system=self.name)

    async def free(self) -> None:
        self.freed += 1


@dataclass
class Swarm:
    """Starts a backend, which takes its time."""

    backend: PictureBackend
    start_s: float = 20.0
    load_s: float = 10.0
    faults: list[StoryloomError] = field(default_factory=list[StoryloomError])
    starts: int = 0
    stops: int = 0
    phase: Phase = Phase.STOPPED
    missing: Misconfigured | None = None  #: a setting without which it can never be started
    _starting: asyncio.Task[None] | None = None

    async def start(self) -> SwarmStarted:
        if self.backend.is_up:
            return self._answer(RUNNING)
        if self.faults:
            raise self.faults.pop(0)
        # As in the service: a caller who leaves does not spoil it for the others.
        if self._starting is None or self._starting.done():
            self._starting = asyncio.get_running_loop().create_task(self._start())
        await asyncio.shield(self._starting)
        return self._answer(STARTED)

    async def _start(self) -> None:
        self.phase = Phase.STARTING
        await asyncio.sleep(self.start_s)
        self.starts += 1
        self.phase = Phase.LOADING_BACKENDS
        asyncio.get_running_loop().call_later(self.load_s, self._up)

    def _up(self) -> None:
        self.phase, self.backend.is_up = Phase.READY, True

    def _answer(self, message: str) -> SwarmStarted:
        return SwarmStarted(
            message=message,
            port=7801,
            api_url="http://127.0.0.1:7801",
            phase=self.phase,
            backend_status=None,
        )

    async def check(self) -> None:
        if self.missing is not None:
            raise self.missing

    async def status(self) -> SwarmStatus:
        if self.phase is Phase.READY and not self.backend.is_up:
            self.phase = Phase.FAILED
        return SwarmStatus(phase=self.phase, started_by_us=True)

    async def stop(self, *, force: bool) -> SwarmStopped:
        self.stops += 1
        return SwarmStopped(message="SwarmUI was stopped")


@dataclass
class Turn:
    """A turn at a GPU whose obstacles are told by the time of the loop."""

    in_the_way: Callable[[float], Obstacle | None] = lambda now: None
    lost: anyio.Event = field(default_factory=anyio.Event)
    given_back: int = 0
    looks: int = 0

    async def obstacle(self) -> Obstacle | None:
        self.looks += 1
        found = self.in_the_way(asyncio.get_running_loop().time())
        if found is None and self.lost.is_set():
            self.lost = anyio.Event()
        return found

    async def give_back(self) -> None:
        self.given_back += 1


@dataclass
class Images:
    """An image store that may be full, or away."""

    fault: Callable[[float], Unavailable | None] = lambda now: None
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])

    async def put(self, key: str, data: bytes) -> None:
        fault = self.fault(asyncio.get_running_loop().time())
        if fault is not None:
            raise fault
        self.files[key] = data

    async def get(self, key: str) -> bytes:
        if key not in self.files:
            raise NotFound
        return self.files[key]

    async def delete(self, key: str) -> None:
        self.files.pop(key, None)

    async def forget(self, folder: str, *, older_than: datetime, dry_run: bool = False) -> Swept:
        raise NotImplementedError

    async def ping(self) -> None: ...


async def inscribe(exposed: Exposed) -> Inscribed:
    data = exposed.picture.data
    return Inscribed(data, key_of("shots", data, exposed.picture.media_type))


@dataclass
class Writer:
    """An author that takes a second for each prompt."""

    scenes_of: int = 4
    ends_after: int | None = None  #: the next scene cannot be read
    beats_in: int = 3
    takes_s: float = 1.0
    decisions: dict[str, ImageDecision] = field(default_factory=dict[str, ImageDecision])
    says: Callable[[str, int], StoryloomError | None] = lambda beat, asked: None
    written: Counter[str] = field(default_factory=Counter[str])
    prompts_for: Callable[[FoundBeat], BeatPrompts] | None = None
    active: int = 0
    most: int = 0

    async def scenes(self, script: str, *, episode: Head) -> AsyncIterator[SceneFound]:
        for scene in range(1, self.scenes_of + 1):
            await self._work()
            if self.ends_after is not None and scene > self.ends_after:
                raise InvalidInput("The script has too many beats")
            ids = [f"s{scene}-b{beat}" for beat in range(1, self.beats_in + 1)]
            beats = tuple(
                FoundBeat(
                    beat_id=name,
                    text=f"{script} {name}",
                    action=f"Somebody does {name}",
                    image_decision=self.decisions.get(name, ImageDecision(type=DecisionType.NEW)),
                )
                for name in ids
            )
            yield SceneFound(
                FoundScene(scene_number=scene, title=f"SCENE {scene}", beats=beats),
                Bible(),
                episode,
                total_scenes=self.scenes_of,
            )

    async def prompts(self, beat: FoundBeat, bible: Bible, *, style: str = "") -> BeatPrompts:
        self.written[beat.beat_id] += 1
        if (fault := self.says(beat.beat_id, self.written[beat.beat_id])) is not None:
            raise fault
        await self._work()
        made = prompts_of(beat) if self.prompts_for is None else self.prompts_for(beat)
        return made.model_copy(update={"origin": origin_now(beat, bible)})

    async def _work(self) -> None:
        self.active += 1
        self.most = max(self.most, self.active)
        try:
            await asyncio.sleep(self.takes_s)
        finally:
            self.active -= 1


def prompts_of(beat: FoundBeat) -> BeatPrompts:
    prompts = {
        aspect: PromptSet(prompt=f"{beat.action}, {aspect}", width=1024, height=576)
        for aspect in Aspect
    }
    return BeatPrompts(beat_id=beat.beat_id, prompts=prompts, caption=beat.action)


@dataclass
class Herald:
    told: list[tuple[SessionKey, StoryFacts, str]] = field(
        default_factory=list[tuple[SessionKey, StoryFacts, str]]
    )

    async def images_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        self.told.append((key, facts, cause))


class Announcer:
    """Nobody hears of sessions, but of beats that wait."""

    def __init__(self) -> None:
        self.waiting: list[SessionKey] = []
        self.changed: Callable[[SessionKey], None] = lambda key: None

    async def prompts_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        self.changed(key)

    async def prompts_missing(self, key: SessionKey) -> None:
        self.changed(key)

    async def beats_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> str:
        self.waiting.append(key)
        return "notif_1"


def beats(*ids: str, **prompts: str) -> Sequence[Mapping[str, object]]:
    """Beats of a session, with these prompts."""
    return [
        {"beatId": name, "action": f"Somebody does {name}"}
        | ({"prompts": {"cinematic": prompts[name]}} if name in prompts else {})
        for name in ids
    ]
