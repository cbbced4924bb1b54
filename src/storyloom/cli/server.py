"""A running server, over HTTP."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar, cast
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from storyloom.boards.schemas import FileFormat
from storyloom.cli.wording import sentence_of
from storyloom.errors import (
    BadAnswer,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    StoryloomError,
    TimedOut,
    Unavailable,
)
from storyloom.jobs.schemas import JobSummary
from storyloom.settings import Settings
from storyloom.storyboard.schemas import JobAccepted, JobList, JobView
from storyloom.storyboard.spending import Spending

CONNECT_TIMEOUT_S = 5.0
ANSWER_TIMEOUT_S = 30.0
_ASKED_TO_WAIT_AT_MOST_S = 30.0
_PATIENCE_S = 1.0
_LAST_PORT = 65535
_FAULTS: Mapping[int, type[StoryloomError]] = {
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    413: InvalidInput,
    422: InvalidInput,
    429: RateLimited,
    503: Unavailable,
    504: TimedOut,
}
M = TypeVar("M", bound=BaseModel)


class Server:
    """The routes of a server that the command line uses."""

    def __init__(self, client: httpx2.AsyncClient, url: str) -> None:
        """Take an open client, and the address for error messages."""
        self._client = client
        self._url = url

    async def submit(self, path: str, body: Mapping[str, object]) -> JobAccepted:
        """Hand in a job."""
        return _read(JobAccepted, await self._ask("POST", path, json=body), self._url)

    async def job(self, job_id: str) -> tuple[JobView, float]:
        """Where the job is now, and the seconds to wait before asking again."""
        response = await self._ask("GET", f"/storyboard/jobs/{quote(job_id, safe='')}")
        return _read(JobView, response, self._url), _wait_of(response)

    async def image(self, job_id: str, file_format: FileFormat) -> bytes:
        """The finished picture."""
        path = f"/storyboard/jobs/{quote(job_id, safe='')}/image"
        return (await self._ask("GET", path, params={"format": file_format.value})).content

    async def file(self, path: str) -> bytes:
        """A file that an answer of the server names by its path; raises `BadAnswer` for others.

        The key goes to the server alone, whatever it names.
        """
        if not path.startswith("/") or path.startswith("//"):
            raise BadAnswer(f"{self._url} names a file at another server.")
        return (await self._ask("GET", path)).content

    async def newest(self, limit: int, status: str | None) -> Sequence[JobSummary]:
        """The newest jobs."""
        params = {"limit": str(limit)} | ({} if status is None else {"status": status})
        answer = await self._ask("GET", "/storyboard/jobs", params=params)
        return _read(JobList, answer, self._url).jobs

    async def spending(self, days: int) -> Spending:
        """What the organisation has spent on models."""
        answer = await self._ask("GET", "/storyboard/costs", params={"days": str(days)})
        return _read(Spending, answer, self._url)

    async def told(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """What a route answers, as an object."""
        response = await self._ask(method, path, **more)
        try:
            value: object = response.json()
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise BadAnswer(f"What answers at {self._url} is not a Storyloom server.")
        return cast("dict[str, Any]", value)

    async def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            response = await self._client.request(method, path, **more)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as fault:
            raise Unavailable(
                f"There is no server at {self._url} ({str(fault) or 'no answer'}). "
                "Start one with `storyloom serve`, or leave --server out.",
                system="server",
            ) from fault
        except httpx2.TimeoutException as fault:
            raise TimedOut(
                f"The server at {self._url} took longer than {ANSWER_TIMEOUT_S:g} seconds.",
                system="server",
            ) from fault
        except httpx2.RequestError as fault:
            raise Unavailable(
                f"The connection to {self._url} broke: {type(fault).__name__}.", system="server"
            ) from fault
        if response.status_code not in {200, 202}:
            raise _refused(response, self._url)
        return response


def open_server(url: str, org: str | None) -> AbstractAsyncContextManager[Server]:
    """Open a client; nothing is sent yet. Raises `InvalidInput` for what is no address.

    Call it outside the event loop: certificates are read from the disk. The key comes from the
    settings and not from an option: options can be seen by everybody on the machine.
    """
    headers = {} if org is None else {"X-Org-ID": org}
    key = Settings.load().key
    if key is not None:
        headers["Authorization"] = f"Bearer {key.get_secret_value()}"
    timeout = httpx2.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    client = httpx2.AsyncClient(base_url=_address(url), headers=headers, timeout=timeout)
    return _closing(client, url)


@asynccontextmanager
async def _closing(client: httpx2.AsyncClient, url: str) -> AsyncGenerator[Server]:
    async with client:
        yield Server(client, url)


def _address(url: str) -> httpx2.URL:
    try:
        address = httpx2.URL(url)
    except httpx2.InvalidURL:
        address = httpx2.URL()
    if address.scheme in {"http", "https"} and address.host and (address.port or 0) <= _LAST_PORT:
        return address
    raise InvalidInput(f"--server {url}: write an address such as http://127.0.0.1:8000")


def _wait_of(response: httpx2.Response) -> float:
    asked = response.headers.get("Retry-After", "")
    return min(float(asked), _ASKED_TO_WAIT_AT_MOST_S) if asked.isdigit() else _PATIENCE_S


def _read(kind: type[M], response: httpx2.Response, url: str) -> M:
    try:
        return kind.model_validate_json(response.content)
    except ValidationError as fault:
        raise BadAnswer(f"What answers at {url} is not a Storyloom server.") from fault


def _refused(response: httpx2.Response, url: str) -> StoryloomError:
    kind = _FAULTS.get(response.status_code)
    try:
        told = response.json()
        # Some routes say it under another name, beside what they always say.
        says_error = told.keys() & {"success", "promptsReady", "available"}
        sentence = _sentence(told["error" if says_error else "detail"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return BadAnswer(
            f"{url} answered with the status {response.status_code}, and not like a "
            "Storyloom server."
        )
    return (kind or StoryloomError)(sentence)


def _sentence(detail: Any) -> str:
    """Read the `detail` of an error: a sentence, or a list of fields with what is wrong."""
    if isinstance(detail, str):
        return detail
    return "; ".join(sentence_of(InvalidInput(e["msg"], loc=tuple(e["loc"]))) for e in detail)
