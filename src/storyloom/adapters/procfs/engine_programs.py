"""The engine's processes: the tree of what was launched here, or of what listens at its address."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from anyio import to_thread

from storyloom.adapters.procfs._table import listeners, parents, tree
from storyloom.automation.launching import port_of
from storyloom.errors import Unavailable

PROC = Path("/proc")
#: Tells where the engine answers now; raises `Unavailable` where it does not.
Where = Callable[[], Awaitable[str]]


def nobody() -> int | None:
    """For an engine that is never launched here."""
    return None


class ProcfsEnginePrograms:
    """An `EnginePrograms` for an engine on this machine."""

    def __init__(
        self, where: Where, launched: Callable[[], int | None] = nobody, *, proc: Path = PROC
    ) -> None:
        """Take where it answers, and the process from which all of it descends, if it is ours."""
        self._where = where
        self._launched = launched
        self._proc = proc

    async def among(self, pids: frozenset[int]) -> frozenset[int] | None:
        """Those that are the engine's; None where the system, or another user's process, hides it."""
        if not pids:
            return pids
        root, port = self._launched(), 0
        if root is None:
            try:
                port = port_of(await self._where())
            except Unavailable:
                return None
        return await to_thread.run_sync(self._among, pids, root, port)

    def _among(self, pids: frozenset[int], root: int | None, port: int) -> frozenset[int] | None:
        known = parents(self._proc)
        roots = listeners(self._proc, port) if root is None else frozenset({root})
        if not roots or not known:
            return None
        own = pids & tree(roots, known)
        # A container has numbers of its own, of which nvidia-smi may know nothing.
        return own if own or pids <= known.keys() else None
