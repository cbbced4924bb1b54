"""Keys that have been verified lately: a request with one costs no query."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from storyloom.access.keys import digest_of, id_of, is_same
from storyloom.access.ports import KeyStore
from storyloom.access.remembered import FRESH, Remembered
from storyloom.access.schemas import Caller, Scope
from storyloom.errors import NotAuthenticated
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock

MOST = 10_000
NOTE_USE_EVERY = timedelta(minutes=1)
REFUSED = "This key is unknown, has ended or was revoked"
#: Whoever has the key of the settings runs the service: it is bound to no organisation.
OPERATOR = Caller("operator", None, frozenset({Scope.ADMIN}))


@dataclass(frozen=True, slots=True)
class _Good:
    caller: Caller
    expires_at: datetime | None


class VerifiedKeys:
    """Tells whose key it is. What was true of a key is believed for ten seconds at most.

    Only digests are remembered, so that the memory of the process holds no key.
    """

    def __init__(
        self, store: KeyStore, clock: Clock, background: Background, *, admin_key: str | None = None
    ) -> None:
        """Take where keys are kept; `admin_key` is good as well, for everything."""
        self._store = store
        self._clock = clock
        self._background = background
        self._admin = None if admin_key is None else digest_of(admin_key)
        self._good: OrderedDict[str, Remembered[_Good | None]] = OrderedDict()
        self._bad: OrderedDict[str, datetime] = OrderedDict()
        self._any = Remembered(store.exist, clock, background)

    async def exist(self) -> bool:
        """Whether there is a key that is not revoked; raises `Unavailable`."""
        return self._admin is not None or await self._any.get()

    def knows(self, key: str) -> bool:
        """Whether nobody has to be asked about this key."""
        digest = digest_of(key)
        return digest in self._good or self._is_admin(digest)

    async def caller(self, key: str) -> Caller:
        """Whose key it is; raises `NotAuthenticated`, or `Unavailable`."""
        digest = digest_of(key)
        remembered = self._good.get(digest)
        if remembered is None:
            if self._is_admin(digest):
                return OPERATOR
            remembered = self._to_be_asked(key, digest)
        good: _Good | None = None
        try:
            good = await remembered.get()
        finally:
            if good is None:
                self._good.pop(digest, None)
        if good is None:
            self._note_bad(digest)
            raise NotAuthenticated(REFUSED)
        if len(self._good) > MOST:  # only good ones are worth another's place
            self._good.popitem(last=False)
        if good.expires_at is not None and self._clock.now() >= good.expires_at:
            raise NotAuthenticated(REFUSED)
        return good.caller

    def outdate(self) -> None:
        """Ask again about every key: one was made or revoked here."""
        self._good.clear()
        self._bad.clear()
        self._any.outdate()

    def _is_admin(self, digest: str) -> bool:
        return self._admin is not None and is_same(digest, self._admin)

    def _to_be_asked(self, key: str, digest: str) -> Remembered[_Good | None]:
        key_id = id_of(key)
        bad_until = self._bad.get(digest)
        if key_id is None or (bad_until is not None and self._clock.now() < bad_until):
            raise NotAuthenticated(REFUSED)
        ask = partial(self._look_up, key_id, digest)
        self._good[digest] = Remembered(ask, self._clock, self._background)
        return self._good[digest]

    def _note_bad(self, digest: str) -> None:
        self._bad[digest] = self._clock.now() + FRESH
        if len(self._bad) > MOST:
            self._bad.popitem(last=False)

    async def _look_up(self, key_id: str, digest: str) -> _Good | None:
        now = self._clock.now()
        kept = await self._store.find(key_id)
        if kept is None or not is_same(kept.digest, digest) or not kept.is_good(now):
            return None
        if kept.last_used_at is None or now >= kept.last_used_at + NOTE_USE_EVERY:
            # Whoever is asked about was used just now.
            self._background.soon(partial(self._store.used, key_id, now))
        return _Good(Caller(key_id, kept.org_id, frozenset(kept.scopes)), kept.expires_at)
