"""Whether anybody is let in, and whether everybody would be."""

from collections.abc import Sequence

from anyio import Path

from storyloom.access.ports import KeyStore
from storyloom.adapters.memory.key_store import MemoryKeyStore
from storyloom.adapters.sql._diagnosis import has_keys, reading_file
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.bootstrap.access import is_private
from storyloom.bootstrap.database import database_file
from storyloom.kit.clock import Clock
from storyloom.kit.findings import Finding, error, warning, well
from storyloom.settings import Settings

CHECK = "keys"
MEND = "Make one: storyloom keys create NAME"


async def look_at_keys(settings: Settings, store: KeyStore, clock: Clock) -> Sequence[Finding]:
    """What a caller without a key is told, and whether there is a key; raises `Unavailable`."""
    if settings.admin_key is not None:
        return [well(CHECK, "STORYLOOM_ADMIN_KEY lets in.")]
    if await store.exist(good_at=clock.now()):
        return [well(CHECK, "There is a key that lets in.")]
    return [_without_key(settings, all_have_ended=await store.exist())]


def _without_key(settings: Settings, *, all_have_ended: bool) -> Finding:
    if settings.app_env == "production":
        says = "APP_ENV=production starts with a key only, and there is none that lets in."
        return error(CHECK, says, MEND)
    if all_have_ended:
        return warning(CHECK, "All keys have ended, so every call is refused.", MEND)
    if not is_private(settings):
        says = f"The server listens on {settings.host}, and there are no keys: all are refused."
        return warning(CHECK, says, MEND)
    return well(CHECK, "There is none, so only this machine can call.")


async def look_at_own_keys(settings: Settings, clock: Clock) -> Sequence[Finding]:
    """The same for the SQLite file in the data directory, which may still have to be made."""
    file = database_file(settings.data_dir)
    if await Path(file).exists():
        async with reading_file(file) as engine:
            if await has_keys(engine):
                return await look_at_keys(settings, SqlKeyStore(engine), clock)
    return await look_at_keys(settings, MemoryKeyStore(), clock)
