"""Finding the SwarmUI that answers, wherever it may be."""

from dataclasses import dataclass

from storyloom.automation.launching import LaunchPlan
from storyloom.automation.ports import LaunchLock, SwarmApi, SwarmLook
from storyloom.errors import BadAnswer, KeyRefused, Rejected, TimedOut, Unavailable, Unreachable


@dataclass(frozen=True, slots=True)
class Found:
    """One that answers."""

    url: str
    look: SwarmLook
    is_ours: bool  #: this service launched it, in this process or another


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, and what is in the way of a launch."""

    found: Found | None
    obstacle: str = ""
    is_open: bool = False  #: nobody can tell whether one runs: what listens may be one

    @property
    def foreign(self) -> str:
        """Why what is there is not to be stopped, where it is not known to be ours."""
        if self.found is None:
            return f"Nobody can tell whether SwarmUI is running: {self.obstacle}"
        return f"The SwarmUI at {self.found.url} was not started by this service"


class Searcher:
    """Looks where ours is, where another process says that it launched one, and where one ought to be."""

    def __init__(self, api: SwarmApi, lock: LaunchLock, plan: LaunchPlan) -> None:
        """Take what speaks to it, and what other processes tell."""
        self._api = api
        self._lock = lock
        self._plan = plan

    async def search(self, *own: str) -> Search:
        """The first that answers. A port where something else listens is an obstacle."""
        addresses = await self._addresses(own)
        obstacle, is_open = "", False
        for url, is_ours in addresses.items():
            try:
                return Search(Found(url, await self._api.look(url), is_ours))
            except Unreachable:
                continue
            except (Unavailable, BadAnswer, Rejected) as fault:
                # The last counts: that is the address where one is to be launched.
                obstacle = _obstacle(url, fault)
                is_open |= is_ours or isinstance(fault, (Unavailable, KeyRefused))
        return Search(None, obstacle, is_open)

    async def _addresses(self, own: tuple[str, ...]) -> dict[str, bool]:
        told = dict.fromkeys(own, True)
        try:
            port = await self._lock.published()
        except Unavailable:  # what others did cannot be known now; what answers can
            port = None
        if port is not None:
            told[self._plan.url_at(port)] = True
        return told | {self._plan.url: told.get(self._plan.url, False)}


def _obstacle(url: str, fault: Unavailable | BadAnswer | Rejected) -> str:
    if isinstance(fault, KeyRefused):
        return f"one answers at {url} already, and refuses us: {fault.message}"
    if isinstance(fault, TimedOut):
        return f"the port is taken by a program that does not answer: {fault.message}"
    return f"the port is taken by another program: at {url}, {fault.message}"
