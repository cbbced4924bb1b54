"""What a server costs that has worked and now waits."""

import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from bench.client import Client
from bench.figures import Figure, skipped
from bench.processes import cpu_seconds, resident_mib, storyloom_serve
from bench.sources import source

SETTLE_S = 3.0
WATCH_S = 20.0
MAX_CPU_PERCENT = 1.0
MAX_MIB = 250.0


def idle() -> Iterator[Figure]:
    if sys.platform != "linux":
        yield skipped("idle server", "it is measured through /proc")
        return
    with TemporaryDirectory() as folder, storyloom_serve(folder) as (process, port):
        fresh = resident_mib(process.pid)
        Client(port).storyboard(*source(0))
        sleep(SETTLE_S)
        started, before = perf_counter(), cpu_seconds(process.pid)
        sleep(WATCH_S)
        used = (cpu_seconds(process.pid) - before) / (perf_counter() - started) * 100
        mib = resident_mib(process.pid)
    yield Figure(
        f"idle server, processor over {WATCH_S:.0f} s",
        f"{used:.2f} % of a core",
        target=f"<= {MAX_CPU_PERCENT:g} %",
        is_met=used <= MAX_CPU_PERCENT,
    )
    yield Figure(
        "idle server, memory after one storyboard",
        f"{mib:.0f} MiB ({fresh:.0f} when started)",
        target=f"<= {MAX_MIB:.0f} MiB",
        is_met=mib <= MAX_MIB,
    )
