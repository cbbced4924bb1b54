"""Whether the engine's tables are there, and of our version; nothing in them is changed."""

import sqlalchemy as sa
from dbos._migration import get_migration_versions

from storyloom.kit.findings import Finding, error, warning, well

CHECK = "engine"
_SCHEMA = "dbos"


def look_at_tables(database: sa.Engine, *, migrates: bool) -> Finding:
    """Compare the version that is recorded with the one that the library needs. Blocks."""
    # There is no public way to ask; the version is pinned exactly, and a test holds this to it.
    found, needed = get_migration_versions(database, _SCHEMA, use_listen_notify=True)
    if found >= needed:
        return well(CHECK, "The engine's tables are up to date.")
    says = (
        f"The engine's tables are older than this version (step {found} of {needed})."
        if found
        else f"The engine's tables, in the schema {_SCHEMA}, are missing."
    )
    if migrates:
        return warning(CHECK, says, "The next start makes them; `storyloom migrate` does it now.")
    return error(CHECK, says, "Run `storyloom migrate`.")
