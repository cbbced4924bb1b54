"""What the fake providers are told to answer, what they were asked, and what they would bill.

Everything is kept by API key, so that tests which run at the same time do not see each other.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

Kind = Literal["text", "picture", "other"]
#: A fault or a manner by name (see `faults.py`), the answer itself as JSON, or a picture's bytes.
Reply = str | Mapping[str, Any] | bytes
ANY = "*"  #: stands for all keys that have no answer of their own
OK: Reply = "ok"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came over the wire. Of a form, `body` holds the fields and files."""

    key: str
    kind: Kind
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    raw: bytes
    body: Mapping[str, Any]


Step = Reply | Callable[[Seen], Reply]


@dataclass(slots=True)
class _Page:
    steps: dict[Kind | None, deque[Step]] = field(
        default_factory=lambda: defaultdict[Kind | None, deque[Step]](deque)
    )
    always: dict[Kind | None, Step] = field(default_factory=dict[Kind | None, Step])
    latency_s: float | None = None
    seen: list[Seen] = field(default_factory=list[Seen])
    charges: dict[Kind, int] = field(default_factory=lambda: {"text": 0, "picture": 0})


class Books:
    """One page for each key. The server's thread and the test's use it at the same time."""

    def __init__(self, latency_s: float = 0.0) -> None:
        self._pages: dict[str, _Page] = defaultdict(_Page)
        self._latency_s = latency_s
        self._lock = Lock()

    def script(self, key: str, steps: Iterable[Step], kind: Kind | None = None) -> None:
        """Answer with these, one after the other; for one kind of request, or for any."""
        with self._lock:
            self._pages[key].steps[kind] = deque(steps)

    def always(self, key: str, step: Step, kind: Kind | None = None) -> None:
        """Answer so when the script is over; `ANY` as a key stands for all others."""
        with self._lock:
            self._pages[key].always[kind] = step

    def latency(self, key: str, seconds: float) -> None:
        """Answer so many seconds later than usual."""
        with self._lock:
            self._pages[key].latency_s = seconds

    def latency_of(self, key: str) -> float:
        with self._lock:
            for latency_s in (self._pages[key].latency_s, self._pages[ANY].latency_s):
                if latency_s is not None:
                    return latency_s
        return self._latency_s

    def take(self, seen: Seen) -> Reply:
        """Write down the request, and give what it shall be answered with."""
        with self._lock:
            self._pages[seen.key].seen.append(seen)
            step = self._next(seen)
        return step(seen) if callable(step) else step

    def charge(self, key: str, kind: Kind) -> None:
        """Count an answer that the provider would bill."""
        with self._lock:
            self._pages[key].charges[kind] += 1

    def seen(self, key: str) -> list[Seen]:
        with self._lock:
            return list(self._pages[key].seen)

    def charges(self, key: str) -> dict[Kind, int]:
        with self._lock:
            return dict(self._pages[key].charges)

    def forget(self, key: str) -> None:
        with self._lock:
            self._pages.pop(key, None)

    def _next(self, seen: Seen) -> Step:
        page, others = self._pages[seen.key], self._pages[ANY]
        for kind in (seen.kind, None):
            if page.steps[kind]:
                return page.steps[kind].popleft()
        for always in (page.always, others.always):
            for kind in (seen.kind, None):
                if kind in always:
                    return always[kind]
        return OK
