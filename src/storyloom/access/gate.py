"""Who is let in, and where to.

Every path needs a scope, and one that is not named here needs `admin`: a route that somebody forgets
is shut, not open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from storyloom.access.errors import ForeignOrganisation
from storyloom.access.limits import Limits
from storyloom.access.schemas import Caller, Scope, Standing
from storyloom.access.verified import VerifiedKeys
from storyloom.errors import NotAllowed, NotAuthenticated
from storyloom.kit.addresses import is_loopback, names_loopback

#: Health, documentation and the page; they tell nothing of anybody.
OPEN = frozenset(
    {
        *("/", "/healthz", "/livez", "/readyz", "/version"),
        *("/docs", "/docs/oauth2-redirect", "/redoc", "/openapi.json"),
    }
)
OPEN_BELOW = ("/static-offline-docs/", "/studio/")
SCOPES: Sequence[tuple[str, Scope]] = (
    ("/storyboard/", Scope.STORYBOARDS),
    ("/api/v1/session/", Scope.STORIES),
    ("/api/v1/trigger/", Scope.STORIES),
    ("/api/v1/automation/", Scope.STORIES),
    ("/api/v1/notifications/", Scope.STORIES),
    ("/api/v1/gpu/", Scope.GPU),
    ("/api/v1/swarmui/", Scope.ENGINE),
    ("/v1/previews", Scope.STORYBOARDS),
    ("/v1/presets", Scope.STORYBOARDS),
    ("/v1/webhooks", Scope.WEBHOOKS),
    ("/v1/keys", Scope.ADMIN),
    ("/v1/doctor", Scope.ADMIN),
    ("/metrics", Scope.ADMIN),
)
#: Any of these opens it; the route itself shows only what the key covers.
ANY_OF: Sequence[tuple[str, tuple[Scope, ...]]] = (
    ("/v1/jobs", (Scope.STORYBOARDS, Scope.STORIES)),
    ("/v1/events", (Scope.STORYBOARDS, Scope.STORIES)),
    ("/v1/statistics", (Scope.STORYBOARDS, Scope.STORIES)),
    ("/v1/organizations", tuple(Scope)),
    ("/v1/session", tuple(Scope)),
)
NO_KEY = "A key is needed: send it as `Authorization: Bearer sl_…`"
ONLY_HERE = (
    "Without a key, only this machine itself may call; make one with `storyloom keys create`, and "
    "send it as `Authorization: Bearer sl_…`"
)
NO_PAGES = (
    "Without a key, pages of other origins may not call: name theirs in STORYLOOM_CORS_ORIGINS, or "
    "make a key with `storyloom keys create`"
)
# So many wrong keys a minute are looked up for one address, which may be that of many people.
GUESSES_A_MINUTE = 60
# Addresses are counted in groups, so that a flood of addresses does not fill the memory.
_GROUPS_OF_ADDRESSES = 4096
_SCHEME = "bearer"
NOBODY = Caller()


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request tells who calls."""

    path: str
    authorization: Sequence[str]  #: the values of `Authorization`
    labels: Sequence[str]  #: the values of `X-Org-ID`
    address: str | None  #: of the caller; None where there is none, as on a socket of this machine
    host: str | None = None  #: the value of `Host`
    is_strange: bool = False  #: a web page sent it, of an origin that may not call


@dataclass(frozen=True, slots=True)
class Admission:
    """Who was let in."""

    caller: Caller = NOBODY
    standing: Standing | None = None


class Gate:
    """Lets requests in, or raises why not."""

    def __init__(
        self, keys: VerifiedKeys, guesses: Limits, limits: Limits | None, *, is_private: bool
    ) -> None:
        """Take the keys, how often wrong ones may be tried, and what a good one may ask.

        A private server is one for development that listens on this machine alone: it needs no key
        as long as there is none.
        """
        self._keys = keys
        self._guesses = guesses
        self._limits = limits
        self._is_private = is_private

    async def admit(self, asked: Asked) -> Admission:
        """Let a request in.

        Raises `NotAuthenticated`, `NotAllowed`, `TooManyRequests`, or `Unavailable` when nobody can
        tell whether the key is good.
        """
        if is_open(asked.path):
            return Admission()
        if self._is_private and not await self._keys.exist():
            _require_this_machine(asked)
            return Admission()
        caller = await self._caller(asked)
        org_id = caller.org_id
        if org_id is not None and any(label != org_id for label in asked.labels):
            raise ForeignOrganisation(
                f"The key belongs to the organisation '{org_id}', and X-Org-ID names another"
            )
        needed = scopes_of(asked.path)
        if not any(map(caller.may, needed)):
            named = " or ".join(f"'{scope}'" for scope in needed)
            raise NotAllowed(f"The key does not cover this: it lacks the scope {named}")
        if self._limits is None:
            return Admission(caller)
        return Admission(caller, await self._limits.count(caller.key_id))

    async def _caller(self, asked: Asked) -> Caller:
        if not asked.authorization:
            raise NotAuthenticated(NO_KEY)
        scheme, _, key = asked.authorization[0].strip().partition(" ")
        if len(asked.authorization) > 1 or scheme.lower() != _SCHEME:
            raise NotAuthenticated(NO_KEY)
        key = key.strip()
        if self._keys.knows(key):
            return await self._keys.caller(key)
        group = _group_of(asked.address)
        self._guesses.refuse_spent(group)
        try:
            return await self._keys.caller(key)
        except NotAuthenticated:
            await self._guesses.count(group)
            raise


def is_open(path: str) -> bool:
    """Whether nobody is asked for a key there."""
    return path in OPEN or path.startswith(OPEN_BELOW)


def scopes_of(path: str) -> Sequence[Scope]:
    """What a key has to cover there: one of these."""
    for prefix, scopes in ANY_OF:
        if path.startswith(prefix):
            return scopes
    for prefix, scope in SCOPES:
        if path.startswith(prefix):
            return (scope,)
    return (Scope.ADMIN,)


def _require_this_machine(asked: Asked) -> None:
    """Raise where it does not come from here, or does not mean to.

    A browser here may be sent by a stranger's page. That page cannot read the answer, but may be
    content with what the request does; browsers say where it is from. Or it lets its own name lead
    to this machine (DNS rebinding), and cannot hide that name.
    """
    comes_from_here = asked.address is None or is_loopback(asked.address)
    if not comes_from_here or (asked.host is not None and not names_loopback(asked.host)):
        raise NotAuthenticated(ONLY_HERE)
    if asked.is_strange:
        raise NotAllowed(NO_PAGES)


def _group_of(address: str | None) -> str:
    """Some addresses together; a network of IPv6 is one, since whoever has it has all of it."""
    try:
        read = ip_address(address or "")
    except ValueError:
        packed = (address or "").encode("utf-8", "replace")
    else:
        packed = read.packed[:8] if isinstance(read, IPv6Address) else read.packed
    digest = blake2b(packed, digest_size=4).digest()
    return f"address-{int.from_bytes(digest) % _GROUPS_OF_ADDRESSES}"
