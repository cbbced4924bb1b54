"""What is in the way where SwarmUI does not answer, and when it is started."""

from collections.abc import Sequence
from typing import cast

import pytest

from storyloom.automation.errors import LaunchedTooSoon, SwarmUiFailed
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.directing.engine_room import EngineRoom, Starter
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.waits import Waits
from storyloom.automation.runs.ports import RunEdit
from storyloom.automation.runs.schemas import Run, WaitCode
from storyloom.automation.schemas import Phase, SwarmStarted, SwarmStatus, SwarmStopped
from storyloom.automation.swarmui import RUNNING, STARTED, STOPPED
from storyloom.errors import Misconfigured, NotAllowed, StoryloomError, Unreachable
from storyloom.imaging.ports import ImageBackend
from storyloom.kit.clock import ManualClock

AWAY = Unreachable("Nobody answers.")


class Backend:
    """Answers, unless something is wrong with it."""

    def __init__(self, fault: StoryloomError | None) -> None:
        self.fault = fault
        self.pinged = 0

    async def ping(self) -> None:
        self.pinged += 1
        if self.fault is not None:
            raise self.fault


class SwarmUi:
    """In one phase; a start ends in this way."""

    def __init__(self, phase: Phase, start: str | StoryloomError = STARTED) -> None:
        self.phase = phase
        self._start = start

    async def start(self) -> SwarmStarted:
        if isinstance(self._start, StoryloomError):
            raise self._start
        return SwarmStarted(
            message=self._start, port=7801, api_url="", phase=Phase.READY, backend_status=None
        )

    async def status(self) -> SwarmStatus:
        return SwarmStatus(phase=self.phase, message="So it says", started_by_us=False)

    async def check(self) -> None:
        if isinstance(self._start, Misconfigured):
            raise self._start

    async def stop(self, *, force: bool) -> SwarmStopped:
        return SwarmStopped(message=STOPPED)


class Written:
    """A slate of which only the run's wish is read; keeps what is written."""

    def __init__(self, *, auto_start: bool) -> None:
        config = RunConfig(auto_start=auto_start)
        self.run = Run.model_construct(config=config, started_engine=False)

    async def change(self, edit: RunEdit) -> Run:
        self.run = edit(self.run)
        return self.run


class Room:
    def __init__(
        self,
        fault: StoryloomError | None = AWAY,
        swarmui: Starter | None = None,
        *,
        auto_start: bool = True,
    ) -> None:
        self.backend = Backend(fault)
        self.slate = Written(auto_start=auto_start)
        self.engine = EngineRoom(
            cast("ImageBackend", self.backend), swarmui, cast("Slate", self.slate)
        )
        self.said: Sequence[WaitCode] = ()

    async def look(self) -> tuple[WaitCode, str, float, StoryloomError | None] | None:
        waits = Waits(ManualClock())
        with waits.place() as place:
            found = await self.engine.obstacle(place)
            self.said = [reason.code for reason in waits.reasons]
        return found and (found.code, found.detail, found.look_again_s, found.ends_it)


async def test_what_has_answered_is_not_asked_again() -> None:
    room = Room(None)

    assert await room.look() is None
    assert await room.look() is None
    assert await room.engine.answers()
    assert room.backend.pinged == 1


async def test_whether_it_answers_can_be_asked_alone() -> None:
    room = Room()
    assert not await room.engine.answers()

    room.backend.fault = None

    assert await room.engine.answers()


async def test_a_fault_that_stays_ends_the_run() -> None:
    fault = NotAllowed("The key is not good.")

    assert await Room(fault).look() == (WaitCode.ENGINE_DOWN, "The key is not good.", 2.0, fault)


@pytest.mark.parametrize(("asked_s", "wait_s"), [(None, 2.0), (7.0, 7.0), (900.0, 60.0)])
async def test_what_cannot_be_started_here_is_looked_at_again(
    asked_s: float | None, wait_s: float
) -> None:
    fault = Unreachable("Nobody answers.", retry_after_s=asked_s)

    assert await Room(fault).look() == (WaitCode.ENGINE_DOWN, "Nobody answers.", wait_s, None)


@pytest.mark.parametrize(
    ("phase", "code", "detail"),
    [
        (Phase.STARTING, WaitCode.ENGINE_STARTING, "SwarmUI is being started"),
        (Phase.STOPPING, WaitCode.ENGINE_STARTING, "SwarmUI is being stopped"),
        (Phase.LOADING_BACKENDS, WaitCode.ENGINE_LOADING, "SwarmUI is loading its backends"),
        (Phase.READY, WaitCode.ENGINE_DOWN, "So it says"),
        (Phase.NO_BACKENDS, WaitCode.ENGINE_DOWN, "So it says"),
    ],
)
async def test_what_is_under_way_is_waited_for(phase: Phase, code: WaitCode, detail: str) -> None:
    assert await Room(swarmui=SwarmUi(phase)).look() == (code, detail, 2.0, None)


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.FAILED])
@pytest.mark.parametrize(("message", "is_ours"), [(STARTED, True), (RUNNING, False)])
async def test_it_is_started_and_that_is_remembered(
    phase: Phase, message: str, *, is_ours: bool
) -> None:
    room = Room(swarmui=SwarmUi(phase, message))

    found = await room.look()

    assert found == (WaitCode.ENGINE_LOADING, "SwarmUI is loading its backends", 0.2, None)
    assert room.said == [WaitCode.ENGINE_STARTING]
    assert room.slate.run.started_engine is is_ours


async def test_it_is_not_started_where_that_is_not_wished() -> None:
    room = Room(swarmui=SwarmUi(Phase.STOPPED), auto_start=False)

    found = await room.look()

    assert found is not None
    assert "autoStart is off" in found[1]
    assert room.said == []


async def test_a_start_that_comes_to_nothing_is_tried_again() -> None:
    soon, failed = LaunchedTooSoon(31.5), SwarmUiFailed("it ended")
    hopeless = SwarmUiFailed("no folder")
    hopeless.__cause__ = Misconfigured("no folder")
    stopped = Phase.STOPPED

    assert [
        await Room(swarmui=SwarmUi(stopped, why)).look() for why in (soon, failed, hopeless)
    ] == [
        (WaitCode.ENGINE_STARTING, soon.message, 32, None),
        (WaitCode.ENGINE_DOWN, failed.message, 15.0, None),
        (WaitCode.ENGINE_DOWN, hopeless.message, 15.0, hopeless),
    ]


async def test_what_can_never_be_started_is_told_beforehand() -> None:
    missing = Misconfigured("STORYLOOM_SWARMUI_DIR is no folder")
    lacking = SwarmUi(Phase.STOPPED, missing)
    rooms = (
        Room(swarmui=lacking),
        Room(swarmui=SwarmUi(Phase.STOPPED)),
        Room(swarmui=lacking, auto_start=False),
        Room(None, swarmui=lacking),
        Room(),
    )

    found = [await room.engine.hopeless() for room in rooms]

    assert [one and (one.detail, one.ends_it) for one in found] == [
        (missing.message, missing),
        *[None] * 4,
    ]
