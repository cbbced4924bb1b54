"""The wires of OpenAI, which local servers speak too: chat, responses, images, edits, models."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from tests.providers.books import Reply, Seen
from tests.providers.faults import Answered, openai_fault, split
from tests.providers.manners import painted, worded
from tests.providers.wire import answered, books_of, inner, seen_of

router = APIRouter()
MODELS = ("gpt-6-luna", "gpt-6-terra", "gpt-image-2", "qwen3-vl:8b", "llama4:latest")
CREATED = 1_790_000_000
USED = {"input_tokens": 100, "output_tokens": 60, "total_tokens": 160}


@router.get("/models")
async def models(request: Request) -> Response:
    seen = await seen_of(request, key(request), "other")
    failed = openai_fault(books_of(request).take(seen))
    await asyncio.sleep(books_of(request).latency_of(seen.key))
    page = {"object": "list", "data": [_model(name) for name in MODELS]}
    return JSONResponse(page) if failed is None else failed.response


@router.get("/models/{name}")
async def model(request: Request, name: str) -> Response:
    seen = await seen_of(request, key(request), "other")
    failed = openai_fault(books_of(request).take(seen) if name in MODELS else "404")
    return JSONResponse(_model(name)) if failed is None else failed.response


@router.post("/chat/completions")
async def chat(request: Request) -> Response:
    seen = await seen_of(request, key(request), "text", await request.json())
    return await answered(request, seen, lambda reply: _chat(seen.body, reply))


@router.post("/responses")
async def responses(request: Request) -> Response:
    seen = await seen_of(request, key(request), "text", await request.json())
    return await answered(request, seen, lambda reply: _responses(seen.body, reply))


@router.post("/images/generations")
async def images(request: Request) -> Response:
    seen = await seen_of(request, key(request), "picture", await request.json())
    return await answered(request, seen, lambda reply: _images(seen, reply))


@router.post("/images/edits")
async def edits(request: Request) -> Response:
    await request.body()  # so that the raw bytes can still be had after the form
    form = await request.form()
    body = {
        name: f"<{value.content_type}>" if isinstance(value, UploadFile) else value
        for name, value in form.multi_items()
    }
    seen = await seen_of(request, key(request), "picture", body)
    return await answered(request, seen, lambda reply: _images(seen, reply))


def key(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "nobody"}


def _chat(body: Mapping[str, Any], reply: Reply) -> Answered:
    if (failed := openai_fault(reply)) is not None:
        return failed
    form = inner(body, "response_format", "json_schema")
    message: dict[str, Any] = {
        "role": "assistant",
        "content": worded(reply, form.get("schema")),
        "refusal": None,
    }
    name, reason = split(reply)
    finish = {"maxtokens": "length", "finish": reason}.get(name, "stop")
    if name == "refusal":
        message |= {"content": None, "refusal": "I can't help with that."}
    if name == "finish":
        message["content"] = ""
    # fmt: off
    answer = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": CREATED, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 60, "total_tokens": 160},
    }
    # fmt: on
    if reply == "no-usage":
        del answer["usage"]
    return Answered(JSONResponse(answer), billed=True)


def _responses(body: Mapping[str, Any], reply: Reply) -> Answered:
    if (failed := openai_fault(reply)) is not None:
        return failed
    schema = inner(body, "text", "format").get("schema")
    name, reason = split(reply)
    content: dict[str, Any] = {
        "type": "output_text",
        "text": worded(reply, schema),
        "annotations": [],
    }
    if name == "finish":
        content["text"] = ""
    if name == "refusal":
        content = {"type": "refusal", "refusal": "I can't help with that."}
    short = {"maxtokens": "max_output_tokens", "finish": reason}.get(name)
    status = "incomplete" if short else "completed"
    message = {"type": "message", "id": "msg_1", "status": status, "role": "assistant"}
    details = {"input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0}}
    # fmt: off
    answer = {
        "id": "resp_1", "object": "response", "created_at": CREATED, "status": status,
        "model": body["model"], "output": [{**message, "content": [content]}],
        "incomplete_details": {"reason": short} if short else None,
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
        "usage": {**USED, **details, "output_tokens_details": {"reasoning_tokens": 10}},
    }
    # fmt: on
    return Answered(JSONResponse(answer), billed=True)


def _images(seen: Seen, reply: Reply) -> Answered:
    if (failed := openai_fault(reply)) is not None:
        return failed
    size = seen.body.get("size") or "auto"
    width, height = map(int, ("1024x1024" if size == "auto" else size).split("x"))
    _, data = painted(reply, width, height, str(seen.body.get("prompt")))
    item = {"url": "http://127.0.0.1:9/x.png"} if reply == "url-only" else {"b64_json": data}
    details = {"text_tokens": 20, "image_tokens": 0}
    used = {"input_tokens": 20, "input_tokens_details": details, "output_tokens": 1056}
    answer = {
        "created": CREATED,
        "data": [] if reply == "text-only" else [item],
        "usage": {**used, "total_tokens": 1076},
    }
    return Answered(JSONResponse(answer), billed=True)
