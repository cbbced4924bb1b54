"""How full the queues are, in one query, and who goes first in them. The library has no public way to ask for it at once."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from storyloom.jobs.schemas import QueueDepth

# Columns of the pinned version; `created_at` is milliseconds since 1970 by the database's clock.
_DEPTHS = sa.text("""
    SELECT queue_name AS name,
           count(*) FILTER (WHERE status = 'ENQUEUED') AS waiting,
           count(*) FILTER (WHERE status = 'PENDING') AS running,
           coalesce(extract(epoch FROM now())
                    - min(created_at) FILTER (WHERE status = 'ENQUEUED') / 1000.0, 0) AS oldest_wait_s
    FROM dbos.workflow_status
    WHERE status IN ('ENQUEUED', 'PENDING') AND queue_name IS NOT NULL
    GROUP BY queue_name
""")


# In the order in which the library takes them.
_AHEAD = sa.text("""
    SELECT (SELECT count(*) FROM dbos.workflow_status AS other
            WHERE other.queue_name = mine.queue_name AND other.status = 'ENQUEUED'
              AND (other.priority, other.created_at, other.workflow_uuid)
                  < (mine.priority, mine.created_at, mine.workflow_uuid))
    FROM dbos.workflow_status AS mine
    WHERE mine.workflow_uuid = :job_id AND mine.status = 'ENQUEUED'
""")


def jobs_ahead(database: sa.Engine, job_id: str) -> int | None:
    """How many jobs of its queue are taken before this one; None where it does not wait. Blocks."""
    with database.connect() as connection:
        return connection.execute(_AHEAD, {"job_id": job_id}).scalar()


def queue_depths(database: sa.Engine, queues: Collection[str]) -> Sequence[QueueDepth]:
    """Every named queue, also the empty ones, and others that hold jobs. Blocks."""
    with database.connect() as connection:
        rows = connection.execute(_DEPTHS).mappings().all()
    found = {row["name"]: _depth(row) for row in rows}
    empty = {name: QueueDepth(name=name, waiting=0, running=0, oldest_wait_s=0) for name in queues}
    return [depth for _, depth in sorted((empty | found).items())]


def _depth(row: sa.RowMapping) -> QueueDepth:
    # A job may be stamped a moment after the query began.
    return QueueDepth.model_validate({**row, "oldest_wait_s": max(0.0, row["oldest_wait_s"])})
