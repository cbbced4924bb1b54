"""Why work is where it is, in plain words. Pure functions."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median

from storyloom.jobs.queues import Waits
from storyloom.work.schemas import (
    Eta,
    Explanation,
    QueuePlace,
    Waiting,
    Work,
    WorkStatus,
)

_SAYS = {
    WorkStatus.RUNNING: "It is running",
    WorkStatus.CANCELING: "It is being stopped on request",
    WorkStatus.SUCCEEDED: "It has succeeded",
    WorkStatus.CANCELED: "It was cancelled on request",
}


def explained(work: Work, eta: Eta | None) -> Explanation:
    """All that is known of it."""
    sentences = [_says(work)]
    if work.status in {WorkStatus.WAITING, WorkStatus.RUNNING}:
        sentences += [wait.detail for wait in work.waiting_on]
    if eta is not None:
        sentences.append(f"It may have ended in about {eta.seconds:.0f} s: {eta.basis}")
    place = work.queue
    return Explanation(
        id=work.id,
        status=work.status,
        says=" ".join(f"{sentence.rstrip('.')}." for sentence in sentences),
        position=None if place is None else place.position,
        ahead=None if place is None else place.ahead,
        eta=eta,
        waiting_on=work.waiting_on,
    )


def queued(work: Work, queue: str, waits: Waits, eta: Eta | None) -> Work:
    """The same work, which waits to be begun, and where it stands."""
    codes: list[Waiting] = []
    if waits.is_paused:
        detail = f"The queue '{queue}' is paused, until an operator resumes it"
        codes.append(Waiting(code="queue_paused", detail=detail))
    codes.append(Waiting(code="queued", detail=_turn(queue, waits.ahead)))
    place = None
    if waits.ahead is not None:
        place = QueuePlace(
            name=queue,
            position=waits.ahead + 1,
            ahead=waits.ahead,
            eta_s=None if eta is None else eta.seconds,
            basis=None if eta is None else eta.basis,
        )
    return work.model_copy(update={"waiting_on": codes, "queue": place})


def eta_of(work: Work, took_s: Sequence[float], *, ahead: int, slots: int, now: datetime) -> Eta:
    """When it may have ended, by the times that the last ones took (at least one)."""
    each_s = median(took_s)
    rounds = ahead // slots + 1
    begun_s = 0.0 if work.started_at is None else (now - work.started_at).total_seconds()
    seconds = round(max(0.0, rounds * each_s - begun_s), 1)
    last = "the last one took" if len(took_s) == 1 else f"the last {len(took_s)} took about"
    basis = f"{last} {each_s:.1f} s"
    if work.started_at is None:
        basis += f", {_jobs(ahead)} first, and a worker runs {slots} at a time"
    return Eta(at=now + timedelta(seconds=seconds), seconds=seconds, basis=basis)


def _says(work: Work) -> str:
    if work.status is WorkStatus.QUEUED:
        return " ".join(_ended(wait.detail for wait in work.waiting_on)) or "It waits to be begun"
    if work.status is WorkStatus.WAITING:
        return "It has begun, and nothing moves now"
    if work.status is WorkStatus.FAILED:
        return f"It has failed: {work.error.message if work.error else 'nobody knows why'}"
    return _SAYS[work.status]


def _ended(sentences: Iterable[str]) -> list[str]:
    return [f"{sentence.rstrip('.')}." for sentence in sentences]


def _turn(queue: str, ahead: int | None) -> str:
    if ahead is None:
        return "It is accepted, and is being handed to a worker"
    if not ahead:
        return f"It is the next in the queue '{queue}'"
    return f"In the queue '{queue}' {_jobs(ahead)} first"


def _jobs(ahead: int) -> str:
    return "1 other goes" if ahead == 1 else f"{ahead} others go"
