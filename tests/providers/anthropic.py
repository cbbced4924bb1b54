"""The wire of Anthropic: messages as JSON or as a stream of events, and the list of models."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from tests.providers.books import Reply
from tests.providers.faults import Answered, anthropic_fault, split
from tests.providers.manners import worded
from tests.providers.wire import answered, books_of, inner, seen_of

router = APIRouter()
MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")


@router.get("/v1/models")
async def models(request: Request) -> Response:
    seen = await seen_of(request, key(request), "other")
    if (failed := anthropic_fault(books_of(request).take(seen))) is not None:
        return failed.response
    after = request.query_params.get("after_id")
    start = MODELS.index(after) + 1 if after else 0
    page = MODELS[start : start + 2]
    last = page[-1] if page else None
    more = start + 2 < len(MODELS)
    data = [_model(name) for name in page]
    return JSONResponse({"data": data, "has_more": more, "first_id": None, "last_id": last})


@router.get("/v1/models/{name}")
async def model(request: Request, name: str) -> Response:
    seen = await seen_of(request, key(request), "other")
    failed = anthropic_fault(books_of(request).take(seen) if name in MODELS else "404")
    return JSONResponse(_model(name)) if failed is None else failed.response


@router.post("/v1/messages")
async def messages(request: Request) -> Response:
    seen = await seen_of(request, key(request), "text", await request.json())
    return await answered(request, seen, lambda reply: _answer(seen.body, reply))


def key(request: Request) -> str:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    return request.headers.get("x-api-key", bearer)


def _model(name: str) -> dict[str, str]:
    return {"type": "model", "id": name, "display_name": name, "created_at": "2026-09-01T00:00:00Z"}


def _answer(body: Mapping[str, Any], reply: Reply) -> Answered:
    if (failed := anthropic_fault(reply)) is not None:
        return failed
    name, _ = split(reply)
    form = inner(body, "output_config", "format")
    text = "" if name == "refusal" else worded(reply, form.get("schema"))
    reason = {"refusal": "refusal", "maxtokens": "max_tokens"}.get(name, "end_turn")
    # fmt: off
    message = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"],
        "content": [{"type": "text", "text": text}], "stop_reason": reason, "stop_sequence": None,
        "usage": {"input_tokens": 100, "output_tokens": 60},
    }
    # fmt: on
    if body.get("stream"):
        events = StreamingResponse(_events(message, text), media_type="text/event-stream")
        return Answered(events, billed=True)
    return Answered(JSONResponse(message), billed=True)


def _events(message: Mapping[str, Any], text: str) -> Iterator[bytes]:
    def event(kind: str, **more: object) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()

    yield event("message_start", message={**message, "content": [], "stop_reason": None})
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for start in range(0, len(text), 40):
        part = {"type": "text_delta", "text": text[start : start + 40]}
        yield event("content_block_delta", index=0, delta=part)
    yield event("content_block_stop", index=0)
    end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield event("message_delta", delta=end, usage={"output_tokens": 60})
    yield event("message_stop")
