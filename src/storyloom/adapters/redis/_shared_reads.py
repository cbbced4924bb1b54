"""Reads that are wanted at the same time, as one command."""

from collections.abc import Awaitable, Callable, Sequence

import anyio

from storyloom.errors import Unavailable

Fetch = Callable[[Sequence[str]], Awaitable[Sequence[bytes | None]]]


class _Batch:
    """Keys that are still being gathered, and later what was found."""

    def __init__(self) -> None:
        self.found: dict[str, bytes | None] = {}
        self.fault: Unavailable | None = Unavailable(
            "The read of Redis was given up.", system="redis"
        )
        self.done = anyio.Event()


class SharedReads:
    """Gathers keys while a read is under way, and reads them together when it is over.

    One key alone is read at once. Under load a command costs the client far more than another key
    in it, so the busier the process is, the cheaper each read becomes.
    """

    def __init__(self, fetch: Fetch) -> None:
        """Take what reads many keys with one command."""
        self._fetch = fetch
        self._gathering: _Batch | None = None
        self._turn = anyio.Lock(fast_acquire=True)

    async def get(self, key: str) -> bytes | None:
        """What is kept under the key; raises `Unavailable`."""
        batch = self._gathering
        if batch is not None:
            batch.found[key] = None
            await batch.done.wait()
        else:
            batch = self._gathering = _Batch()
            batch.found[key] = None
            await self._read(batch)
        if batch.fault is not None:
            raise Unavailable(batch.fault.message, system="redis")
        return batch.found[key]

    async def _read(self, batch: _Batch) -> None:
        """The first of a batch reads for all; they learn of it also when that is given up."""
        try:
            async with self._turn:
                self._gathering = None
                keys = list(batch.found)
                batch.found = dict(zip(keys, await self._fetch(keys), strict=True))
                batch.fault = None
        except Unavailable as fault:
            batch.fault = fault
        finally:
            if self._gathering is batch:
                self._gathering = None
            batch.done.set()
