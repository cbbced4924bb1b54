"""Keys: made, shown, revoked."""

from collections.abc import Sequence
from typing import Any

from storyloom.access.errors import KeyNotFound
from storyloom.access.keys import digest_of, new_id, new_key
from storyloom.access.ports import KeyStore
from storyloom.access.schemas import ApiKey, MadeKey, NewKey, StoredKey
from storyloom.access.verified import VerifiedKeys
from storyloom.errors import InvalidInput
from storyloom.kit.clock import Clock


class KeyRing:
    """All keys. Whoever names no organisation is shown those of all."""

    def __init__(self, store: KeyStore, clock: Clock, verified: VerifiedKeys | None = None) -> None:
        """Take where keys are kept, and who has to know at once when they change."""
        self._store = store
        self._clock = clock
        self._verified = verified

    async def make(self, wanted: NewKey, org_id: str) -> MadeKey:
        """Make a key for this organisation; raises `InvalidInput` when it would end in the past."""
        now = self._clock.now()
        if wanted.expires_at is not None and wanted.expires_at <= now:
            raise InvalidInput(
                "A key that has ended already is of no use",
                loc=("body", "expires_at"),
                kind="in_the_past",
            )
        key_id = new_id()
        key = new_key(key_id)
        made = ApiKey(
            id=key_id,
            name=wanted.name,
            org_id=org_id,
            scopes=tuple(sorted(set(wanted.scopes))),
            created_at=now,
            expires_at=wanted.expires_at,
        )
        await self._store.add(StoredKey(**_fields(made), digest=digest_of(key)))
        self._changed()
        return MadeKey(**_fields(made), key=key)

    async def newest(self, *, org_id: str | None, limit: int) -> Sequence[ApiKey]:
        """The newest keys."""
        return await self._store.list(org_id=org_id, limit=limit)

    async def revoke(self, key_id: str, *, org_id: str | None) -> None:
        """Revoke a key; raises `KeyNotFound`, also for the key of another organisation."""
        if not await self._store.revoke(key_id, org_id=org_id, at=self._clock.now()):
            raise KeyNotFound(key_id)
        self._changed()

    async def exist(self) -> bool:
        """Whether there is a key that lets in."""
        return await self._store.exist(good_at=self._clock.now())

    def _changed(self) -> None:
        if self._verified is not None:
            self._verified.outdate()


def _fields(key: ApiKey) -> dict[str, Any]:
    return key.model_dump(exclude={"prefix"})
