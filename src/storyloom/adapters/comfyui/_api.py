"""ComfyUI's HTTP API: one request and its answer each."""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, TypeVar

import anyio
import httpx2
from anyio import to_thread
from pydantic import BaseModel, TypeAdapter, ValidationError

from storyloom.adapters.comfyui._wire import SYSTEM, File, History, Queue, Refused, Taken, refusal
from storyloom.errors import BadAnswer, NotFound, ServerFault, TimedOut, Unreachable

TIMEOUT_S = 5.0
_ANSWER_BYTES = 64 << 20
_OK, _BAD_REQUEST, _NOT_FOUND, _SERVER_FAULT = 200, 400, 404, 500
_STRANGER = "the program that answers there is no ComfyUI"
_NAMES = TypeAdapter(list[str])
_HISTORY = TypeAdapter(dict[str, History])
M = TypeVar("M", bound=BaseModel)


class _Stats(BaseModel):
    system: dict[str, Any]
    devices: list[dict[str, Any]]


class ComfyApi:
    """Speaks to the ComfyUI at one address, such as `http://127.0.0.1:8188`.

    Every call raises `Unreachable`, `TimedOut`, `ServerFault`, or `BadAnswer` where another program
    answers.
    """

    def __init__(
        self, client: httpx2.AsyncClient, url: str, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Take an open client; closing it is its owner's part."""
        self.url = url
        self._client = client
        self._timeout_s = timeout_s

    async def look(self) -> None:
        """Return when it is ready: there is no half-ready state."""
        _read(_Stats, _good(*await self._ask("GET", "/system_stats")))

    async def checkpoints(self) -> list[str]:
        """The models that it has."""
        try:
            return _NAMES.validate_json(_good(*await self._ask("GET", "/models/checkpoints")))
        except ValidationError as fault:
            raise BadAnswer(_STRANGER) from fault

    async def submit(self, graph: Mapping[str, Any], prompt_id: str, client_id: str) -> None:
        """Let it run a graph; raises `ModelNotFound` or `Rejected` where it will not."""
        body = {"prompt": graph, "prompt_id": prompt_id, "client_id": client_id}
        status, answer = await self._ask("POST", "/prompt", body)
        if status == _BAD_REQUEST:
            raise refusal(_read(Refused, answer))
        taken = _read(Taken, _good(status, answer))
        if taken.node_errors:  # some outputs are left out, and one of them may be ours
            await self.cancel(prompt_id)
            raise refusal(Refused(node_errors=taken.node_errors))

    async def history(self, prompt_id: str) -> History | None:
        """How a run ended; None while it is waiting or running, or where it is not known."""
        answer = _good(*await self._ask("GET", f"/history/{prompt_id}"))
        try:
            return _HISTORY.validate_json(answer).get(prompt_id)
        except ValidationError as fault:
            raise BadAnswer(_STRANGER) from fault

    async def has(self, prompt_id: str) -> bool:
        """Whether it is waiting or running."""
        queue = _read(Queue, _good(*await self._ask("GET", "/queue")))
        entries = [*queue.queue_running, *queue.queue_pending]
        return any(prompt_id in entry[1:2] for entry in entries)

    async def picture(self, file: File) -> bytes:
        """The bytes of a picture; raises `NotFound`."""
        status, answer = await self._ask("GET", "/view", query=file.model_dump())
        if status == _NOT_FOUND:
            raise NotFound(f"ComfyUI does not have the file {file.filename} any more")
        return _good(status, answer)

    async def cancel(self, prompt_id: str) -> None:
        """Take it out of the queue, and stop it where it is the one that runs.

        A prompt that is taken out leaves neither a message nor a history.
        """
        await self._ask("POST", "/queue", {"delete": [prompt_id]})
        await self._ask("POST", "/interrupt", {"prompt_id": prompt_id})

    async def free(self) -> None:
        """Let it unload its models, once it has nothing to do."""
        _good(*await self._ask("POST", "/free", {"unload_models": True, "free_memory": True}))

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        call = self._client.stream(method, self.url + path, json=body, params=query)
        with self._translated(), anyio.fail_after(self._timeout_s):
            async with call as answer:
                read = bytearray()
                async for part in answer.aiter_bytes():
                    read += part
                    if len(read) > _ANSWER_BYTES:
                        raise BadAnswer(_STRANGER)
                return answer.status_code, bytes(read)

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except (TimeoutError, httpx2.TimeoutException) as fault:
            said = f"ComfyUI at {self.url} did not answer within {self._timeout_s:g} seconds"
            raise TimedOut(said, system=SYSTEM) from fault
        except (httpx2.ConnectError, OSError) as fault:
            raise Unreachable(f"No ComfyUI answers at {self.url}", system=SYSTEM) from fault
        except httpx2.RemoteProtocolError as fault:
            raise Unreachable(f"ComfyUI at {self.url} hung up", system=SYSTEM) from fault
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as fault:
            raise BadAnswer(f"{_STRANGER} ({type(fault).__name__})") from fault


@asynccontextmanager
async def open_comfy_api(url: str, *, timeout_s: float = TIMEOUT_S) -> AsyncGenerator[ComfyApi]:
    """A client for as long as it is needed."""
    make = partial(
        httpx2.AsyncClient,
        timeout=None,  # each request has one as a whole
        follow_redirects=False,
        trust_env=False,  # no proxy lies between us and this machine
        limits=httpx2.Limits(max_keepalive_connections=0),  # it may end between two requests
    )
    # In a thread: certificates are read from the disk.
    async with await to_thread.run_sync(make) as client:
        yield ComfyApi(client, url.rstrip("/"), timeout_s=timeout_s)


def _good(status: int, answer: bytes) -> bytes:
    if status >= _SERVER_FAULT:
        raise ServerFault(f"ComfyUI failed inside (status {status})", system=SYSTEM)
    if status != _OK:
        raise BadAnswer(f"{_STRANGER} (status {status})")
    return answer


def _read(kind: type[M], answer: bytes) -> M:
    try:
        return kind.model_validate_json(answer)
    except ValidationError as fault:
        raise BadAnswer(_STRANGER) from fault
