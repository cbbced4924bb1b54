"""A client that keeps its connection, and costs as little as one can."""

import json
from http.client import HTTPConnection
from time import perf_counter, sleep
from typing import Any

POLL_EVERY_S = 0.02  # far more often than clients do; still, each poll takes its time from the job


class Client:
    """One connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path)
        return self._connection.getresponse().read()

    def post(self, path: str, body: dict[str, object]) -> Any:
        sent = json.dumps(body)
        self._connection.request("POST", path, sent, {"Content-Type": "application/json"})
        return json.loads(self._connection.getresponse().read())

    def timed(self, path: str) -> float:
        """How long one GET takes."""
        started = perf_counter()
        self.get(path)
        return perf_counter() - started

    def storyboard(self, name: str, text: str) -> tuple[str, float]:
        """Submit a code file and poll it to its end: the poll's address, and the seconds."""
        started = perf_counter()
        path = self.post("/storyboard/code", {"file_name": name, "file_content": text})["poll_url"]
        while True:
            job = self.get(path)
            # The status comes first in the answer; the picture in it need not be parsed.
            if b'"status":"completed"' in job[:200]:
                return path, perf_counter() - started
            if b'"status":"failed"' in job[:200]:
                raise SystemExit(f"A job failed: {job[:1000].decode()}")
            sleep(POLL_EVERY_S)
