"""The proof that a worker lives: a beat every few seconds, from a thread of its own.

A thread, because the event loop may be busy for longer than others wait for a beat.
"""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager

from storyloom.errors import Unavailable
from storyloom.jobs.ports import WorkerRegistry
from storyloom.jobs.schemas import Worker

BEAT_EVERY_S = 2.0
log = logging.getLogger(__name__)


@contextmanager
def beating(
    registry: WorkerRegistry, worker: Worker, every_s: float = BEAT_EVERY_S
) -> Generator[None]:
    """Beat while the block runs; the first beat is there before it begins. Blocks at both ends.

    In the end others are told at once, who take up what is left and strike the worker off. It does
    not strike itself off: only the database knows whether it was just being given a job.

    Raises `Unavailable` when the registry cannot be reached at first. Later it is tried again and
    again: others hold no missing beat against a worker while the registry itself is away.
    """
    registry.beat(worker)
    stop = threading.Event()
    beats = threading.Thread(
        target=_beat, args=(registry, worker, stop, every_s), name="heartbeat", daemon=True
    )
    beats.start()
    try:
        yield
    finally:
        stop.set()
        beats.join()
        _part(registry, worker)


def _part(registry: WorkerRegistry, worker: Worker) -> None:
    try:
        registry.leave(worker.id)
    except Unavailable as fault:
        log.warning(
            "others wait for a beat, since this worker could not take leave",
            extra={"reason": fault.message},
        )


def _beat(registry: WorkerRegistry, worker: Worker, stop: threading.Event, every_s: float) -> None:
    is_heard = True
    while not stop.wait(every_s):
        try:
            registry.beat(worker)
        except Unavailable as fault:
            if is_heard:
                log.warning("heartbeat is not heard", extra={"reason": fault.message})
            is_heard = False
        except Exception:  # a heart that stops for a fault of ours would be taken for a death
            log.exception("heartbeat failed")
        else:
            if not is_heard:
                log.info("heartbeat is heard again")
            is_heard = True
