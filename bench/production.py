"""Polls as in production, with a real Redis, against a bare route that does one Redis GET."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from tempfile import TemporaryDirectory

from bench.client import Client
from bench.figures import Figure
from bench.load import Loaded, load
from bench.processes import cpu_seconds, serving
from bench.sources import source
from tests.databases import RedisServer, redis_running

ROUNDS = 6
SECONDS = 1.0
CONNECTIONS = 16
BURST = 32
MAX_P99_S = 0.005
NAMED = "a bare FastAPI route with one redis-py GET"


@dataclass(frozen=True, slots=True)
class Row:
    """A thing to ask both servers for, again and again."""

    key: str
    name: str
    path: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    pid: int
    port: int

    def load(self, path: str, connections: int = CONNECTIONS) -> tuple[Loaded, float]:
        """What a load brings, and the processor time that the server took for each answer."""
        before = cpu_seconds(self.pid)
        loaded = load(self.port, path, connections=connections, seconds=SECONDS)
        return loaded, (cpu_seconds(self.pid) - before) / max(1, loaded.answers)


@dataclass(frozen=True, slots=True)
class Pair:
    """Our server and the bare one."""

    ours: Server
    bare: Server
    rows: list[Row]


def production() -> Iterator[Figure]:
    with redis_running() as redis, _pair(redis) as pair:
        for row in pair.rows:
            yield from _row(pair, row)


def _row(pair: Pair, row: Row) -> Iterator[Figure]:
    figure, per_s, errors = _throughput(pair, row)
    yield figure
    # Three times, since one stall of the machine is enough to spoil a hundredth of the answers.
    calms = [
        load(pair.ours.port, row.path, connections=CONNECTIONS, seconds=2 * SECONDS, rate=per_s / 2)
        for _ in range(3)
    ]
    p99 = median(calm.quantile(0.99) for calm in calms)
    yield Figure(
        f"{row.name}, p99 at half of that",
        f"{p99 * 1000:.1f} ms (median {median(c.quantile(0.5) for c in calms) * 1000:.1f} ms)",
        target=f"<= {MAX_P99_S * 1000:g} ms",
        is_met=p99 <= MAX_P99_S,
    )
    burst, _ = pair.ours.load(row.path, BURST)
    errors += sum(calm.errors for calm in calms) + burst.errors
    yield Figure(
        f"{row.name}, errors, with a burst of {BURST} connections",
        f"{errors} (the slowest took {burst.latencies[-1] * 1000:.0f} ms)",
        target="0",
        is_met=errors == 0,
    )


def _throughput(pair: Pair, row: Row) -> tuple[Figure, float, int]:
    """Both in turn, so that a busy moment of the machine falls on both."""
    ours: list[tuple[Loaded, float]] = []
    bare: list[tuple[Loaded, float]] = []
    for number in range(ROUNDS + 1):
        a, b = pair.ours.load(row.path), pair.bare.load(f"/bare/{row.key}")
        if number:  # the first round warms both up
            ours.append(a)
            bare.append(b)
    ratio = median(a.per_s / b.per_s for (a, _), (b, _) in zip(ours, bare, strict=True))
    figure = Figure(
        f"{row.name}, {CONNECTIONS} connections",
        _told(ours),
        f"{_told(bare)}: {NAMED}",
        ratio,
        f"ratio >= {row.at_least:g}",
        ratio >= row.at_least,
    )
    per_s = median(loaded.per_s for loaded, _ in ours)
    return figure, per_s, sum(loaded.errors for loaded, _ in ours)


def _told(rounds: Sequence[tuple[Loaded, float]]) -> str:
    """The processor's time as well: it says more than throughput on a machine that is busy."""
    per_s = median(loaded.per_s for loaded, _ in rounds)
    return f"{per_s:.0f}/s ({median(cpu for _, cpu in rounds) * 1e6:.0f} us of processor each)"


@contextmanager
def _pair(redis: RedisServer) -> Generator[Pair]:
    """Our server with a job that waits and one that has ended, and a bare one with their bytes."""
    with (
        TemporaryDirectory() as folder,
        serving("bench.served", f"{folder}/data", REDIS_URL=redis.url) as (ours, told),
        serving("bench.bare_redis", redis.url) as (bare, bare_port),
    ):
        port, waiting = told.split()
        client = Client(int(port))
        finished = client.storyboard(*source(0))[0]
        rows = [
            Row("pending", "pending poll", f"/storyboard/jobs/{waiting}", 1.0),
            Row("finished", "finished poll", finished, 2.0),
            Row("picture", "picture", f"{finished}/image", 2.0),
        ]
        kept: list[Row] = []
        with redis.client() as plain:
            for row in rows:
                body = client.get(row.path)
                plain.set(row.key, body)
                name = f"{row.name} ({len(body) / 1024:.1f} KiB)"
                kept.append(Row(row.key, name, row.path, row.at_least))
        yield Pair(Server(ours.pid, int(port)), Server(bare.pid, int(bare_port)), kept)
