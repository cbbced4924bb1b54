"""What goes wrong, and in which order."""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.cluster import Cluster, Member, now_ms
from tests.chaos.report import Death

OUTAGE_S = 3.0
# Longer than a lease, so that others take over while it lives.
ZOMBIE_S = 12.0


@dataclass
class Monkey:
    """Breaks one thing after another, and mends it as an operator's supervisor would."""

    cluster: Cluster
    dice: random.Random
    outage_s: float = OUTAGE_S
    events: Counter[str] = field(default_factory=Counter[str])
    deaths: list[Death] = field(default_factory=list[Death])

    def _busy_worker(self) -> Member:
        """One that has begun something lately: the death of others tells nothing."""
        lately = {call.pid for call in self.cluster.calls() if call.at_ms > now_ms() - 1500}
        busy = [worker for worker in self.cluster.workers if worker.pid in lately]
        return self.dice.choice(busy or self.cluster.workers)

    def kill_worker(self) -> None:
        worker = self._busy_worker()
        self.deaths.append(Death(worker.pid, now_ms(), "killed"))
        worker.kill()
        self.events["worker killed"] += 1

    def stop_worker(self) -> None:
        """As a rollout does: it may finish what it has begun, and is started again."""
        self._busy_worker().signal(signal.SIGTERM)
        self.events["worker told to stop"] += 1

    def kill_api(self) -> None:
        api = self.dice.choice(self.cluster.apis)
        api.kill()
        self.events["API killed"] += 1

    def stop_redis(self) -> None:
        self.cluster.redis.stop(signal.SIGKILL)
        time.sleep(self.outage_s)
        self.cluster.redis.start()
        self.events["Redis killed and started again"] += 1

    def pause_redis(self) -> None:
        self.cluster.redis.pause()
        time.sleep(self.outage_s)
        self.cluster.redis.resume()
        self.events["Redis paused"] += 1

    def stop_postgres(self) -> None:
        self.cluster.postgres.stop(signal.SIGQUIT)
        time.sleep(self.outage_s)
        self.cluster.postgres.start()
        self.events["PostgreSQL stopped at once and started again"] += 1

    def make_zombie(self) -> None:
        worker = self._busy_worker()
        self.deaths.append(Death(worker.pid, now_ms(), "stopped"))
        worker.signal(signal.SIGSTOP)
        time.sleep(ZOMBIE_S)
        worker.signal(signal.SIGCONT)
        self.events["worker stopped for 12 s (zombie)"] += 1

    def everything_once(self) -> None:
        for act in (
            self.kill_worker,
            self.stop_worker,
            self.stop_redis,
            self.kill_api,
            self.make_zombie,
            self.stop_postgres,
            self.pause_redis,
            self.kill_worker,
        ):
            time.sleep(1)
            act()

    def the_worst_once(self) -> None:
        """Lose one of each kind, and a worker more; one of three workers is left to take over."""
        for act in (
            self.kill_worker,
            self.stop_redis,
            self.kill_api,
            self.stop_postgres,
            self.kill_worker,
        ):
            time.sleep(1)
            act()

    def for_seconds(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        acts = [self.kill_worker] * 5 + [self.stop_worker] * 2 + [self.kill_api] * 2
        acts += [self.stop_redis, self.pause_redis, self.stop_postgres, self.make_zombie]
        self.everything_once()
        while time.monotonic() < end:
            time.sleep(self.dice.uniform(2, 4))
            self.dice.choice(acts)()
