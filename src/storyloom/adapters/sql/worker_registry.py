"""Workers as rows of PostgreSQL, stamped by its clock."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError

from storyloom.adapters.sql._tables import workers as t
from storyloom.errors import Unavailable
from storyloom.jobs.schemas import Worker, WorkerSeen

# No worker beat then: it says that the worker has left.
_LEFT = datetime(1970, 1, 1, tzinfo=UTC)
_SEEN = sa.select(
    t, sa.func.extract("epoch", sa.func.clock_timestamp() - t.c.beat_at).label("silent_s")
).order_by(t.c.started_at)
# Any number that nothing else of ours locks.
_REAPER_LOCK = 0x5709_1004
# Short, because a beat that comes late is as good as none.
_CONNECT_TIMEOUT_S = 3
# Whoever is stopped while it holds the lock would keep all others out: the server hangs up on it.
_LIMITS = "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=15000"


class SqlWorkerRegistry:
    """Keeps workers in the table `storyloom_workers`. Every method blocks."""

    def __init__(self, engine: sa.Engine) -> None:
        """Take an open engine for PostgreSQL; closing it is its owner's part."""
        self._engine = engine

    def beat(self, worker: Worker) -> None:
        """Say that the worker lives; the first beat registers it."""
        row = {
            **worker.model_dump(exclude={"queues"}),
            "queues": ",".join(worker.queues),
            "started_at": sa.func.now(),
            "beat_at": sa.func.now(),
        }
        beat = postgresql.insert(t).values(row)
        self._write(
            beat.on_conflict_do_update(index_elements=[t.c.id], set_={"beat_at": sa.func.now()})
        )

    def seen(self) -> Sequence[WorkerSeen]:
        """Every registered worker, the oldest first."""
        with _translated(), self._engine.connect() as connection:
            rows = connection.execute(_SEEN).mappings().all()
        return [_seen(row) for row in rows]

    def leave(self, worker_id: str) -> None:
        """Say that the worker has stopped and left jobs behind."""
        self._write(sa.update(t).where(t.c.id == worker_id).values(beat_at=_LEFT))

    def remove(self, worker_ids: Sequence[str]) -> None:
        """Strike workers off."""
        self._write(sa.delete(t).where(t.c.id.in_(worker_ids)))

    @contextmanager
    def alone(self) -> Generator[bool]:
        """Whether nobody else is inside; the database lets go of the lock when we die."""
        with _translated(), self._engine.begin() as connection:
            lock = sa.select(sa.func.pg_try_advisory_xact_lock(_REAPER_LOCK))
            yield bool(connection.scalar(lock))

    def _write(self, statement: sa.Executable) -> None:
        with _translated(), self._engine.begin() as connection:
            connection.execute(statement)


@contextmanager
def open_worker_registry(url: str) -> Generator[SqlWorkerRegistry]:
    """Open the registry at an address of PostgreSQL; nothing is connected yet."""
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(
        address.difference_update_query(["options"]),
        pool_size=3,  # the beat, the lock, and what is done under it
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "options": f"{address.query.get('options', '')} {_LIMITS}".strip(),
        },
    )
    try:
        yield SqlWorkerRegistry(engine)
    finally:
        engine.dispose()


def _seen(row: sa.RowMapping) -> WorkerSeen:
    queues = tuple(name for name in row["queues"].split(",") if name)
    worker = Worker.model_validate({**row, "queues": queues})
    return WorkerSeen(
        worker=worker,
        beat_at=row["beat_at"],
        silent_s=max(0.0, row["silent_s"]),
        has_left=row["beat_at"] == _LEFT,
    )


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except SQLAlchemyError as fault:
        reason = getattr(fault, "orig", None) or type(fault).__name__
        raise Unavailable(
            f"The registry of workers did not answer: {reason}", system="workers"
        ) from fault
