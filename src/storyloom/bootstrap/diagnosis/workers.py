"""Who takes jobs, and from which queues."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from storyloom.jobs.schemas import QueueDepth, Worker, WorkerSeen
from storyloom.jobs.watch import LEASE_S
from storyloom.kit.findings import Finding, error, warning, well

CHECK, QUEUES = "workers", "queues"
WAITS_TOO_LONG_S = 60.0
START = "Start one: `storyloom work`, or `storyloom serve` without --no-worker."


@dataclass(frozen=True, slots=True)
class Heard:
    """A worker, and how long ago it was heard last."""

    worker: Worker
    heard_s: float
    has_left: bool

    @property
    def lives(self) -> bool:
        """Whether it was heard within its lease."""
        return not self.has_left and self.heard_s < LEASE_S


def heard(seen: Sequence[WorkerSeen], now: datetime) -> Sequence[Heard]:
    """How long ago each was heard, by the clock that stamps the beats."""
    return [
        Heard(one.worker, max(0.0, (now - one.beat_at).total_seconds()), one.has_left)
        for one in seen
    ]


def look_at_workers(crew: Sequence[Heard]) -> Sequence[Finding]:
    """Whether any lives, and whether they are of one version."""
    living = [one.worker for one in crew if one.lives]
    silent = [one for one in crew if not one.lives]
    if not living:
        says = f"No worker is heard{_last(silent)}."
        return [warning(CHECK, says, START)]
    found = [well(CHECK, f"{len(living)} {'is' if len(living) == 1 else 'are'} heard.")]
    if silent:
        found.append(
            warning(
                CHECK,
                f"{len(silent)} {'has' if len(silent) == 1 else 'have'} fallen silent{_last(silent)}.",
                "Another takes up their jobs within 30 s; find out why they ended.",
            )
        )
    return [*found, *_versions(living)]


def look_at_queues(depths: Sequence[QueueDepth], crew: Sequence[Heard]) -> Sequence[Finding]:
    """Whether every queue has somebody who takes jobs from it, and in time."""
    served = {queue for one in crew if one.lives for queue in one.worker.queues}
    return [_queue(depth, served) for depth in depths]


def others(crew: Sequence[Heard], own_host: str) -> Sequence[str]:
    """The other hosts that have workers."""
    return sorted({one.worker.host for one in crew if one.lives} - {own_host})


def _queue(depth: QueueDepth, served: Collection[str]) -> Finding:
    says = f"{depth.name}: {depth.waiting} waiting, {depth.running} running"
    if depth.waiting:
        says += f", the oldest for {depth.oldest_wait_s:.0f} s"
    if depth.name not in served:
        tell = error if depth.waiting else warning
        return tell(
            QUEUES,
            f"{says}; no worker that is heard takes jobs from it.",
            f"Start a worker whose STORYLOOM_QUEUES covers {depth.name}.",
        )
    if depth.oldest_wait_s > WAITS_TOO_LONG_S:
        return warning(
            QUEUES,
            f"{says}; that is long.",
            "Start more workers, or raise STORYLOOM_CONCURRENCY.",
        )
    return well(QUEUES, f"{says}.")


def _versions(living: Sequence[Worker]) -> Sequence[Finding]:
    hosts: dict[str, set[str]] = defaultdict(set)
    for worker in living:
        hosts[worker.version].add(worker.host)
    if len(hosts) == 1:
        return []
    told = "; ".join(f"{name} on {', '.join(sorted(on))}" for name, on in sorted(hosts.items()))
    return [
        warning(
            CHECK,
            f"They run pipelines of different versions: {told}.",
            "Each takes only jobs of its own version: bring the rollout to its end.",
        )
    ]


def _last(silent: Sequence[Heard]) -> str:
    times = [one.heard_s for one in silent if not one.has_left]
    return f"; the last was heard {min(times):.0f} s ago" if times else ""
