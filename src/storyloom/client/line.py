"""The line to a server: one way for every operation to be asked, tried again, read and refused."""

import re
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast
from urllib.parse import quote
from uuid import uuid4

import anyio
import httpx2
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json

from storyloom.client.errors import ApiError, InFlight, NoServer, error_of
from storyloom.client.forms import Form
from storyloom.client.known import Answer, Known
from storyloom.client.operations import ANY, JSON, Operation
from storyloom.client.patience import Patience
from storyloom.client.refusals import refusal_of
from storyloom.errors import (
    BadAnswer,
    InvalidInput,
    StoryloomError,
    TimedOut,
    Unreachable,
)
from storyloom.kit.organisations import ORG_LABEL

CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 30.0
#: Three heartbeats of a stream.
STREAM_TIMEOUT_S = 45.0
_LAST_PORT = 65535
_PASSING = frozenset({429, 503})
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
Names = Mapping[str, object]
Body = BaseModel | Mapping[str, object] | Form | bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that is read as it comes: a file, or a stream."""

    operation: Operation[bytes]
    names: Names = field(default_factory=dict[str, object])
    query: Names = field(default_factory=dict[str, object])


class Line:
    """Asks operations of one server, for one organisation."""

    def __init__(self, http: httpx2.AsyncClient, url: str, patience: Patience) -> None:
        """Take an open client, the address for error messages, and how long to go on trying."""
        self.http = http
        self.url = url
        self.patience = patience
        self._known = Known()

    async def ask(self, operation: Operation[T], names: Names | None = None, **more: Any) -> T:
        """What the operation answers; `more` is what `send` takes. Raises as it does."""
        return self.read(operation, await self.send(operation, names, **more))

    async def ask_tagged(
        self, operation: Operation[M], names: Names | None = None, **more: Any
    ) -> M:
        """The same, with the `ETag` of the answer in its `etag`."""
        response = await self.send(operation, names, **more)
        etag = response.headers.get("ETag", "")
        return self.read(operation, response).model_copy(update={"etag": etag})

    async def send(
        self,
        operation: Operation[Any],
        names: Names | None = None,
        *,
        query: Names | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
    ) -> httpx2.Response:
        """The answer, when it is a good one.

        Raises `ApiError` for what is refused, `Unreachable` and `TimedOut` where nothing is answered,
        and `BadAnswer` where something else than Storyloom does.
        """
        request = self._request(operation, names or {}, query or {}, body)
        request.headers.update(headers or {})
        if timeout_s is not None:
            request.extensions["timeout"] = _timeout(timeout_s)
        known = self._known.asked(request)
        attempt, spent_s = 1, 0.0
        while True:
            try:
                return await self._tried(operation, request, known)
            except StoryloomError as fault:
                wait_s = None
                if _may_pass(fault):
                    asked_s = getattr(fault, "retry_after_s", None)
                    wait_s = self.patience.wait_s(attempt, asked_s, spent_s)
                if wait_s is None:
                    raise
            await anyio.sleep(wait_s)
            attempt, spent_s = attempt + 1, spent_s + wait_s

    async def fetch(self, link: str) -> bytes:
        """The file that an answer names; raises as `send` does, and `BadAnswer` for other servers.

        The key goes to this server alone, whatever it names.
        """
        if not link.startswith("/") or link.startswith("//"):
            raise BadAnswer(f"{self.url} names a file at another server.")
        path = link.replace("{", "%7B").replace("}", "%7D")
        return await self.ask(Operation("GET", path, bytes, ANY))

    @asynccontextmanager
    async def stream(
        self, wanted: Wanted, headers: Mapping[str, str] | None = None
    ) -> AsyncGenerator[httpx2.Response]:
        """An answer that is read as it comes; raises as `send` does, and tries once."""
        request = self._request(wanted.operation, wanted.names, wanted.query, None)
        request.headers.update(headers or {})
        request.extensions["timeout"] = _timeout(STREAM_TIMEOUT_S)
        with self._told():
            response = await self.http.send(request, stream=True)
        try:
            with self._told():
                if not response.is_success:
                    await response.aread()
                    raise self.refused(response)
                yield response
        finally:
            await response.aclose()

    def url_of(self, path: str, query: Names) -> httpx2.URL:
        """The whole address of a path at the server."""
        return self.http.build_request("GET", path, params=_params(query)).url

    def read(self, operation: Operation[T], response: httpx2.Response) -> T:
        """The answer as its model; raises `BadAnswer`."""
        if operation.answer is bytes:
            return cast("T", response.content)
        if operation.answer is type(None):
            return cast("T", None)
        try:
            return TypeAdapter(operation.answer).validate_json(response.content)
        except ValidationError as fault:
            raise self.stranger() from fault

    def stranger(self) -> BadAnswer:
        """The error of an answer that is not ours."""
        return BadAnswer(f"What answers at {self.url} is not a Storyloom server.")

    def _request(
        self, operation: Operation[Any], names: Names, query: Names, body: Body | None
    ) -> httpx2.Request:
        path = operation.path.format_map({k: quote(str(v), safe="") for k, v in names.items()})
        headers = {"Accept": operation.accept}
        if operation.method == "POST":
            headers["Idempotency-Key"] = uuid4().hex  # the same for all attempts
        content = None
        if isinstance(body, Form):
            headers |= {"Content-Type": body.content_type, "Content-Length": str(body.length)}
            content = body
        elif body is not None:
            headers["Content-Type"] = JSON
            content = body if isinstance(body, bytes) else to_json(body, by_alias=True)
        return self.http.build_request(
            operation.method, path, params=_params(query), headers=headers, content=content
        )

    async def _tried(
        self, operation: Operation[Any], request: httpx2.Request, known: Answer | None
    ) -> httpx2.Response:
        with self._told():
            response = await self.http.send(request)
        response = self._known.whole(request, response, known)
        if response.is_success or response.status_code == operation.also:
            return response
        raise self.refused(response)

    def refused(self, response: httpx2.Response) -> StoryloomError:
        """The error that a response tells of."""
        refusal = refusal_of(response)
        if refusal is None:
            return BadAnswer(
                f"{self.url} answered with the status {response.status_code}, and not like a "
                "Storyloom server."
            )
        return error_of(refusal)

    @contextmanager
    def _told(self) -> Generator[None]:
        """Raise the library's faults as ours."""
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as fault:
            raise NoServer(
                f"There is no server at {self.url} ({str(fault) or 'no answer'}).",
                system="server",
            ) from fault
        except httpx2.TimeoutException as fault:
            raise TimedOut(
                f"The server at {self.url} took longer than {_read_s(fault):g} seconds.",
                system="server",
            ) from fault
        except httpx2.RequestError as fault:
            raise Unreachable(
                f"The connection to {self.url} broke: {type(fault).__name__}.", system="server"
            ) from fault


