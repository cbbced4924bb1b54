"""One launch of SwarmUI: from its process to its first answer, or to nothing at all."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio

from storyloom.automation.errors import SwarmUiFailed
from storyloom.automation.ports import SwarmApi, SwarmLauncher, SwarmLook, SwarmProcess
from storyloom.errors import BadAnswer, Misconfigured, Rejected, Unavailable
from storyloom.kit.addresses import is_loopback

_NO = (Unavailable, BadAnswer, Rejected)
_LINES_TOLD = 5
# Its status may be a moment behind its backends.
_BROKEN_LOOKS = 2


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """Where SwarmUI is to answer, and how long things may take."""

    url: str  #: an origin, such as `http://127.0.0.1:7801`
    timeout_s: float = 30.0
    poll_s: float = 2.0
    grace_s: float = 20.0  #: SwarmUI gives its own children ten seconds, twice
    nap_s: float = 0.05
    has_folder: bool = True  #: whether somebody has named an install

    @property
    def is_local(self) -> bool:
        """Whether a process of this machine could answer there."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def elsewhere(self) -> str:
        """Why none can be launched for another machine; empty where it is this one."""
        if self.is_local:
            return ""
        return (
            f"none answers at {self.url} (STORYLOOM_SWARMUI_URL), "
            "and on another machine it cannot be launched: start it there"
        )

    @property
    def is_set_up(self) -> bool:
        """Whether anybody has named a SwarmUI: a folder of this machine, or another machine."""
        return self.has_folder or not self.is_local

    async def obstacle(self, launcher: SwarmLauncher) -> str:
        """Why none can be launched from here, as it is set up; empty where one can."""
        if self.is_local:
            try:
                await launcher.check()
            except Misconfigured as fault:
                return fault.message
        return self.elsewhere

    def url_at(self, port: int | None) -> str:
        """The same address with another port."""
        return self.url if port is None else f"{self.url.removesuffix(f':{self.port}')}:{port}"

    @property
    def port(self) -> int:
        """The port of the address."""
        return port_of(self.url)


@dataclass(slots=True)
class Launched:
    """A SwarmUI of ours that answers."""

    process: SwarmProcess
    url: str  #: another one once it has started itself anew there
    look: SwarmLook


class Launch:
    """Launches, and waits for an answer. What comes to nothing leaves nothing behind."""

    def __init__(self, api: SwarmApi, launcher: SwarmLauncher, plan: LaunchPlan) -> None:
        """Take what speaks to it, what makes its process, and the plan."""
        self._api = api
        self._launcher = launcher
        self._plan = plan

    async def run(self, tell: Callable[[SwarmProcess], None]) -> Launched:
        """Launch it, tell of its process, and return when it answers; raises `SwarmUiFailed`."""
        process = await self._launcher.launch()
        tell(process)
        try:
            return await self._answering(process)
        except BaseException:  # cancelled or failed alike
            await process.stop(self._plan.grace_s)
            raise

    async def _answering(self, process: SwarmProcess) -> Launched:
        """Look every two seconds, until it can generate, cannot, or its time is over."""
        give_up_at = anyio.current_time() + self._plan.timeout_s
        broken = 0
        while True:
            began_at = anyio.current_time()
            url, look, fault = await self._look(process)
            if process.exit_code is not None:
                raise await self._ended(process, process.exit_code)
            if look is not None and not look.is_loading and not look.is_broken:
                return Launched(process, url, look)
            broken = broken + 1 if look is not None and look.is_broken else 0
            if look is not None and broken == _BROKEN_LOOKS:
                raise SwarmUiFailed(_backends(look))
            if began_at >= give_up_at:
                if look is not None:  # it answers: its backends may take minutes
                    return Launched(process, url, look)
                raise SwarmUiFailed(
                    f"timeout: it did not answer within {self._plan.timeout_s:g} seconds "
                    f"({fault}){_said(process)}"
                )
            await self._nap(process, min(began_at + self._plan.poll_s, give_up_at))

    async def _look(self, process: SwarmProcess) -> tuple[str, SwarmLook | None, str]:
        url = self._plan.url_at(process.port)
        try:
            return url, await self._api.look(url), ""
        except _NO as fault:
            return url, None, fault.message

    async def _nap(self, process: SwarmProcess, until: float) -> None:
        """Wait, but no longer than until something happens to it."""
        port = process.port
        # Its output is read by a thread, which wakes nobody.
        while anyio.current_time() < until and process.exit_code is None and process.port == port:  # noqa: ASYNC110
            await anyio.sleep(self._plan.nap_s)

    async def _ended(self, process: SwarmProcess, code: int) -> SwarmUiFailed:
        await process.stop(self._plan.grace_s)  # all that it printed has been read after that
        return SwarmUiFailed(f"it ended with the exit code {code}{_said(process)}")


async def ends(process: SwarmProcess, *, within_s: float, nap_s: float = 0.05) -> bool:
    """Whether a process ends in so many seconds, or has ended."""
    with anyio.move_on_after(within_s):
        while process.exit_code is None:  # noqa: ASYNC110 - a thread waits for it, and wakes nobody
            await anyio.sleep(nap_s)
    return process.exit_code is not None


def port_of(url: str) -> int:
    """The port of an address."""
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _backends(look: SwarmLook) -> str:
    return f"its backends are {look.backend_status}: {look.message or 'it does not say why'}"


def _said(process: SwarmProcess) -> str:
    lines = process.last_lines[-_LINES_TOLD:]
    return f"; its last lines: {' | '.join(lines)}" if lines else "; it printed nothing"
