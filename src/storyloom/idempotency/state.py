"""Who answers a request that may be sent again, and with what."""

import logging
from hashlib import sha256
from itertools import count
from typing import NoReturn
from uuid import uuid4

import anyio

from storyloom.errors import StoryloomError, Unavailable
from storyloom.idempotency.errors import (
    AnswerNotKept,
    IdempotencyInFlight,
    IdempotencyKeyReused,
)
from storyloom.idempotency.ports import IdempotencyStore
from storyloom.idempotency.schemas import Claim, Finding, KeptAnswer, KeyedRequest

KEEP_S = 24 * 3600.0
#: Whoever is silent for so long has died.
LEASE_S = 10.0
#: Longer answers are not kept.
MAX_ANSWER_BYTES = 1024 * 1024
_RENEW_EVERY_S = 3.0
_FORGET_EVERY_S = 600.0
_FORGET_AT_ONCE = 1000
_SUCCESS = range(200, 300)
_SERVER_ERRORS = 500
# Answers to the request itself, whatever else is so at the time: nothing changes them.
_FINAL = frozenset({400, 405, 406, 410, 413, 414, 415, 422})
_FAULTS: dict[Finding, type[StoryloomError]] = {
    Finding.IN_FLIGHT: IdempotencyInFlight,
    Finding.REUSED: IdempotencyKeyReused,
}
log = logging.getLogger(__name__)


def keyed(org_id: str, route: tuple[str, str], key: str, fingerprint: str) -> KeyedRequest:
    """A request with a key, at a route: its method and its path."""
    named = "\n".join((org_id, *route, key))
    return KeyedRequest(org_id, sha256(named.encode()).hexdigest(), fingerprint)


class IdempotencyKeys:
    """One for each process: what it has claimed, it renews for as long as it lives."""

    def __init__(self, store: IdempotencyStore, *, lease_s: float = LEASE_S) -> None:
        """Take where claims and answers are kept."""
        self._store = store
        self._lease_s = lease_s
        self._process = uuid4().hex
        self._numbers = count()
        self._held: set[str] = set()

    async def begin(self, request: KeyedRequest) -> Claim | KeptAnswer:
        """Claim the request, or give what was answered.

        Raises `IdempotencyInFlight`, `IdempotencyKeyReused`, `AnswerNotKept`, or `Unavailable`.
        """
        holder = f"{self._process}-{next(self._numbers)}"
        found = await self._store.claim(
            request, holder=holder, lease_s=self._lease_s, keep_s=KEEP_S
        )
        if found.finding is Finding.CLAIMED:
            self._held.add(holder)
            return Claim(request, holder, found.seed)
        if found.answer is None:
            _refuse(found.finding)
        if found.answer.body is None:
            raise AnswerNotKept
        return found.answer

    async def end(self, claim: Claim, answer: KeptAnswer | None) -> None:
        """Keep the answer where it is final; without one, the request ended in an error of ours.

        A store that is away now costs the caller nothing: the claim ends by itself.
        """
        self._held.discard(claim.holder)
        try:
            await self._end(claim, answer)
        except Unavailable as fault:
            log.warning("an answer is not kept for its key", extra={"reason": fault.message})

    async def _end(self, claim: Claim, answer: KeptAnswer | None) -> None:
        digest = claim.request.digest
        if answer is None or answer.status >= _SERVER_ERRORS:
            await self._store.free(digest, claim.holder)
        elif answer.status in _SUCCESS or answer.status in _FINAL:
            await self._store.keep(digest, claim.holder, answer)
        else:
            await self._store.withdraw(digest, claim.holder)

    async def renew(self) -> None:
        """Say that this process lives."""
        if self._held:
            await self._store.renew(tuple(self._held), lease_s=self._lease_s)

    async def renew_forever(self) -> None:
        """Do so often enough."""
        while True:
            await anyio.sleep(_RENEW_EVERY_S)
            try:
                await self.renew()
            except Unavailable as fault:
                log.warning("claims to keys are not renewed", extra={"reason": fault.message})

    async def forget_forever(self) -> None:
        """Remove what need not be kept any longer."""
        while True:
            try:
                while await self._store.forget(limit=_FORGET_AT_ONCE) == _FORGET_AT_ONCE:
                    pass
            except Unavailable as fault:
                log.warning("old keys are not forgotten", extra={"reason": fault.message})
            await anyio.sleep(_FORGET_EVERY_S)


def _refuse(finding: Finding) -> NoReturn:
    raise _FAULTS[finding]
