"""A run's turn at the GPU: its lease, and the gate that looks at the GPU before every picture."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import anyio

from storyloom.automation.runs.directing.obstacles import Obstacle
from storyloom.automation.runs.gate import Gate, Verdict
from storyloom.automation.runs.schemas import Run, WaitCode
from storyloom.automation.runs.watch import GpuWatch
from storyloom.errors import Unavailable, Unsupported
from storyloom.gpu.errors import GpuHeld
from storyloom.gpu.leases import GpuLeases, HeldGpu
from storyloom.gpu.schemas import Claim, HolderKind

RESOURCE = "gpu0"
_LOOK_AGAIN_S, _SOON_S = (
    5.0,
    1.0,
)  #: a look at the GPU is as old as that; a lease is given back at once


class LeasedTurn:
    """One who makes pictures for a run, and lets nobody else do heavy work meanwhile.

    While it waits for the GPU to cool down or to become free it keeps its lease.
    """

    def __init__(
        self,
        run: Run,
        leases: GpuLeases,
        watch: GpuWatch | None,
        engine_is_up: Callable[[], Awaitable[bool]],
        *,
        resource: str = RESOURCE,
    ) -> None:
        """Take what looks at the GPU, None where it is not looked at, and what knows the engine."""
        self._claim = Claim(resource, run.org_id, run.id, HolderKind.RUN)
        self._gate = Gate(run.config.gpu)
        self._leases = leases
        self._watch = watch
        self._engine_is_up = engine_is_up
        self._stack = AsyncExitStack()
        self._held: HeldGpu | None = None
        self._never = anyio.Event()
        self._has_begun = False

    @property
    def lost(self) -> anyio.Event:
        """Rings when the turn is lost while it is used."""
        return self._never if self._held is None else self._held.lost

    async def obstacle(self) -> Obstacle | None:
        """What is in the way; None: it is our turn now, and stays so until it is given back."""
        if self._held is None or self._held.is_lost:
            await self.give_back()
            if (obstacle := await self._take()) is not None:
                return obstacle
        if self._watch is None:
            return None
        is_up = await self._engine_is_up()
        answer, engine = await self._watch.look(is_up=is_up, has_begun=self._has_begun)
        verdict = self._gate.judge(answer, engine)
        self._has_begun = self._has_begun or verdict.may_go
        return _obstacle(verdict)

    async def give_back(self) -> None:
        """Let others. Does nothing where it is not our turn."""
        stack, self._stack = self._stack, AsyncExitStack()
        self._held = None
        self._has_begun = False
        await stack.aclose()

    async def _take(self) -> Obstacle | None:
        try:
            # A run lives once: what it has left, it left in a process that died.
            granted = await self._leases.acquire(self._claim, takes_over=True)
        except GpuHeld as fault:
            by = fault.by
            who = "another run" if by.claim.kind is HolderKind.RUN else "another program"
            says = f"The GPU {by.claim.resource} is held by {who}"
            return Obstacle(WaitCode.GPU_LEASED, says, _SOON_S, by.expires_at)
        except Unavailable as fault:
            return Obstacle(WaitCode.STORE_AWAY, fault.message, _SOON_S)
        self._held = await self._stack.enter_async_context(self._leases.holding(granted))
        return None


def _obstacle(verdict: Verdict) -> Obstacle | None:
    if verdict.code is None:
        return None
    ends_it = Unsupported(verdict.detail, system="gpu") if verdict.is_hopeless else None
    return Obstacle(verdict.code, verdict.detail, _LOOK_AGAIN_S, ends_it=ends_it)
