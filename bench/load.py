"""Load from a process of its own: many connections that stay open, on this machine only.

It speaks just enough HTTP to cost less than the server that it measures.
"""

import json
import selectors
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter

_BUFFER = bytearray(1 << 20)
_HEAD = 2048
_LENGTH = b"\r\ncontent-length: "
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load has brought."""

    answers: int
    errors: int
    seconds: float
    latencies: Sequence[float]  #: sorted

    @property
    def per_s(self) -> float:
        return self.answers / self.seconds

    def quantile(self, share: float) -> float:
        return self.latencies[min(len(self.latencies) - 1, int(len(self.latencies) * share))]


def load(
    port: int, path: str, *, connections: int, seconds: float, rate: float | None = None
) -> Loaded:
    """As many requests as go, or so many in a second, spread evenly; each connection one at a time."""
    arguments = [str(port), path, str(connections), str(seconds), str(rate or 0)]
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.load", *arguments], capture_output=True, text=True, check=True
    )
    return Loaded(*json.loads(done.stdout))


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    asked_at: float = 0.0
    missing: int = 0  #: bytes of the answer that have not come yet; unknown when 0
    head: bytearray = field(default_factory=bytearray)

    def read(self) -> bool | None:
        """Whether the answer is a good one; None as long as it is not whole."""
        # The body is counted and thrown away in the kernel: copying it would cost more than sending it,
        # and a load that is slower than the server measures itself.
        if self.missing:
            got = self.socket.recv_into(_BUFFER, len(_BUFFER), socket.MSG_TRUNC)
        else:
            got = self.socket.recv_into(_BUFFER, _HEAD)
        if got == 0:
            return False
        if self.missing:
            self.missing -= got
        else:
            self.head += memoryview(_BUFFER)[:got]
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return None
            # A head without a length, as that of a 304, has no body.
            _, _, rest = bytes(self.head[:end]).lower().partition(_LENGTH)
            body = int(rest.partition(b"\r\n")[0] or 0)
            self.missing = end + 4 + body - len(self.head)
        return None if self.missing else self.head.startswith(b"HTTP/1.1 200")


class _Load:
    def __init__(self, port: int, path: str, connections: int) -> None:
        self._address = ("127.0.0.1", port)
        self._request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        # Others wait for whole milliseconds, which is long beside an answer.
        self._selector = selectors.SelectSelector()
        self._free = deque(self._connect() for _ in range(connections))
        self._busy = 0
        self.latencies: list[float] = []
        self.errors = 0

    def run(self, seconds: float, rate: float) -> float:
        started = perf_counter()
        end, sent = started + seconds, 0
        while (now := perf_counter()) < end:
            due = int((now - started) * rate) if rate else sent + len(self._free)
            while sent < due and self._free:
                # The clock of a request starts when it was due, also when it had to wait its turn.
                sent += 1
                self._ask(started + sent / rate if rate else perf_counter())
            wait = started + (sent + 1) / rate - perf_counter() if rate and self._free else 0.1
            self._listen(min(0.1, max(0.0, wait)))
        took = perf_counter() - started
        limit = perf_counter() + _PATIENCE_S
        while self._busy and perf_counter() < limit:
            self._listen(0.1)
        self.errors += self._busy
        return took

    def _connect(self) -> _Connection:
        connection = _Connection(socket.create_connection(self._address, timeout=_PATIENCE_S))
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        return connection

    def _ask(self, at: float) -> None:
        connection = self._free.popleft()
        connection.asked_at, connection.missing = at, 0
        connection.head.clear()
        connection.socket.sendall(self._request)
        self._busy += 1

    def _listen(self, wait_s: float) -> None:
        for key, _ in self._selector.select(wait_s):
            connection: _Connection = key.data
            is_good = connection.read()
            if is_good is None:
                continue
            self._busy -= 1
            self.errors += not is_good
            self.latencies.append(perf_counter() - connection.asked_at)
            self._free.append(connection)


def _main(port: str, path: str, connections: str, *, seconds: str, rate: str) -> None:
    it = _Load(int(port), path, int(connections))
    took = it.run(float(seconds), float(rate))
    answers = len(it.latencies) - it.errors
    print(json.dumps([answers, it.errors, took, sorted(it.latencies)]))


if __name__ == "__main__":
    _main(*sys.argv[1:4], seconds=sys.argv[4], rate=sys.argv[5])
