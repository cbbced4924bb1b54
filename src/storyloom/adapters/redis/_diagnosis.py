"""What an operator has to know of a Redis: one write that changes nothing, and a look at its memory."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.maint_notifications import MaintNotificationsConfig

from storyloom.adapters.redis._faults import translated
from storyloom.adapters.redis.hot_jobs import PREFIX
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.findings import Finding, error, warning, well

CHECK = "hot"
TIMEOUT_S = 2.0
_PORT = 6379
_FULL = 0.9
_NEITHER = "Jobs go on without it, and polls are slower."
# What redis-py says, what that means, and what to do; the first that fits.
_SIGNS: Sequence[tuple[str, str, str]] = (
    (
        "NOAUTH|Authentication required|HELLO must be called",
        "Redis asks for a password, and REDIS_URL has none.",
        "Write it into REDIS_URL: redis://:PASSWORD@host:6379",
    ),
    (
        "without any password configured",
        "REDIS_URL has a password, and Redis asks for none.",
        "Leave the password out of REDIS_URL, or set `requirepass` in Redis.",
    ),
    (
        "WRONGPASS|invalid password|invalid username-password|AuthenticationError",
        "Redis refuses the user or the password of REDIS_URL.",
        "Correct them in REDIS_URL; marks such as @ and / are written %40 and %2F.",
    ),
    (
        "DB index",
        "Redis has no database with the number that REDIS_URL ends with.",
        "End REDIS_URL with /0, or give Redis more `databases`.",
    ),
    (
        "ReadOnlyError|READONLY",
        "Redis takes no writes: it is a read-only replica.",
        "Name the primary in REDIS_URL, or promote this one: redis-cli REPLICAOF NO ONE",
    ),
    (
        "OutOfMemoryError|OOM ",
        "Redis takes no writes: its memory is full.",
        "Give it more `maxmemory`, and the `maxmemory-policy` volatile-ttl.",
    ),
    (
        "MISCONF",
        "Redis takes no writes: it could not save its data to the disk.",
        "Look at its log and at the room on its disk, or set `stop-writes-on-bgsave-error no`.",
    ),
    ("BusyLoadingError|LOADING", "Redis is still loading its data.", "Wait a moment."),
    (
        "NoPermissionError|NOPERM",
        "Redis does not let this user read and write hot state.",
        "Allow it: redis-cli ACL SETUSER name ~storyboard:job:* +get +mget +set +del +info",
    ),
    (
        "WRONG_VERSION_NUMBER|wrong version number|record layer",
        "REDIS_URL asks for TLS, and Redis does not speak it there.",
        "Write redis:// instead of rediss://, or name the port that speaks TLS.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|certificate verify failed",
        "The certificate of Redis is not trusted here.",
        "Add ?ssl_ca_certs=FILE to REDIS_URL, with the certificate of its authority.",
    ),
    (
        "not known|nodename|name resolution|No address associated",
        "REDIS_URL leads to {where}, and that host is not known here.",
        "Correct the name; within containers it is the service's name, not localhost.",
    ),
    (
        "[Cc]onnection refused|Error 111|No such file",
        "Nothing listens at {where}, where REDIS_URL leads.",
        "Start Redis, or correct host and port: redis-cli ping",
    ),
    (
        "^rediss .*Timeout",
        "What listens at {where} did not answer in time, and REDIS_URL asks for TLS.",
        "If this Redis does not speak TLS, write redis:// instead of rediss://.",
    ),
    (
        "Timeout",
        "Redis at {where} did not answer in time.",
        "Look whether it hangs, whether a firewall is in between, and whether it is too far away.",
    ),
    (
        "closed by server|reset|Protocol Error|InvalidResponse|UnicodeDecodeError",
        "What listens at {where} does not speak as Redis does.",
        "Correct host and port; a Redis that speaks TLS needs rediss:// in REDIS_URL.",
    ),
)


def host_of(url: str) -> str:
    """Where it listens, without user and password."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    try:
        return f"{parts.hostname or 'localhost'}:{parts.port or _PORT}"
    except ValueError:
        return "an address that cannot be read"


def place_of(url: str) -> str:
    """Where it is, with all that may be told."""
    parts = urlsplit(url)
    kind = " over TLS" if parts.scheme == "rediss" else ""
    number = parts.path.strip("/") if parts.scheme != "unix" else ""
    return f"{host_of(url)}, database {number or 0}{kind}"


async def look_at_redis(url: str) -> Sequence[Finding]:
    """Write and look; raises `Misconfigured`."""
    client: Any = _client(url)
    async with client:
        try:
            with translated():
                await client.set(f"{PREFIX}probe", b"", xx=True)
        except Unavailable as fault:
            return [_meaning(fault, url)]
        return [await _memory(client, host_of(url))]


async def _memory(client: Any, where: str) -> Finding:
    """How its memory is managed. No persistence is fine: nothing is kept here alone."""
    try:
        with translated():
            memory = await client.info("memory")
    except Unavailable:  # most often this user may not ask
        return well(CHECK, f"Redis at {where} can be written.")
    most, used = memory.get("maxmemory", 0), memory.get("used_memory", 0)
    if not most:
        return well(CHECK, f"Redis at {where} can be written, and has no limit on its memory.")
    if memory.get("maxmemory_policy") == "noeviction":
        return warning(
            CHECK,
            f"Redis at {where} refuses writes when its memory is full (noeviction).",
            "Set its `maxmemory-policy` to volatile-ttl: every key of ours expires in an hour.",
        )
    if used > _FULL * most:
        return warning(
            CHECK,
            f"Redis at {where} uses {used / most:.0%} of its memory.",
            "Give it more `maxmemory`, or look at what else is kept there.",
        )
    return well(
        CHECK, f"Redis at {where} can be written, and uses {used / most:.0%} of its memory."
    )


def _meaning(fault: Unavailable, url: str) -> Finding:
    said = " ".join([urlsplit(url).scheme, *_causes(fault)])
    for sign, says, mend in _SIGNS:
        if re.search(sign, said):
            return error(CHECK, says.format(where=host_of(url)), mend)
    return error(CHECK, fault.message, f"{_NEITHER} Look at Redis with redis-cli.")


def _causes(fault: BaseException) -> Sequence[str]:
    """What the library said, and the system before it."""
    cause = fault.__cause__ or fault.__context__
    return [] if cause is None else [f"{type(cause).__name__}: {cause}", *_causes(cause)]


def _client(url: str) -> Redis:
    try:
        # Its options are not typed.
        return Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            # These two would look up files and names while the event loop waits.
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
    except ValueError as fault:
        raise Misconfigured(
            "REDIS_URL cannot be read: write an address such as redis://localhost:6379.",
            setting="REDIS_URL",
        ) from fault
