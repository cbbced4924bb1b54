"""What a spell of chaos did to the jobs, as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.cluster import Cluster
from tests.counting import Call

PAID_STEPS = ("understand", "illustrate", "draw")


@dataclass(frozen=True)
class Death:
    """A worker that was killed, or stopped for longer than its lease."""

    pid: int
    at_ms: float
    how: str


@dataclass(frozen=True)
class Report:
    """The outcome in figures; times are seconds."""

    accepted: int
    completed: int
    failed: int
    lost: int
    paid_twice: list[Call]
    begun_again: int
    deaths: Counter[str]
    takeovers_s: list[float]

    @property
    def rows(self) -> list[tuple[str, str]]:
        slowest = max(self.takeovers_s, default=0.0)
        return [
            ("accepted jobs", str(self.accepted)),
            ("completed", str(self.completed)),
            ("failed", str(self.failed)),
            ("lost", str(self.lost)),
            ("finished steps paid twice", str(len(self.paid_twice))),
            ("steps begun again, their first try cut short", str(self.begun_again)),
            *((f"events: {how}", str(count)) for how, count in sorted(self.deaths.items())),
            ("jobs in the hands of a worker that died", str(len(self.takeovers_s))),
            ("slowest takeover", f"{slowest:.1f} s"),
        ]


def report_of(cluster: Cluster, deaths: Sequence[Death], events: Counter[str]) -> Report:
    """Count, once everything has ended."""
    statuses = Counter(cluster.statuses().values())
    calls, recorded = cluster.calls(), cluster.recorded()
    return Report(
        accepted=len(cluster.accepted),
        completed=statuses["completed"],
        failed=statuses["failed"],
        lost=len(cluster.accepted) - statuses["completed"] - statuses["failed"],
        # A call that began after its result stood in the engine's tables.
        paid_twice=[c for c in calls if c.at_ms > recorded[c.step, c.source]],
        begun_again=len(calls) - len({(c.step, c.source) for c in calls}),
        deaths=events,
        takeovers_s=[s for death in deaths for s in _takeovers(death, calls, recorded)],
    )


def _takeovers(
    death: Death, calls: Sequence[Call], recorded: dict[tuple[str, str], float]
) -> list[float]:
    """For each job that the dead had in hand: how long until another went on with it."""
    last: dict[str, Call] = {c.source: c for c in calls if c.at_ms <= death.at_ms}
    found: list[float] = []
    for source, call in last.items():
        ended = recorded["end", source]
        if call.pid != death.pid or ended <= death.at_ms:
            continue
        later = (c.at_ms for c in calls if c.source == source and c.at_ms > death.at_ms)
        found.append((min(next(later, ended), ended) - death.at_ms) / 1000)
    return found
