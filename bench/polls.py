"""Polls of a finished and of a pending job, against a bare route that returns the same bytes."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.client import Client
from bench.figures import Figure, Times, compared
from bench.processes import serving
from bench.sources import source

ROUNDS = 40
POLLS = 50
AT_MOST = 1.5


def polls() -> Iterator[Figure]:
    with TemporaryDirectory() as folder, serving("bench.served", f"{folder}/data") as (_, told):
        port, waiting = told.split()
        ours = Client(int(port))
        paths = {
            "finished": ours.storyboard(*source(0))[0],
            "pending": f"/storyboard/jobs/{waiting}",
        }
        files = [Path(folder) / f"{name}.json" for name in paths]
        for file, path in zip(files, paths.values(), strict=True):
            file.write_bytes(ours.get(path))
        with serving("bench.bare", *files) as (_, bare_port):
            ours, bare = Client(int(port)), Client(int(bare_port))
            for (name, path), file in zip(paths.items(), files, strict=True):
                yield compared(
                    f"poll a {name} job ({file.stat().st_size / 1024:.0f} KiB)",
                    *_interleaved(ours, path, bare, f"/bare/{name}"),
                    named="a bare FastAPI route",
                    at_most=AT_MOST,
                )


def _interleaved(ours: Client, path: str, bare: Client, bare_path: str) -> tuple[Times, Times]:
    """Both in turn, so that a busy moment of the machine falls on both."""
    first: list[float] = []
    second: list[float] = []
    for number in range(ROUNDS + 1):
        a = [ours.timed(path) for _ in range(POLLS)]
        b = [bare.timed(bare_path) for _ in range(POLLS)]
        if number:  # the first round warms both up
            first += a
            second += b
    return Times(first), Times(second)
