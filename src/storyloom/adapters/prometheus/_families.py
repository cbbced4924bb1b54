"""The figures as metric families: names, labels and help."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import TypeVar

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)

from storyloom.adapters.prometheus._readings import Reading
from storyloom.adapters.prometheus._sources import HotCounts, Sockets, Sources
from storyloom.jobs.meter import Meter
from storyloom.kit.timings import Timings


def families(sources: Sources) -> Iterator[Metric]:
    """All of them, as they are now. They are always the same ones, so that panels find them."""
    yield _build()
    yield from _of_requests(sources.requests)
    yield from _of_sockets(sources.sockets)
    yield from _of_jobs(sources.meter)
    yield from _of_hot_state(sources.hot)
    yield _archived(sources)
    yield from _of_queues(sources)
    yield from _single(sources)
    yield _ages(sources)


def _build() -> Metric:
    return _gauge(
        "build_info", "The version that runs", ["version"], [((version("storyloom"),), 1)]
    )


def _of_requests(requests: Timings) -> Iterator[Metric]:
    yield _histogram(
        "http_request_duration_seconds",
        "Requests answered by this process",
        ["method", "route", "status"],
        requests,
    )


def _of_sockets(sockets: Sockets) -> Iterator[Metric]:
    yield _gauge(
        "websockets_open",
        "WebSockets that are open in this process now",
        ["route"],
        [((route,), number) for route, number in list(sockets.now.items())],
    )
    yield _histogram(
        "websocket_duration_seconds",
        "WebSockets closed in this process, by the code that each was closed with",
        ["route", "code"],
        sockets.closed,
    )


def _of_jobs(meter: Meter) -> Iterator[Metric]:
    accepted = [((kind,), n) for kind, n in list(meter.accepted.items())]
    yield _counter("jobs_accepted", "Jobs accepted by this process", ["job_type"], accepted)
    yield _histogram(
        "job_duration_seconds",
        "Jobs whose end this process wrote, from their begin",
        ["job_type", "status"],
        meter.jobs,
    )
    yield _histogram(
        "step_duration_seconds",
        "Steps run by this process; the outcome is ok or the code of the error",
        ["step", "outcome"],
        meter.steps,
    )
    yield _gauge("jobs_running", "Jobs that run in this process now", [], [((), meter.running)])
    yield _gauge(
        "jobs_running_peak",
        "The most jobs that have run in this process at the same time",
        [],
        [((), meter.peak)],
    )
    mended = [((how,), meter.mended[how]) for how in ("started", "failed")]
    stuck = [((), meter.stuck)]
    yield _gauge("jobs_stuck", "Open jobs that make no progress, by the watchdog", [], stuck)
    yield _counter("jobs_mended", "Lost jobs that the reconciler mended", ["how"], mended)


def _of_hot_state(hot: HotCounts | None) -> Iterator[Metric]:
    reads = {"hit": hot.hits, "miss": hot.misses, "fault": hot.faults} if hot else {}
    yield _counter(
        "hot_reads",
        "Polls by how hot state answered",
        ["result"],
        [((result,), number) for result, number in reads.items()],
    )
    yield _counter(
        "hot_outdated",
        "Answers of hot state that the archive proved wrong",
        [],
        [((), hot.outdated)] if hot else [],
    )


def _archived(sources: Sources) -> Metric:
    counts = _value(sources.jobs) or ()
    return _gauge(
        "jobs",
        "Jobs in the archive",
        ["job_type", "status"],
        [((c.job_type, c.status.value), c.count) for c in counts],
    )


def _of_queues(sources: Sources) -> Iterator[Metric]:
    depths = _value(sources.queues) or ()
    jobs = [((q.name, "waiting"), q.waiting) for q in depths]
    jobs += [((q.name, "running"), q.running) for q in depths]
    yield _gauge("queue_jobs", "Jobs in each queue", ["queue", "state"], jobs)
    yield _gauge(
        "queue_oldest_wait_seconds",
        "How long the oldest job of each queue has waited",
        ["queue"],
        [((q.name,), q.oldest_wait_s) for q in depths],
    )


def _single(sources: Sources) -> Iterator[Metric]:
    for name, help_, reading in (
        ("archive_size_bytes", "The room that the archive takes", sources.archive_bytes),
        ("redis_memory_bytes", "The memory that Redis uses", sources.memory_bytes),
        ("workers_alive", "Workers that beat", sources.workers),
    ):
        value = _value(reading)
        yield _gauge(name, help_, [], [] if value is None else [((), value)])


def _ages(sources: Sources) -> Metric:
    ages = [((r.name,), age) for r in sources.readings if (age := r.age_s) is not None]
    return _gauge("reading_age_seconds", "How old a figure is that all share", ["reading"], ages)


T = TypeVar("T")
Samples = Sequence[tuple[Sequence[str], float]]


def _value(reading: Reading[T] | None) -> T | None:
    return None if reading is None else reading.value


def _gauge(name: str, help_: str, labels: Sequence[str], samples: Samples) -> Metric:
    family = GaugeMetricFamily(f"storyloom_{name}", help_, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _counter(name: str, help_: str, labels: Sequence[str], samples: Samples) -> Metric:
    family = CounterMetricFamily(f"storyloom_{name}", help_, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def _histogram(name: str, help_: str, labels: Sequence[str], timings: Timings) -> Metric:
    family = HistogramMetricFamily(f"storyloom_{name}", help_, labels=labels)
    bounds = [*(f"{bound:g}" for bound in timings.bounds_s), "+Inf"]
    for took in timings.read():
        family.add_metric(took.labels, list(zip(bounds, took.cumulative, strict=True)), took.sum_s)
    return family
