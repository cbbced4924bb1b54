"""The fake providers, served: in a thread of this process, or in a process of their own."""

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Protocol
from uuid import uuid4

import uvicorn

from tests.providers.app import create_app, from_json
from tests.providers.books import Books, Kind, Seen, Step

START_LIMIT_S = 60


class Desk(Protocol):
    """What steers the providers; see `Books`. Python functions as steps work in threads only."""

    def script(self, key: str, steps: Iterable[Step], kind: Kind | None = None) -> None: ...
    def always(self, key: str, step: Step, kind: Kind | None = None) -> None: ...
    def latency(self, key: str, seconds: float) -> None: ...
    def seen(self, key: str) -> list[Seen]: ...
    def charges(self, key: str) -> dict[Kind, int]: ...
    def forget(self, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Providers:
    """Where each provider is reached, and how it is steered."""

    url: str
    desk: Desk

    @property
    def google(self) -> str:
        return f"{self.url}/gemini"

    @property
    def openai(self) -> str:
        return f"{self.url}/openai/v1"

    @property
    def anthropic(self) -> str:
        return f"{self.url}/anthropic"

    @staticmethod
    def new_key() -> str:
        """An API key that nobody else uses."""
        return f"key-{uuid4().hex}"

    def script(self, key: str, *steps: Step, kind: Kind | None = None) -> None:
        self.desk.script(key, steps, kind)

    def always(self, key: str, step: Step, *, kind: Kind | None = None) -> None:
        self.desk.always(key, step, kind)

    def latency(self, key: str, seconds: float) -> None:
        self.desk.latency(key, seconds)

    def seen(self, key: str) -> list[Seen]:
        """The requests with this key, oldest first."""
        return self.desk.seen(key)

    def charges(self, key: str) -> dict[Kind, int]:
        """How many answers a provider would have billed to this key: `text` and `picture`."""
        return self.desk.charges(key)

    def settings(self, key: str) -> dict[str, str]:
        """The environment that leads a Storyloom here, with this key for Gemini."""
        return {
            "GOOGLE_API_KEY": key,
            "GOOGLE_GEMINI_BASE_URL": self.google,
            "OPENAI_BASE_URL": self.openai,
            "ANTHROPIC_BASE_URL": self.anthropic,
            "OLLAMA_BASE_URL": self.openai,
        }


@contextmanager
def providers_in_thread() -> Generator[Providers]:
    """Serve in a thread, where steps may be Python functions."""
    books = Books()
    config = uvicorn.Config(create_app(books), port=0, log_config=None, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="fake providers", daemon=True)
    thread.start()
    end = monotonic() + START_LIMIT_S
    while not server.started:
        assert thread.is_alive()
        assert monotonic() < end
        sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Providers(f"http://127.0.0.1:{port}", books)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(timeout=10)


@contextmanager
def providers_in_process(latency_s: float = 0.0) -> Generator[Providers]:
    """Serve in a process, which counts on when the processes of the product are killed."""
    arguments = ["-m", "tests.providers", "--latency", str(latency_s)]
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().decode().strip()
        assert url.startswith("http"), "the fake providers did not start"
        yield Providers(url, RemoteDesk(url))
    finally:
        process.kill()
        process.wait(timeout=30)
        process.stdout.close()


class RemoteDesk:
    """Steers providers in another process."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/__ctl"

    def script(self, key: str, steps: Iterable[Step], kind: Kind | None = None) -> None:
        self._post(f"script/{key}", kind, list(steps))

    def always(self, key: str, step: Step, kind: Kind | None = None) -> None:
        self._post(f"always/{key}", kind, step)

    def latency(self, key: str, seconds: float) -> None:
        self._call(f"latency/{key}?seconds={seconds}", b"")

    def seen(self, key: str) -> list[Seen]:
        return [from_json(one) for one in self._call(f"seen/{key}")]

    def charges(self, key: str) -> dict[Kind, int]:
        return self._call(f"charges/{key}")

    def forget(self, key: str) -> None:
        self._call(f"forget/{key}", b"")

    def _post(self, path: str, kind: Kind | None, body: object) -> None:
        self._call(f"{path}?kind={kind}" if kind else path, json.dumps(body).encode())

    def _call(self, path: str, body: bytes | None = None) -> Any:
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self._url}/{path}", body, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)
