"""Who descends from whom, and who listens where. Everything here blocks for some milliseconds."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_LISTENS = "0A"


def parents(proc: Path) -> Mapping[int, int]:
    """The parent of each process that can be seen; empty where the system tells of none."""
    found: dict[int, int] = {}
    for file in proc.glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            # The name is in brackets, and may hold anything.
            fields = file.read_text("utf-8", "replace").rpartition(")")[2].split()
            found[int(file.parent.name)] = int(fields[1])
    return found


def tree(roots: frozenset[int], parents: Mapping[int, int]) -> frozenset[int]:
    """These processes with all that descend from them."""
    found = fresh = roots
    while fresh:
        fresh = frozenset(pid for pid, parent in parents.items() if parent in fresh) - found
        found |= fresh
    return found


def listeners(proc: Path, port: int) -> frozenset[int]:
    """The processes that listen on a port, as far as we may look into them."""
    sockets = {f"socket:[{inode}]" for inode in _listening(proc, port)}
    found: set[int] = set()
    for folder in proc.glob("[0-9]*/fd") if sockets else ():
        with suppress(OSError):  # it has ended meanwhile, or is another user's
            if any(_target(one) in sockets for one in folder.iterdir()):
                found.add(int(folder.parent.name))
    return frozenset(found)


def _listening(proc: Path, port: int) -> Iterator[str]:
    for name in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / name).read_text("ascii").splitlines()[1:]:
                _, local, _, state, *_, inode = line.split()[:10]
                if state == _LISTENS and int(local.rpartition(":")[2], 16) == port:
                    yield inode


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # it was closed meanwhile
        return ""
