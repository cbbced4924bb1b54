"""How soon the command line answers."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from time import perf_counter

from bench.figures import Figure, Times, compared

ROUNDS = 15


def startup() -> Iterator[Figure]:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_timed(["-m", "storyloom", "--help"]))
        bare.append(_timed(["-c", "pass"]))
    yield compared("storyloom --help", Times(ours), Times(bare), named="python that does nothing")


def _timed(arguments: Sequence[str]) -> float:
    started = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603
    return perf_counter() - started
