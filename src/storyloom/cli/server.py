"""A running server, asked by the client; its errors in the words of the command line."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, cast

import httpx2

from storyloom.cli.wording import sentence_of
from storyloom.client import operations as ops
from storyloom.client.clients import Verbs
from storyloom.client.errors import ApiError, NoServer
from storyloom.client.faces import Awaited
from storyloom.client.line import Line, Names, address, new_http
from storyloom.client.operations import Operation
from storyloom.client.patience import ONCE, Patience
from storyloom.client.refusals import retry_after_of
from storyloom.errors import InvalidInput, NotAuthenticated, StoryloomError, Unavailable
from storyloom.jobs.schemas import JobStatus, JobSummary
from storyloom.settings import Settings
from storyloom.storyboard.schemas import BoardFile, JobView

_ASKED_TO_WAIT_AT_MOST_S = 30.0
_PATIENCE_S = 1.0
_NO_KEY = (
    "A key is needed: set STORYLOOM_KEY to yours, as in `export STORYLOOM_KEY=sl_...`; "
    "`storyloom keys create NAME` makes one where the server runs."
)


class Server:
    """The client of a server, as `api` and `patient`, and what the command line alone needs."""

    def __init__(self, client: httpx2.AsyncClient, url: str) -> None:
        """Take an open client of the HTTP library, and the address for error messages."""
        self._line = _Line(client, url, ONCE)
        self.api = Verbs(self._line, Awaited())
        # A request is asked once, and its error told; what is followed has to outlast broken lines.
        self.patient = Verbs(_Line(client, url, Patience()), Awaited())

    async def job(self, job_id: str) -> tuple[JobView, float]:
        """Where the job is now, and the seconds to wait before asking again."""
        response = await self._line.send(ops.GET_BOARD, {"job_id": job_id})
        asked_s = retry_after_of(response)
        wait_s = _PATIENCE_S if asked_s is None else min(asked_s, _ASKED_TO_WAIT_AT_MOST_S)
        return self._line.read(ops.GET_BOARD, response), wait_s

    async def image(self, job_id: str, kind: BoardFile) -> bytes:
        """The finished picture, as a file of this kind."""
        return await self.api.storyboards.image(job_id, kind)

    async def newest(self, limit: int, status: str | None) -> Sequence[JobSummary]:
        """The newest jobs."""
        wanted = None if status is None else JobStatus(status)
        return (await self.api.storyboards.list(limit=limit, status=wanted)).jobs

    async def told(
        self, operation: Operation[Any], names: Names | None = None, **more: Any
    ) -> dict[str, Any]:
        """What an operation answers, as it came; `more` is what `Line.send` takes."""
        return self._object(await self._line.send(operation, names, **more))

    async def told_tagged(
        self, operation: Operation[Any], names: Names | None = None, **more: Any
    ) -> dict[str, Any]:
        """The same, with the `ETag` that it came with as its `etag`."""
        response = await self._line.send(operation, names, **more)
        return self._object(response) | {"etag": response.headers.get("ETag", "")}

    def _object(self, response: httpx2.Response) -> dict[str, Any]:
        try:
            value: object = response.json()
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise self._line.stranger()
        return cast("dict[str, Any]", value)


class _Line(Line):
    """Names options where the server names fields, and says what to do where there is none."""

    async def send(
        self, operation: Operation[Any], names: Names | None = None, **more: Any
    ) -> httpx2.Response:
        """As the client does."""
        try:
            return await super().send(operation, names, **more)
        except NoServer as fault:
            raise Unavailable(
                f"{fault.message} Start one with `storyloom serve`, or leave --server out.",
                system="server",
            ) from fault
        except ApiError as fault:
            if not fault.fields:
                raise
            found = (InvalidInput(one.says, loc=one.loc) for one in fault.fields)
            raise InvalidInput("; ".join(map(sentence_of, found))) from fault

    def refused(self, response: httpx2.Response) -> StoryloomError:
        """As the client does; a server tells programs how a key is sent, and people set it."""
        fault = super().refused(response)
        if isinstance(fault, NotAuthenticated) and "Authorization" not in self.http.headers:
            return NotAuthenticated(_NO_KEY)
        return fault


def open_server(url: str, org: str | None) -> AbstractAsyncContextManager[Server]:
    """Open a client; nothing is sent yet. Raises `InvalidInput` for what is no address, or no key.

    Call it outside the event loop: certificates are read from the disk. The key comes from the
    settings and not from an option: options can be seen by everybody on the machine.
    """
    key = Settings.load().key
    secret = None if key is None else key.get_secret_value()
    try:
        address(url)
    except InvalidInput as fault:
        raise InvalidInput(f"--server {fault.message}") from fault
    return _closing(new_http(url, key=secret, org=org), url)


@asynccontextmanager
async def _closing(client: httpx2.AsyncClient, url: str) -> AsyncGenerator[Server]:
    async with client:
        yield Server(client, url)
