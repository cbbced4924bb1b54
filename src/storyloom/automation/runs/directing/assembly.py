"""The parts of the director, put together for one run."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from storyloom.automation.runs.config import Backend
from storyloom.automation.runs.directing.bench import Bench
from storyloom.automation.runs.directing.camera import Camera
from storyloom.automation.runs.directing.crew import Crew
from storyloom.automation.runs.directing.darkroom import Darkroom, Hands
from storyloom.automation.runs.directing.engine_room import EngineRoom
from storyloom.automation.runs.directing.keeping import Keeper
from storyloom.automation.runs.directing.lights import Lights, Needs
from storyloom.automation.runs.directing.notices import Notices
from storyloom.automation.runs.directing.reading import Reader
from storyloom.automation.runs.directing.remedies import Remedies
from storyloom.automation.runs.directing.scribe import Scribe
from storyloom.automation.runs.directing.sitting import Sitting
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.supply import Supply
from storyloom.automation.runs.directing.waits import Waits
from storyloom.automation.runs.directing.writing import Writer
from storyloom.automation.runs.schemas import WaitCode

#: Programs that may have to be started, or waited for.
_ENGINES = frozenset({Backend.SWARMUI, Backend.COMFYUI})


class Benches:
    """The benches of a run, each made when it is first needed."""

    def __init__(self, crew: Crew, sitting: Sitting) -> None:
        """Take what they need."""
        self._crew = crew
        self._sitting = sitting
        self._made: dict[str, Bench] = {}

    def bench(self, name: str) -> Bench:
        """Where the pictures of this backend are made."""
        if name not in self._made:
            self._made[name] = self._new(name)
        return self._made[name]

    async def let_go(self) -> None:
        """Give back all that they hold."""
        for bench in self._made.values():
            await bench.lights.off()

    def _new(self, name: str) -> Bench:
        machine, sitting = self._crew.machine, self._sitting
        backend = machine.gear.backend(name)
        engine = None
        if name in _ENGINES:
            starter = machine.swarmui if name == Backend.SWARMUI else None
            engine = EngineRoom(backend, starter, sitting.slate)
        gpu = None
        if machine.turn is not None and engine is not None and backend.capabilities.needs_gpu:
            gpu = machine.turn(sitting.slate.run, name, engine.answers)
        lights = Lights(sitting.slate, sitting.waits, sitting.notices, Needs(gpu, engine))
        return Bench(name, backend, lights, engine=engine, gpu=gpu)


@dataclass(frozen=True, slots=True)
class Parts:
    """All that drives one run."""

    sitting: Sitting
    reader: Reader
    scribe: Scribe
    darkroom: Darkroom
    benches: Benches

    @classmethod
    def of(cls, crew: Crew, slate: Slate) -> "Parts":
        """Put them together."""
        waits = Waits(crew.clock)
        sitting = Sitting(slate, waits, Notices(slate, waits), Supply(), crew.clock)
        slate.telling, slate.heard = partial(_told, waits), waits.tell
        writers, gear = crew.writers, crew.machine.gear
        reader = Reader(sitting, writers.sessions, crew.bells)
        writer = Writer(sitting, reader, writers.authors)
        benches = Benches(crew, sitting)
        hands = Hands(
            camera=Camera(sitting),
            keeper=Keeper(crew.images, waits, crew.inscribe),
            remedies=Remedies(slate, gear, writers.softener, crew.clock),
            benches=benches.bench,
            recheck=reader.recheck,
        )
        scribe = Scribe(sitting, reader, writer, writers.trigger)
        return cls(sitting, reader, scribe, Darkroom(sitting, hands), benches)

    async def let_go(self) -> None:
        """Give back all that is held."""
        await self.benches.let_go()


def _told(waits: Waits, reason: str) -> AbstractContextManager[object]:
    return waits.on(WaitCode.STORE_AWAY, f"The run cannot be written. {reason}")
