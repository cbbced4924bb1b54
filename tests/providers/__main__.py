"""Serve the fake providers on their own, and print where: `python -m tests.providers --port 0`."""

import argparse
import socket

import uvicorn

from tests.providers.app import create_app
from tests.providers.books import Books


class _Telling(uvicorn.Server):
    """Prints its address once it can be reached: who started it reads that."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port, *_ = self.servers[0].sockets[0].getsockname()
        print(f"http://{host}:{port}", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description="Fake model providers.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every answer")
    chosen = parser.parse_args()
    app = create_app(Books(chosen.latency))
    config = uvicorn.Config(
        app, host=chosen.host, port=chosen.port, log_config=None, log_level="critical"
    )
    _Telling(config).run()


if __name__ == "__main__":
    main()
