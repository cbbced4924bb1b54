"""What the lights-out run needs from outside: SwarmUI's API, its launcher, and one who may launch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SwarmLook:
    """What a SwarmUI says of itself."""

    version: str
    backend_status: str | None = None  #: in its own words; None where it does not tell
    message: str = ""  #: what is wrong with its backends
    is_loading: bool = False  #: backends are on their way
    is_usable: bool = True  #: at least one backend can generate, or could if it were told to
    is_broken: bool = False  #: none will, unless somebody mends it


@dataclass(frozen=True, slots=True)
class SwarmUsage:
    """What a SwarmUI has to do."""

    generations: int  #: running and waiting, of all who use it
    idle_s: float | None = None  #: since it last generated; None where it never did, or is not told


class SwarmApi(Protocol):
    """Speaks to the SwarmUI at an address such as `http://127.0.0.1:7801`.

    Every call raises `Unreachable` where nothing listens, `TimedOut` where the answer takes too long,
    `Rejected` where SwarmUI says no (`KeyRefused` where it wants to know who asks), and `BadAnswer`
    where another program answers.
    """

    async def look(self, url: str) -> SwarmLook:
        """Whether it answers, and how far it is."""
        ...

    async def usage(self, url: str) -> SwarmUsage:
        """What it has to do."""
        ...

    async def free_memory(self, url: str) -> None:
        """Let it unload its models."""
        ...

    async def shut_down(self, url: str) -> None:
        """Tell it to end; it does so some seconds later."""
        ...


class SwarmProcess(Protocol):
    """A SwarmUI that was launched here, with all that it has started."""

    @property
    def pid(self) -> int:
        """The process from which all that it has started descends."""
        ...

    @property
    def port(self) -> int | None:
        """The port that it says it listens on, once it has said so."""
        ...

    @property
    def exit_code(self) -> int | None:
        """The exit code, when it has ended; -9 where only that it was killed is known."""
        ...

    @property
    def last_lines(self) -> Sequence[str]:
        """The end of what it printed, a few lines."""
        ...

    async def stop(self, grace_s: float) -> None:
        """Tell it to end, and kill what is left of it and its children after so many seconds.

        When this returns, nothing of it is left. Stopping it again does nothing.
        """
        ...


class SwarmLauncher(Protocol):
    """Launches the SwarmUI that is installed here."""

    async def check(self) -> None:
        """Return when it can be launched; raise `Misconfigured` that names the setting."""
        ...

    async def launch(self) -> SwarmProcess:
        """Launch it; raises `Misconfigured`, or `SwarmUiFailed` where the system refuses.

        What was launched ends with this process, however that ends.
        """
        ...

    async def printed(self, most: int) -> Sequence[str]:
        """The last lines of what was launched on this machine, by this process or another."""
        ...


class LaunchLock(Protocol):
    """Sees to it that, of all processes that could launch the same SwarmUI, one does.

    Every call raises `Unavailable` when the others cannot be asked.
    """

    async def claim(self, for_s: float) -> bool:
        """Become the one who may launch, for so many seconds at most; False when another one is."""
        ...

    async def release(self) -> None:
        """Let others; nothing happens where another one is it by now."""
        ...

    async def spend(self, every_s: float) -> float:
        """Take the one launch in so many seconds: 0 when it is ours, or else the seconds to wait."""
        ...

    async def publish(self, port: int, for_s: float) -> None:
        """Tell the others on which port the SwarmUI that we launched answers, for so many seconds."""
        ...

    async def published(self) -> int | None:
        """The port of a SwarmUI that one of us launched."""
        ...

    async def withdraw(self) -> None:
        """It has ended."""
        ...
