"""SwarmUI: started once for all who want it, watched, and stopped when it is ours."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import anyio

from storyloom.automation.errors import SYSTEM, LaunchedTooSoon, NotStopped, SwarmUiFailed
from storyloom.automation.launching import Launch, Launched, LaunchPlan, ends, port_of
from storyloom.automation.phases import phase_of, started_at
from storyloom.automation.ports import (
    LaunchLock,
    SwarmApi,
    SwarmLauncher,
    SwarmLook,
    SwarmProcess,
    SwarmUsage,
)
from storyloom.automation.printed import shown
from storyloom.automation.schemas import Phase, SwarmLog, SwarmStarted, SwarmStatus, SwarmStopped
from storyloom.automation.searching import Found, Search, Searcher
from storyloom.errors import BadAnswer, Misconfigured, Rejected, Unavailable, Unreachable
from storyloom.kit.questions import Questions

LAUNCH_EVERY_S = 60.0
WATCH_EVERY_S = 15.0
PUBLISHED_S = 60.0
_NO = (Unavailable, BadAnswer, Rejected)
_STATUS_PATIENCE_S = 20.0
_CLAIM_AGAIN_S = 0.5
_ENDING_S = 2.0
_SLACK_S = 30.0
STARTED = "SwarmUI started successfully"
RUNNING = "SwarmUI is already running"
NOT_RUNNING = "SwarmUI is not running"
STOPPED = "SwarmUI was stopped"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _State:
    """What this process knows of the SwarmUI that it launched."""

    process: SwarmProcess | None = None  #: from the launch to the end, answering or not
    launched: Launched | None = None  #: it answers, or did
    busy_at: float = 0.0  #: when it was last seen at work
    starting: anyio.CancelScope | None = None
    stopping: bool = False
    failure: str = ""


class SwarmUiService:
    """Starts, tells of and stops SwarmUI.

    Whatever is asked lives in the service and not in the request, so that a caller who leaves does not
    spoil it for the others, and is done once for all who ask at the same time.
    """

    def __init__(
        self,
        api: SwarmApi,
        launcher: SwarmLauncher,
        lock: LaunchLock,
        *,
        plan: LaunchPlan,
        questions: Questions,
    ) -> None:
        """Take SwarmUI's API, its launcher, who may launch, and where all this lives."""
        self._api = api
        self._launcher = launcher
        self._lock = lock
        self._plan = plan
        self._questions = questions
        self._searcher = Searcher(api, lock, plan)
        self._turn = anyio.Lock()
        self._state = _State()
        self._started: SwarmStarted | None = None
        self._stopped: SwarmStopped | None = None
        self._seen: SwarmStatus | None = None

    async def start(self) -> SwarmStarted:
        """Return when SwarmUI answers, launched or not.

        Raises `SwarmUiFailed` with the reason, and `LaunchedTooSoon` for a second launch in a minute.
        """
        patience_s = 2 * (self._plan.timeout_s + self._plan.grace_s + _SLACK_S)
        try:
            await self._questions.ask("swarmui start", self._start, patience_s)
        except TimeoutError:
            raise SwarmUiFailed(f"it has taken more than {patience_s:g} seconds") from None
        if self._started is None:
            raise SwarmUiFailed("the service is being closed")
        return self._started

    async def stop(self, *, force: bool) -> SwarmStopped:
        """End the SwarmUI that this service launched; raises `NotStopped` with the reason.

        Without force it is left alone while it generates, or when that cannot be found out.
        """
        if self._state.starting is not None:
            self._state.starting.cancel()
        name = f"swarmui stop {force}"
        patience_s = 2 * (self._plan.grace_s + _SLACK_S)
        try:
            await self._questions.ask(name, partial(self._stop, force=force), patience_s)
        except TimeoutError:
            raise NotStopped(f"SwarmUI has not ended in {patience_s:g} seconds") from None
        if self._stopped is None:
            raise NotStopped("The service is being closed")
        return self._stopped

    async def status(self) -> SwarmStatus:
        """SwarmUI as it is now; never raises."""
        with suppress(TimeoutError):
            await self._questions.ask("swarmui status", self._observe, _STATUS_PATIENCE_S)
        return self._seen or SwarmStatus(phase=Phase.STOPPED, started_by_us=False)

    async def log(self, most: int) -> SwarmLog:
        """The last lines of what was launched here, by this process or another."""
        return await shown(await self._launcher.printed(most))

    async def check(self) -> None:
        """Return where it could be launched from here; raises `Misconfigured` where it never can."""
        if self._plan.is_local:
            await self._launcher.check()

    async def address(self) -> str:
        """Where SwarmUI answers now; raises `Unreachable` where none does."""
        search = await self._search()
        if search.found is None:
            raise Unreachable(search.obstacle or NOT_RUNNING, system=SYSTEM)
        return search.found.url

    def process_id(self) -> int | None:
        """From which process all of the SwarmUI descends that was launched here; None: none was."""
        return None if self._state.process is None else self._state.process.pid

    async def attend(self, idle_s: float | None, every_s: float = WATCH_EVERY_S) -> None:
        """Tell others of ours, notice its end, and stop it after so long without work; runs for ever."""
        while True:
            await anyio.sleep(every_s if idle_s is None else min(every_s, idle_s / 4))
            async with self._turn:
                await self._attend(idle_s)

    async def close(self) -> None:
        """End what this process launched, because the process ends."""
        if self._state.starting is not None:
            self._state.starting.cancel()
        async with self._turn:
            if self._state.process is not None:
                await self._end(self._state.process)

    async def _start(self) -> None:
        self._started = None
        try:
            async with self._turn:
                self._started = await self._started_or_found()
        except (Misconfigured, Unavailable) as fault:
            if isinstance(fault, LaunchedTooSoon):
                raise
            self._state.failure = fault.message
            raise SwarmUiFailed(fault.message) from fault
        except SwarmUiFailed as fault:
            self._state.failure = fault.why
            raise
        self._state.failure = ""

    async def _started_or_found(self) -> SwarmStarted:
        await self._bury()
        search = await self._search()
        if search.found is not None:
            return started_at(RUNNING, search.found.url, search.found.look)
        if self._state.process is not None:
            raise SwarmUiFailed(f"it runs, and does not answer; stop it first ({search.obstacle})")
        if elsewhere := self._plan.elsewhere:
            raise SwarmUiFailed("; ".join(filter(None, (elsewhere, search.obstacle))))
        if search.obstacle:
            raise SwarmUiFailed(search.obstacle)
        await self._launcher.check()
        async with self._claimed() as found:
            if found is not None:
                return started_at(RUNNING, found.url, found.look)
            launched = await self._launch()
        return started_at(STARTED, launched.url, launched.look)

    @asynccontextmanager
    async def _claimed(self) -> AsyncGenerator[Found | None]:
        """Be the one who launches; or find what another process has launched meanwhile."""
        give_up_at = anyio.current_time() + self._plan.timeout_s + self._plan.grace_s
        claim_s = self._plan.timeout_s + self._plan.grace_s + _SLACK_S
        while not await self._lock.claim(claim_s):
            if found := (await self._search()).found:
                yield found
                return
            if anyio.current_time() > give_up_at:
                raise SwarmUiFailed("another process is launching it, and it does not answer")
            await anyio.sleep(_CLAIM_AGAIN_S)
        try:
            yield (await self._search()).found
        finally:
            with anyio.CancelScope(shield=True), suppress(Unavailable):  # it ends by itself
                await self._lock.release()

    async def _launch(self) -> Launched:
        wait_s = await self._lock.spend(LAUNCH_EVERY_S)
        if wait_s > 0:
            raise LaunchedTooSoon(wait_s)
        state = self._state
        launched = None
        try:
            with anyio.CancelScope() as state.starting:
                launched = await Launch(self._api, self._launcher, self._plan).run(self._hold)
        finally:
            state.starting = None
            if launched is None:
                state.process = None
        if launched is None:
            raise SwarmUiFailed("it was stopped while it started")
        state.launched, state.busy_at = launched, anyio.current_time()
        log.info("SwarmUI %s was launched at %s", launched.look.version, launched.url)
        with suppress(Unavailable):  # told again by `attend`
            await self._lock.publish(port_of(launched.url), PUBLISHED_S)
        return launched

    def _hold(self, process: SwarmProcess) -> None:
        self._state.process = process

    async def _stop(self, *, force: bool) -> None:
        self._stopped = None
        async with self._turn:
            self._stopped = SwarmStopped(message=await self._stopped_or_not(force=force))

    async def _stopped_or_not(self, *, force: bool) -> str:
        await self._bury()
        search = await self._search()
        found, process = search.found, self._state.process
        if process is not None and found is not None and not found.is_ours:
            found = None  # ours hangs, and somebody else's answers where it ought to
        if process is None and found is None and not search.is_open:
            return NOT_RUNNING
        if process is None and (found is None or not found.is_ours):
            raise NotStopped(search.foreign)
        if process is not None and found is None and await ends(process, within_s=_ENDING_S):
            await self._bury()  # somebody else has told it to
            return NOT_RUNNING
        if not force:
            await self._require_idle(found)
        if found is not None:
            with suppress(*_NO):
                await self._api.free_memory(found.url)
        if process is not None:
            await self._end(process)
        elif found is not None:
            await self._end_elsewhere(found.url)
        self._state.failure = ""
        return STOPPED

    async def _require_idle(self, found: Found | None) -> None:
        if found is None:
            raise NotStopped(
                "SwarmUI does not answer, so it may be generating; force=true stops it"
            )
        try:
            usage = await self._api.usage(found.url)
        except _NO as fault:
            raise NotStopped(
                f"SwarmUI does not tell whether it is generating ({fault.message}); "
                "force=true stops it"
            ) from fault
        if usage.generations:
            raise NotStopped(
                f"SwarmUI is generating ({usage.generations} running or waiting); "
                "force=true stops it"
            )

    async def _end(self, process: SwarmProcess) -> None:
        state = self._state
        state.stopping = True
        try:
            await process.stop(self._plan.grace_s)
        finally:
            state.process = state.launched = None
            state.stopping = False
        with suppress(Unavailable):  # it is forgotten by itself
            await self._lock.withdraw()
        log.info("SwarmUI was stopped")

    async def _end_elsewhere(self, url: str) -> None:
        """Another process launched it, so it is told to end by its own API."""
        self._state.stopping = True
        try:
            await self._api.shut_down(url)
            with anyio.fail_after(self._plan.grace_s + _SLACK_S):
                while await self._answers(url):  # noqa: ASYNC110 - it is another process
                    await anyio.sleep(_CLAIM_AGAIN_S)
        except (*_NO, TimeoutError) as fault:
            raise NotStopped(f"The SwarmUI at {url} did not end when it was told to") from fault
        finally:
            self._state.stopping = False

    async def _answers(self, url: str) -> bool:
        try:
            await self._api.look(url)
        except _NO:
            return False
        return True

    async def _bury(self) -> None:
        """Forget ours when it has ended by itself, with what it may have left behind."""
        process = self._state.process
        if process is None or process.exit_code is None:
            return
        failure = f"it ended by itself, with the exit code {process.exit_code}"
        log.warning("SwarmUI has ended: %s", failure)
        await self._end(process)
        # In its own page, or by another process of ours, it was told to end.
        self._state.failure = "" if process.exit_code == 0 else failure

    async def _attend(self, idle_s: float | None) -> None:
        await self._bury()
        state = self._state
        if state.launched is None:
            return
        with suppress(Unavailable):
            await self._lock.publish(port_of(state.launched.url), PUBLISHED_S)
        usage = await self._usage(state.launched.url)
        if idle_s is None or usage is None or usage.generations or self._idle_s(usage) < idle_s:
            return
        log.info("SwarmUI has had nothing to do for %.0f seconds", idle_s)
        with suppress(NotStopped):
            await self._stopped_or_not(force=False)

    async def _observe(self) -> None:
        search, state = await self._search(), self._state
        found = search.found
        usage = None if found is None else await self._usage(found.url)
        is_ours = state.process is not None or (found is not None and found.is_ours)
        look = None if found is None else found.look
        self._seen = SwarmStatus(
            phase=self._phase(look),
            message=(look.message if look else "") or search.obstacle or state.failure,
            backend_status=look.backend_status if look else None,
            version=look.version if look else None,
            idle_seconds=self._idle_seconds(usage),
            generations=None if usage is None else usage.generations,
            port=None if found is None else port_of(found.url),
            api_url=None if found is None else found.url,
            started_by_us=is_ours,
            launch_obstacle=await self._plan.obstacle(self._launcher),
            is_set_up=self._plan.is_set_up,
            last_lines=() if state.process is None else tuple(state.process.last_lines),
        )

    def _phase(self, look: SwarmLook | None) -> Phase:
        state = self._state
        if state.stopping:
            return Phase.STOPPING
        if look is not None:
            return phase_of(look)
        if state.starting is not None:
            return Phase.STARTING
        hangs_or_crashed = state.process is not None and state.process.exit_code != 0
        return Phase.FAILED if state.failure or hangs_or_crashed else Phase.STOPPED

    async def _usage(self, url: str) -> SwarmUsage | None:
        try:
            usage = await self._api.usage(url)
        except _NO:
            return None
        if usage.generations:
            self._state.busy_at = anyio.current_time()
        return usage

    def _idle_s(self, usage: SwarmUsage) -> float:
        """Since it was last seen at work, or says that it was, or was launched."""
        seen_s = anyio.current_time() - self._state.busy_at
        return seen_s if usage.idle_s is None else min(seen_s, usage.idle_s)

    def _idle_seconds(self, usage: SwarmUsage | None) -> int | None:
        if usage is None:
            return None
        if self._state.launched is not None:
            return int(self._idle_s(usage))
        return 0 if usage.generations else None if usage.idle_s is None else int(usage.idle_s)

    async def _search(self) -> Search:
        launched = self._state.launched
        if launched is None:
            return await self._searcher.search()
        # After an update it starts itself anew, perhaps on another port.
        url = self._plan.url_at(launched.process.port)
        search = await self._searcher.search(launched.url, url)
        if search.found is not None and search.found.url == url:
            launched.url = url
        return search
