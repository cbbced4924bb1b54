"""What nvidia-smi printed, as figures."""

import re
from collections.abc import Iterator, Mapping, Sequence

from storyloom.gpu.schemas import Gpu

# The document's own fields come last, so that an answer to its query and to ours read alike: names
# may hold commas.
DOCUMENTED = ("utilization.gpu", "memory.used", "memory.total", "temperature.gpu", "count")
ASKED = ("index", "uuid", "name", *DOCUMENTED)
ASKED_OF_PROGRAMS = ("gpu_uuid", "pid", "used_memory")
# `45`, and `45 %` or `8192 MiB` where units were not left out.
_FIGURE = re.compile(r"(\d{1,15})(?:\.\d*)?(?: ?(?:%|MiB|C))?")
_PID = re.compile(r"\d{1,10}")
_UUID = re.compile(r"(?:GPU|MIG)-[0-9A-Za-z/-]{1,80}")
# `[N/A]`, `[Not Supported]`, `[GPU is lost]`; older drivers leave the brackets out.
_MARK = re.compile(r"\[[^\]]{1,80}\]|N/A")
# With one of these in any cell nothing can be computed on it.
_BROKEN = re.compile(r"lost|requires reset", re.IGNORECASE)
_NOT_TOLD = frozenset({"N/A", "Not Supported"})
_NAME_LENGTH = 200


def gpus_of(printed: str) -> tuple[Gpu, ...]:
    """The GPUs, one for each row that is one; headings and warnings are no rows."""
    return tuple(_gpu(cells) for cells in _rows(printed) if _is_gpu(cells))


def programs_of(printed: str) -> Mapping[str, frozenset[int]]:
    """The process ids by the GPU's uuid. One that uses two GPUs is in both."""
    found: dict[str, frozenset[int]] = {}
    for uuid, *cells in _rows(printed):
        if _UUID.fullmatch(uuid) and cells and _PID.fullmatch(cells[0]):
            found[uuid] = found.get(uuid, frozenset()) | {int(cells[0])}
    return found


def _rows(printed: str) -> Iterator[Sequence[str]]:
    # It quotes nothing, so a name with a comma is several cells.
    for line in printed.splitlines():
        yield [cell.strip() for cell in line.split(",")]


def _is_gpu(cells: Sequence[str]) -> bool:
    return len(cells) >= len(DOCUMENTED) and all(
        _FIGURE.fullmatch(cell) or _MARK.fullmatch(cell) for cell in cells[-len(DOCUMENTED) :]
    )


def _gpu(cells: Sequence[str]) -> Gpu:
    figures = cells[-len(DOCUMENTED) : -1]
    index, uuid, *name = [*cells[: -len(DOCUMENTED)], "", ""]
    utilization, used, total, temperature = map(_figure, figures)
    return Gpu(
        index=_figure(index),
        uuid=uuid if _UUID.fullmatch(uuid) else None,
        name=", ".join(filter(None, name))[:_NAME_LENGTH] or None,
        utilization=utilization,
        memory_used=used,
        memory_total=total,
        temperature=temperature,
        error=_fault(figures),
    )


def _figure(cell: str) -> int | None:
    found = _FIGURE.fullmatch(cell)
    return None if found is None else int(found[1])


def _fault(figures: Sequence[str]) -> str | None:
    """Why it cannot be used: it says that it is broken, or nothing but errors.

    One that tells no figures because it has none, as some with shared memory do, works.
    """
    marks = [cell.strip("[]") for cell in figures if _figure(cell) is None]
    broken = next((mark for mark in marks if _BROKEN.search(mark)), None)
    if broken is not None or len(marks) < len(figures):
        return broken
    return next((mark for mark in marks if mark not in _NOT_TOLD), None)
