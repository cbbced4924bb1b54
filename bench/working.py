"""A worker, started as people do, which says so before it begins: its jobs wait for it."""

from bench.processes import READY
from storyloom.cli.working import work
from storyloom.settings import Settings

if __name__ == "__main__":
    print(READY, flush=True)
    work(Settings.load())
