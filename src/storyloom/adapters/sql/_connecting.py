"""Why a PostgreSQL cannot be reached, in words for whoever can mend it."""

import re
from collections.abc import Sequence

import sqlalchemy as sa

from storyloom.adapters.sql._postgres import postgres_url
from storyloom.errors import StoryloomError
from storyloom.kit.findings import Finding, error, warning

CHECK = "database"
_PORT = 5432
_TRANSACTION_POOLER = 6543
_SUPABASE = (".supabase.com", ".supabase.co")
# What the driver or the server says, what that means, and what to do; the first that fits.
_SIGNS: Sequence[tuple[str, str, str]] = (
    (
        "Tenant or user not found|no tenant identifier",
        "Supabase's pooler does not know the user or the project of DATABASE_URL.",
        "Copy the connection string of the session pooler: its user is postgres.PROJECT.",
    ),
    (
        "no password supplied",
        "PostgreSQL asks for a password, and DATABASE_URL has none.",
        "Write it into DATABASE_URL: postgresql://user:PASSWORD@host:5432/name",
    ),
    (
        "authentication failed|role .* does not exist|not permitted to log in",
        "PostgreSQL refuses the user or the password of DATABASE_URL.",
        "Correct them in DATABASE_URL; marks such as @ and / are written %40 and %2F.",
    ),
    (
        "database .* does not exist",
        "The PostgreSQL at {where} has no database {database!r}.",
        "Make it with `createdb {database}`, or correct the name in DATABASE_URL.",
    ),
    (
        "no encryption|SSL connection is required|requires SSL",
        "The PostgreSQL at {where} lets this user in over TLS only.",
        "Add ?sslmode=require to DATABASE_URL.",
    ),
    (
        "pg_hba.conf",
        "The PostgreSQL at {where} does not let this machine, this user or this database in.",
        "Add a line for them to its pg_hba.conf, or to the allowed addresses of your provider.",
    ),
    (
        "does not support SSL",
        "DATABASE_URL asks for TLS, and the PostgreSQL at {where} does not speak it.",
        "Take sslmode out of DATABASE_URL if the network is yours, or give the server TLS.",
    ),
    (
        "certificate|sslrootcert",
        "The certificate of the PostgreSQL at {where} is not trusted here.",
        "Add sslrootcert=FILE with the certificate of its authority to DATABASE_URL.",
    ),
    (
        "too many (clients|connections)|remaining connection slots|[Mm]ax client",
        "The PostgreSQL at {where} has no connection to spare.",
        "Run fewer processes, or raise `max_connections` or the size of the pooler.",
    ),
    (
        "starting up|shutting down|recovery mode|not accepting connections",
        "The PostgreSQL at {where} is starting or stopping.",
        "Wait a moment; its log tells why it takes long.",
    ),
    (
        "resolve host|translate host name|not known",
        "DATABASE_URL leads to {where}, and that host is not known here.",
        "Correct the name; within containers it is the service's name, not localhost.",
    ),
    (
        "refused|No such file",
        "Nothing listens at {where}, where DATABASE_URL leads.",
        "Start PostgreSQL, or correct host and port: pg_isready -h HOST -p PORT",
    ),
    (
        "unreachable|No route",
        "There is no way through the network to {where}, where DATABASE_URL leads.",
        "Supabase's direct address is IPv6 only: take the session pooler, or mend the network.",
    ),
    (
        "invalid response|expected authentication request|protocol",
        "What listens at {where}, where DATABASE_URL leads, is no PostgreSQL.",
        "Correct host and port.",
    ),
    (
        "Timeout|timeout|timed out|no answer in time",
        "The PostgreSQL at {where} did not answer in time.",
        "Look whether it hangs, whether a firewall is in between, and whether the port is right.",
    ),
)


def host_of(address: str) -> str:
    """Where it listens; raises `Misconfigured`."""
    url = postgres_url(address)
    return f"{url.host or url.query.get('host') or 'localhost'}:{url.port or _PORT}"


def place_of(address: str) -> str:
    """Where it is, without the password; raises `Misconfigured`."""
    url = postgres_url(address)
    return f"{host_of(address)}, database {_database(url)}"


def refusal(address: str, fault: StoryloomError) -> Finding:
    """What it means that there was no connection."""
    url = postgres_url(address)
    for sign, says, mend in _SIGNS:
        if re.search(sign, fault.message):
            words = {"where": host_of(address), "database": _database(url)}
            return error(CHECK, says.format(**words), mend.format(**words))
    said = fault.message.partition("did not answer: ")[2].rstrip(".")
    return error(
        CHECK,
        f"PostgreSQL at {host_of(address)} cannot be used: {said}.",
        "Try the same address with psql, and look at the log of the server.",
    )


def pooler(address: str) -> Sequence[Finding]:
    """Whether the address leads to a pooler that gives every statement another connection."""
    url = postgres_url(address)
    if url.port != _TRANSACTION_POOLER:
        return []
    tell = error if (url.host or "").endswith(_SUPABASE) else warning
    return [
        tell(
            CHECK,
            "DATABASE_URL names port 6543, where poolers give every statement another connection; "
            "the engine's locks and the heartbeat do not bear that.",
            "Take the pooler in session mode, port 5432.",
        )
    ]


def _database(url: sa.URL) -> str:
    return url.database or url.username or "postgres"
