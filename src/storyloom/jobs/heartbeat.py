"""The proof that a worker lives: a beat every few seconds, from a thread of its own.

A thread, because the event loop may be busy for longer than others wait for a beat.
"""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from storyloom.errors import Unavailable
from storyloom.jobs.ports import WorkerRegistry
from storyloom.jobs.schemas import Worker

BEAT_EVERY_S = 2.0
log = logging.getLogger(__name__)


@dataclass
class Heart:
    """What a worker has to say when its heart stops."""

    leaves_jobs: bool = True  #: whether others have to take something up


@contextmanager
def beating(
    registry: WorkerRegistry, worker: Worker, every_s: float = BEAT_EVERY_S
) -> Generator[Heart]:
    """Beat while the block runs; the first beat is there before it begins. Blocks at both ends.

    In the end the worker is struck off, or others are told at once that it leaves jobs behind.

    Raises `Unavailable` when the registry cannot be reached at first. Later it is tried again and
    again: others hold no missing beat against a worker while the registry itself is away.
    """
    registry.beat(worker)
    stop = threading.Event()
    beats = threading.Thread(
        target=_beat, args=(registry, worker, stop, every_s), name="heartbeat", daemon=True
    )
    beats.start()
    heart = Heart()
    try:
        yield heart
    finally:
        stop.set()
        beats.join()
        _part(registry, worker, heart)


def _part(registry: WorkerRegistry, worker: Worker, heart: Heart) -> None:
    try:
        if heart.leaves_jobs:
            registry.leave(worker.id)
        else:
            registry.remove([worker.id])
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
        else:
            if not is_heard:
                log.info("heartbeat is heard again")
            is_heard = True
