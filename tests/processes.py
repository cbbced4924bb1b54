"""Which processes and files there are, as Linux tells it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

LIMIT_S = 60.0


def group_of(leader: int) -> Sequence[int]:
    """The living processes of a group; zombies do not live."""
    return [pid for pid, _, group, state in _all() if group == leader and state != "Z"]


def descendants_of(pid: int, *, without: Iterable[int] = ()) -> Sequence[int]:
    """Its children, theirs, and so on; zombies too, for somebody has to collect them.

    Of those that are left out, theirs are as well.
    """
    everybody = list(_all())
    left_out = set(without)
    found, fresh = set[int](), {pid}
    while fresh:
        fresh = {child for child, parent, _, _ in everybody if parent in fresh} - found - left_out
        found |= fresh
    return sorted(found)


def is_alive(pid: int) -> bool:
    return any(one == pid and state != "Z" for one, _, _, state in _all())


def open_files() -> int:
    """How many file descriptors this process has."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def wait_until(what: Callable[[], object], within_s: float = LIMIT_S) -> None:
    end = monotonic() + within_s
    while not what():
        assert monotonic() < end, "it did not come about"
        sleep(0.01)


def _all() -> Iterator[tuple[int, int, int, str]]:
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name is in brackets, and may hold anything.
            state, parent, group = file.read_text("utf-8").rpartition(")")[2].split()[:3]
        except OSError:  # it has ended meanwhile
            continue
        yield int(file.parent.name), int(parent), int(group), state
