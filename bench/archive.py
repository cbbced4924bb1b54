"""What a poll costs that only the archive can answer, with few, many and very many jobs in it."""

from collections.abc import Iterator
from random import Random

import psycopg

from bench.client import Client
from bench.figures import Figure, Times
from bench.fleet import fleet

SIZES = (10, 10_000, 1_000_000)
POLLS = 300
AT_MOST = 1.25
_FILL = """
    INSERT INTO storyboard_jobs
        (id, org_id, job_type, status, input_params, result_image, understanding,
         execution_time_ms, created_at, started_at, completed_at, details)
    SELECT gen_random_uuid(), 'org-' || n %% 500, 'code_to_storyboard', 'completed',
           '{"file_name": "a.py", "file_content": "x = 1"}', repeat('A', 400), '{}',
           1200, now() - n * interval '1 second', now() - n * interval '1 second',
           now() - n * interval '1 second', '{}'
    FROM generate_series(%s::int, %s::int) AS n
"""


def archive() -> Iterator[Figure]:
    with fleet() as running:
        client = Client(running.api())
        smallest: Times | None = None
        have = 0
        for size in SIZES:
            with psycopg.connect(running.database_url, autocommit=True) as connection:
                connection.execute(_FILL, (have + 1, size))
                connection.execute("VACUUM ANALYZE storyboard_jobs")
                connection.execute("CHECKPOINT")  # what was filled in is not written while we ask
                have = size
                picked = _some(connection)
            # Of ten jobs each is polled once: an answer is remembered after that.
            polled = Times([client.timed(f"/storyboard/jobs/{job_id}") for job_id in picked])
            smallest = smallest or polled
            ratio = polled.median / smallest.median
            yield Figure(
                f"poll from the archive, {size:,} jobs in it",
                str(polled),
                "" if size == SIZES[0] else f"{smallest}: {SIZES[0]} jobs",
                ratio,
                f"ratio <= {AT_MOST:g}",
                ratio <= AT_MOST,
            )


def _some(connection: psycopg.Connection) -> list[str]:
    # Those that came last, so that none was polled before.
    query = "SELECT id::text FROM storyboard_jobs ORDER BY created_at LIMIT 3000"
    found = [row[0] for row in connection.execute(query).fetchall()]
    return Random(1).sample(found, min(POLLS, len(found)))  # noqa: S311 - for repeating
