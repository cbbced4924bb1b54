"""All wires in one application, and the routes that tests in other processes steer it by."""

import base64
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from tests.providers import anthropic, gemini, openai
from tests.providers.books import Books, Kind, Seen
from tests.providers.wire import books_of

control = APIRouter(prefix="/__ctl")


def create_app(books: Books) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.state.books = books
    app.include_router(control)
    app.include_router(gemini.router, prefix="/gemini")
    app.include_router(openai.router, prefix="/openai/v1")
    app.include_router(anthropic.router, prefix="/anthropic")
    return app


@control.post("/script/{key}")
async def script(key: str, steps: list[Any], request: Request, kind: Kind | None = None) -> None:
    books_of(request).script(key, steps, kind)


@control.post("/always/{key}")
async def always(key: str, request: Request, kind: Kind | None = None) -> None:
    books_of(request).always(key, await request.json(), kind)


@control.post("/latency/{key}")
async def latency(key: str, seconds: float, request: Request) -> None:
    books_of(request).latency(key, seconds)


@control.get("/seen/{key}")
async def seen(key: str, request: Request) -> JSONResponse:
    return JSONResponse([to_json(one) for one in books_of(request).seen(key)])


@control.get("/charges/{key}")
async def charges(key: str, request: Request) -> dict[Kind, int]:
    return books_of(request).charges(key)


@control.post("/forget/{key}")
async def forget(key: str, request: Request) -> None:
    books_of(request).forget(key)


def to_json(seen: Seen) -> dict[str, Any]:
    return {**asdict(seen), "raw": base64.b64encode(seen.raw).decode()}


def from_json(fields: dict[str, Any]) -> Seen:
    raw = base64.b64decode(fields.pop("raw"))
    return Seen(raw=raw, **fields)
