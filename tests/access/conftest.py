"""A store that counts and can be away, a background to look into, and a ring of keys."""

from contextlib import suppress
from datetime import datetime

import pytest
from anyio.lowlevel import checkpoint

from storyloom.access.schemas import MadeKey, NewKey, Scope, StoredKey
from storyloom.access.state import KeyRing
from storyloom.access.verified import VerifiedKeys
from storyloom.adapters.memory.key_store import MemoryKeyStore
from storyloom.errors import Unavailable
from storyloom.kit.background import Background, Work
from storyloom.kit.clock import ManualClock


class CountingStore(MemoryKeyStore):
    """Counts what it is asked, and can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.is_away = False

    async def find(self, key_id: str) -> StoredKey | None:
        await self._asked()
        return await super().find(key_id)

    async def exist(self, *, good_at: datetime | None = None) -> bool:
        await self._asked()
        return await super().exist(good_at=good_at)

    async def _asked(self) -> None:
        self.asked += 1
        if self.is_away:
            raise Unavailable("Away.", system="archive")
        await checkpoint()  # others get their turn, as with a real one


class Settling(Background):
    """A background whose work is done when the test says so."""

    def __init__(self) -> None:
        self._work: list[Work] = []

    def soon(self, work: Work) -> None:
        self._work.append(work)

    async def settle(self) -> None:
        while self._work:
            with suppress(Unavailable):
                await self._work.pop(0)()


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def background() -> Settling:
    return Settling()


@pytest.fixture
def verified(store: CountingStore, clock: ManualClock, background: Settling) -> VerifiedKeys:
    return VerifiedKeys(store, clock, background)


@pytest.fixture
def ring(store: CountingStore, clock: ManualClock) -> KeyRing:
    """A ring of another process: what it changes is not told to the verified keys."""
    return KeyRing(store, clock)


async def made(ring: KeyRing, *scopes: Scope, org: str = "acme", **more: object) -> MadeKey:
    wanted = {"name": "one", "scopes": scopes or (Scope.ADMIN,), **more}
    return await ring.make(NewKey.model_validate(wanted), org)
