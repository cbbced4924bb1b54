"""The list of work, searches in it and its figures, with few and with very many jobs."""

import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench.client import Client
from bench.figures import Figure, Times
from bench.fleet import fleet
from bench.processes import serving
from storyloom.bootstrap.database import database_file

SIZES = (100, 100_000)
ROUNDS = 30
AT_MOST = 1.5
#: What is asked, and whether it is to cost the same whatever the number of jobs.
ASKED = {
    "first page": ("/v1/jobs?limit=50", True),
    "search for what every second job has": ("/v1/jobs?limit=50&q=report", True),
    "search for what the oldest job alone has": ("/v1/jobs?limit=50&q=needle", False),
    "figures of 30 days": ("/v1/statistics", False),
}
# Five minutes lie between two jobs: a hundred thousand are a year, and 30 days are 8640 of them.
_ROW = """
    'default', 'code_to_storyboard', 'completed',
    CAST('{"file_name": "' || CASE WHEN n = 1 THEN 'needle' WHEN n % 2 = 0 THEN 'report' ELSE 'roi' END
        || n || '.py", "file_content": "x = 1"}' AS JSONB),
    CAST('{"headline": "What job ' || n || ' brings"}' AS JSONB), '{}', 1000 + n % 5000
"""
_COLUMNS = """
    org_id, job_type, status, input_params, understanding, details, execution_time_ms, id,
    created_at, started_at, completed_at
"""
Fill = Callable[[int, int], None]


def listing() -> Iterator[Figure]:
    for database, opened in {"SQLite": _sqlite, "PostgreSQL": _postgres}.items():
        with opened() as (port, fill):
            few, times = dict[str, Times](), dict[str, Times]()
            have = 0
            for size in SIZES:
                fill(have + 1, size)
                have = size
                client = Client(port)  # another's connection was idle for too long
                times = {what: _timed(client, path) for what, (path, _) in ASKED.items()}
                few = few or times
            yield from (_figure(f"{what}, {database}", few[what], times[what]) for what in ASKED)


def _figure(what: str, few: Times, many: Times) -> Figure:
    ratio, is_flat = many.median / few.median, ASKED[what.rpartition(",")[0]][1]
    return Figure(
        f"{what}, {SIZES[-1]:,} jobs",
        str(many),
        f"{few}: {SIZES[0]} jobs",
        ratio,
        f"ratio <= {AT_MOST:g}" if is_flat else "",
        ratio <= AT_MOST if is_flat else None,
    )


def _timed(client: Client, path: str) -> Times:
    return Times([client.timed(path) for _ in range(ROUNDS + 1)][1:])


@contextmanager
def _sqlite() -> Generator[tuple[int, Fill]]:
    with TemporaryDirectory() as folder, serving("bench.served", folder) as (_, told):

        def fill(first: int, last: int) -> None:
            at = f"strftime('%Y-%m-%d %H:%M:%f000', 'now', (({last} - n) * -5) || ' minutes')"
            some = f"WITH RECURSIVE some (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM some WHERE n < {last})"  # noqa: S608 - ours
            row = _ROW.replace("AS JSONB", "AS TEXT")
            name = "printf('00000000-0000-4000-8000-%012x', n)"
            with closing(sqlite3.connect(database_file(Path(folder)))) as connection, connection:
                connection.execute(
                    f"INSERT INTO storyboard_jobs ({_COLUMNS}) {some} "  # noqa: S608 - ours
                    f"SELECT {row}, {name}, {at}, {at}, {at} FROM some"
                )

        yield int(told.split()[0]), fill


@contextmanager
def _postgres() -> Generator[tuple[int, Fill]]:
    with fleet() as running:

        def fill(first: int, last: int) -> None:
            at = f"now() - ({last} - n) * interval '5 minutes'"
            with psycopg.connect(running.database_url, autocommit=True) as connection:
                filled = (
                    f"INSERT INTO storyboard_jobs ({_COLUMNS}) "  # noqa: S608 - ours
                    f"SELECT {_ROW}, gen_random_uuid(), {at}, {at}, {at} "
                    f"FROM generate_series({first}, {last}) AS n"
                )
                connection.execute(filled.encode())
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")

        yield running.api(), fill