def address(url: str) -> httpx2.URL:
    """The address of a server; raises `InvalidInput` for what is none."""
    try:
        read = httpx2.URL(url)
    except httpx2.InvalidURL:
        read = httpx2.URL()
    if read.scheme in {"http", "https"} and read.host and (read.port or 0) <= _LAST_PORT:
        return read
    raise InvalidInput(f"{url}: write an address such as http://127.0.0.1:8000")


def new_http(url: str, *, key: str | None, org: str | None) -> httpx2.AsyncClient:
    """A client of the library. Certificates are read from the disk here.

    Raises `InvalidInput` for what no header can say.
    """
    timeout = httpx2.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    headers: dict[str, str] = {}
    if org is not None:
        if not re.fullmatch(ORG_LABEL, org):
            raise InvalidInput(
                f"{org!r} names no organisation: ASCII letters, digits and signs do", loc=("org",)
            )
        headers["X-Org-ID"] = org
    if key is not None:
        if not (key.isascii() and key.isprintable()):
            raise InvalidInput(
                "The key has a character that no key has: copy it again, as it was shown"
            )
        headers["Authorization"] = f"Bearer {key}"
    return httpx2.AsyncClient(base_url=address(url), headers=headers, timeout=timeout)


def _timeout(answer_s: float) -> dict[str, float | None]:
    return httpx2.Timeout(answer_s, connect=CONNECT_TIMEOUT_S).as_dict()


def _read_s(fault: httpx2.TimeoutException) -> float:
    timeout: Mapping[str, float] = fault.request.extensions["timeout"]
    return timeout["read"]


def _may_pass(fault: StoryloomError) -> bool:
    """Whether the same request may do later. What took too long would do so again."""
    if isinstance(fault, ApiError):
        return fault.status in _PASSING or isinstance(fault, InFlight)
    return isinstance(fault, Unreachable)


def _params(query: Names) -> dict[str, Any] | None:
    return {name: _written(value) for name, value in query.items() if value is not None} or None


def _written(value: object) -> Any:
    """As a query has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return value
    return [str(one) for one in cast("Iterable[object]", value)]
