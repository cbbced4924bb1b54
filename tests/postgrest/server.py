"""A Supabase project for tests: PostgREST's manners over HTTP, and a real PostgreSQL behind them.

It was written from the documentation of PostgREST 12 to 14 and of Supabase's gateway. It covers what
the job archive uses, and refuses the rest with PostgREST's own errors rather than guess:

- GET, HEAD, POST, PATCH and DELETE on tables and views of the schema `public`;
- `select` (columns, `*`, aliases), `order`, `limit`, `offset`, at most 1000 rows;
- JSON paths in `select` (with an alias) and in filters; a flat `or`;
- the filters eq, neq, gt, gte, lt, lte, like, ilike, in, is, and `not.` before each of them;
- `Prefer: return=…`, `count=exact`, `resolution=…-duplicates` with `on_conflict`, and
  `Preference-Applied`; `Content-Range`; one object by `Accept: application/vnd.pgrst.object+json`;
- `Accept-Profile` and `Content-Profile`; the gateway's `apikey`; tokens with a role, and row level
  security for `anon`;
- error bodies and their statuses, from PostgreSQL's SQLSTATE or PostgREST's own codes.

It does not cover embedding, casts, `and`, nested `or`, functions, PUT, CSV, the `Range` header, and
`columns` beyond taking it. PostgREST's way of caching a schema is left out: a new table is there at once.
"""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.postgrest.api import Seen, Sent, answer
from tests.postgrest.faults import Cuts, Fault, Hangs, Says

HANG_LIMIT_S = 30


class Project:
    """The project: where it is, what it is to do next, and what it was asked."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.url = ""
        self.seen: list[Seen] = []
        #: what it does with every request, or with those that are chosen, until it is over
        self.spell: Fault | Callable[[Seen], Fault | None] | None = None
        self._next: list[Fault | None] = []
        self._let_go = threading.Event()

    def will(self, *faults: Fault | None) -> None:
        """Do these with the next requests, one each; None is a good answer."""
        self._next += faults

    def let_go(self) -> None:
        """Let every request go on that hangs."""
        self._let_go.set()

    def fault(self, seen: Seen) -> Fault | None:
        if self._next:
            return self._next.pop(0)
        return self.spell(seen) if callable(self.spell) else self.spell

    def hang(self) -> None:
        self._let_go.wait(HANG_LIMIT_S)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    project: Project

    def handle_one_request(self) -> None:
        # A client that goes away in the middle is what some tests are about.
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        seen = Seen(self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.project.seen.append(seen)
        fault = self.project.fault(seen)
        if isinstance(fault, Says):
            self._send(Sent(fault.status, fault.body, fault.headers))
        elif fault in (Cuts.BEFORE, Hangs.BEFORE):
            self._break(fault)
        else:
            sent = answer(self.project.database, seen)
            if fault is None:
                self._send(sent)
            else:
                self._break(fault)

    do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815 - their names

    def _break(self, fault: Fault) -> None:
        if isinstance(fault, Hangs):
            self.project.hang()
        self.close_connection = True

    def _send(self, sent: Sent) -> None:
        self.send_response(sent.status)
        for name, value in sent.headers.items():
            self.send_header(name, value)
        if sent.status != 204:
            self.send_header("Content-Length", str(len(sent.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(sent.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


@contextmanager
def supabase_running(database: str) -> Generator[Project]:
    """A project whose rows lie in this database."""
    project = Project(database)
    handler = type("Handler", (_Handler,), {"project": project})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    project.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield project
    finally:
        project.let_go()
        server.shutdown()
        thread.join()
        server.server_close()
