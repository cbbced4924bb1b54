"""Who is let in: the keys, the gate before the routes, and what counts requests."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio import to_thread

from storyloom.access.gate import GUESSES_A_MINUTE, Gate
from storyloom.access.limits import Limits
from storyloom.access.ports import KeyStore
from storyloom.access.schemas import RateLimit
from storyloom.access.state import KeyRing
from storyloom.access.verified import VerifiedKeys
from storyloom.adapters.memory.rate_counter import MemoryRateCounter
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.bootstrap.archive import bring_up_to_date, database_url
from storyloom.bootstrap.lock import make_folder
from storyloom.errors import Misconfigured
from storyloom.kit.addresses import is_loopback
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock, SystemClock
from storyloom.settings import Settings

HOW = "`storyloom keys create` makes one, and STORYLOOM_ADMIN_KEY can name one"


@dataclass(frozen=True, slots=True)
class Access:
    """The gate, and the keys for those who look after them."""

    gate: Gate
    keys: KeyRing
    note: str  #: for whoever starts the server: who may call it


@asynccontextmanager
async def open_key_store(settings: Settings) -> AsyncGenerator[KeyStore]:
    """Open the store of keys, beside a running server or before the first.

    It lies with the engine: in PostgreSQL, or in the file of the data directory. Raises
    `Misconfigured`, or `Unavailable`.
    """
    if settings.database_url is not None:
        await to_thread.run_sync(bring_up_to_date, settings)
    else:
        await to_thread.run_sync(make_folder, settings.data_dir)
    async with open_database(database_url(settings)) as database:
        yield SqlKeyStore(database)


async def refuse_without_key(settings: Settings) -> None:
    """Raise `Misconfigured` where production has no key, before anything is opened or begun."""
    if settings.app_env != "production":
        return
    async with open_key_store(settings) as store:
        if not await _can_enter(settings, store):
            raise Misconfigured(
                f"APP_ENV=production starts with a key only, and there is none: {HOW}.",
                setting="STORYLOOM_ADMIN_KEY",
            )


@asynccontextmanager
async def open_access(settings: Settings, store: KeyStore) -> AsyncGenerator[Access]:
    """Open what lets in."""
    clock = SystemClock()
    admin_key = None if settings.admin_key is None else settings.admin_key.get_secret_value()
    async with limits_of(settings, clock) as limits, anyio.create_task_group() as tasks:
        verified = VerifiedKeys(store, clock, Background(tasks), admin_key=admin_key)
        guesses = Limits(RateLimit(GUESSES_A_MINUTE, "minute"), MemoryRateCounter(clock))
        gate = Gate(verified, guesses, limits, is_private=is_private(settings))
        yield Access(gate, KeyRing(store, clock, verified), await _note(settings, store))
        tasks.cancel_scope.cancel()


def is_private(settings: Settings) -> bool:
    """Whether no key is needed as long as there is none."""
    is_for_development = settings.app_env == "development" and settings.admin_key is None
    return is_for_development and is_loopback(settings.host)


@asynccontextmanager
async def limits_of(settings: Settings, clock: Clock) -> AsyncGenerator[Limits | None]:
    """What counts the requests of keys; None where they are not to be counted."""
    limit = RateLimit.parse(settings.rate_limit)
    if limit is None:
        yield None
    elif settings.redis_url is None:
        yield Limits(limit, MemoryRateCounter(clock))
    else:
        from storyloom.adapters.redis.rate_counter import open_rate_counter  # noqa: PLC0415 - as above

        url = settings.redis_url.get_secret_value()
        async with open_rate_counter(url, clock) as shared:
            yield Limits(limit, MemoryRateCounter(clock), shared)


async def _note(settings: Settings, store: KeyStore) -> str:
    if await _can_enter(settings, store):
        return "a key is needed: Authorization: Bearer sl_…"
    if is_private(settings) and not await store.exist():
        return "none, so only this machine can call; make one: storyloom keys create NAME"
    return "there are no keys, so every call is refused; make one: storyloom keys create NAME"


async def _can_enter(settings: Settings, store: KeyStore) -> bool:
    return settings.admin_key is not None or await store.exist(good_at=SystemClock().now())
