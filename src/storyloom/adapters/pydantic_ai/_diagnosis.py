"""What a key can use: the models that a provider lists. Asked by hand, without an SDK."""

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from urllib.parse import quote

import httpx2
from anyio import to_thread

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._statuses import NO_KEY, NO_MODEL, Told
from storyloom.errors import ModelNotFound, TimedOut, Unreachable, Unsupported

TIMEOUT_S = 10.0
_MOST_PAGES = 20
_ANTHROPIC_VERSION = "2026-10-21"  # as the SDK that is installed
_BAD_KEY = "API_KEY_INVALID"


async def list_models(connection: Connection, *, timeout_s: float = TIMEOUT_S) -> Sequence[str]:
    """The names of the models that the key can use, sorted; raises what `ask` would raise."""
    async with _opened(connection, timeout_s) as inquiry:
        return await inquiry.models()


async def look_for_model(
    connection: Connection, model: str, *, timeout_s: float = TIMEOUT_S
) -> None:
    """Return when the provider knows us and the model; raise what `ask` would raise.

    The companies are asked for the model itself, since they list no aliases. Other servers need
    not know that request, so their list is read.
    """
    async with _opened(connection, timeout_s) as inquiry:
        if connection.is_hosted:
            await inquiry.get(f"/{quote(model, safe='')}", {}, model)
            return
        known = await inquiry.models()
    # Ollama lists `llama4:latest` for what people call `llama4`.
    if model not in known and f"{model}:latest" not in known:
        raise ModelNotFound(
            f"{connection.who} does not know the model {model}", system=connection.provider
        )


@dataclass(frozen=True, slots=True)
class _Inquiry:
    connection: Connection
    http: httpx2.AsyncClient

    async def models(self) -> Sequence[str]:
        found: list[str] = []
        query = {"pageSize": "1000"} if self.connection.provider == "google" else {}
        for _ in range(_MOST_PAGES):
            names, more = _read(self.connection.provider, await self.get("", query))
            found += names
            if not more:
                break
            query = {**query, **more}
        return sorted(set(found))

    async def get(self, path: str, query: Mapping[str, str], model: str = "") -> Mapping[str, Any]:
        answer = await self.http.get(f"{_url(self.connection)}{path}", params=dict(query))
        if not answer.is_success:
            if answer.status_code == NO_MODEL and not path:
                raise _unlisted(self.connection)
            status = NO_KEY if _BAD_KEY in answer.text else answer.status_code
            raise Told(status).fault(self.connection, model)
        return cast("Mapping[str, Any]", answer.json())


@asynccontextmanager
async def _opened(connection: Connection, timeout_s: float) -> AsyncGenerator[_Inquiry]:
    who, system = connection.who, connection.provider
    # Its log has a line for each request.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    # In a thread: it reads certificates, and the first one loads what speaks HTTP.
    making = partial(httpx2.AsyncClient, timeout=timeout_s, follow_redirects=False)
    http = await to_thread.run_sync(partial(making, headers=_headers(connection)))
    try:
        async with http:
            yield _Inquiry(connection, http)
    except httpx2.TimeoutException as fault:
        said = f"{who} API timeout after {timeout_s:g} seconds"
        raise TimedOut(said, system=system) from fault
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, LookupError, TypeError) as fault:
        raise Unreachable(
            f"{who} could not be reached or understood at {connection.destination} "
            f"({type(fault).__name__})",
            system=system,
        ) from fault


def _unlisted(connection: Connection) -> Unsupported:
    return Unsupported(
        f"{connection.who} has no list of models at {connection.destination}",
        system=connection.provider,
    )


def _headers(connection: Connection) -> dict[str, str]:
    if connection.provider == "google":
        return {"x-goog-api-key": connection.key}
    version = {"anthropic-version": _ANTHROPIC_VERSION}
    return {
        "authorization": f"Bearer {connection.key}",
        **(version if connection.provider == "anthropic" else {}),
    }


def _url(connection: Connection) -> str:
    version = {"google": "/v1beta", "anthropic": "/v1"}.get(connection.provider, "")
    return f"{connection.url}{version}/models"


def _read(provider: str, body: Mapping[str, Any]) -> tuple[list[str], Mapping[str, str]]:
    """The names on a page, and the query of the next one; an empty one where there is none."""
    if provider == "google":
        names = [str(m["name"]).removeprefix("models/") for m in body["models"] if _answers(m)]
        token = body.get("nextPageToken")
        return names, {"pageToken": str(token)} if token else {}
    names = [str(model["id"]) for model in body["data"]]
    goes_on = provider == "anthropic" and body.get("has_more") and names
    return names, {"after_id": names[-1]} if goes_on else {}


def _answers(model: Mapping[str, Any]) -> bool:
    """Whether a model of Google's writes or paints; others embed, or speak."""
    return "generateContent" in model.get("supportedGenerationMethods", [])
