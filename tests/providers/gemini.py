"""The wire of Gemini: `models/{model}:generateContent` in v1 and v1beta, and the list of models."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from tests.providers.books import Reply, Seen
from tests.providers.faults import Answered, gemini_fault, split
from tests.providers.manners import GEMINI_SIZES, SCALES, painted, worded
from tests.providers.wire import answered, books_of, inner, seen_of

router = APIRouter()
MODELS = (
    "gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-3.1-pro", "gemini-3.1-flash-image",
    "gemini-3-pro-image", "text-embedding-005",
)  # fmt: skip
PAGE = 4


@router.get("/{version}/models")
async def models(request: Request, version: str) -> Response:
    seen = await seen_of(request, key(request), "other")
    reply = books_of(request).take(seen)
    if (failed := gemini_fault(reply)) is not None:
        return failed.response
    if reply == "endless":
        return JSONResponse({"models": [_model(MODELS[0])], "nextPageToken": "0"})
    start = int(request.query_params.get("pageToken", 0))
    most = min(int(request.query_params.get("pageSize", 50)), PAGE)
    page = [_model(name) for name in MODELS[start : start + most]]
    more = {"nextPageToken": str(start + most)} if start + most < len(MODELS) else {}
    return JSONResponse({"models": page, **more})


@router.get("/{version}/models/{name}")
async def model(request: Request, version: str, name: str) -> Response:
    seen = await seen_of(request, key(request), "other")
    reply = books_of(request).take(seen) if name in MODELS else "404"
    failed = gemini_fault(reply)
    return JSONResponse(_model(name)) if failed is None else failed.response


@router.post("/{version}/models/{call}")
async def generate(request: Request, version: str, call: str) -> Response:
    body = await request.json()
    kind = (
        "picture"
        if "IMAGE" in inner(body, "generationConfig").get("responseModalities", [])
        else "text"
    )
    seen = await seen_of(request, key(request), kind, body)
    return await answered(request, seen, lambda reply: _answer(seen, call, reply))


def key(request: Request) -> str:
    return request.headers.get("x-goog-api-key") or request.query_params.get("key", "")


def _model(name: str) -> dict[str, object]:
    can = ["embedContent"] if "embedding" in name else ["generateContent", "countTokens"]
    return {"name": f"models/{name}", "version": "1", "supportedGenerationMethods": can}


def _answer(seen: Seen, call: str, reply: Reply) -> Answered:
    if (failed := gemini_fault(reply)) is not None:
        return failed
    name, reason = split(reply)
    base: dict[str, Any] = {"modelVersion": call.partition(":")[0], "responseId": "resp-1"}
    asked = _tokens(seen)
    if name == "blocked-prompt":
        feedback = {"blockReason": reason or "PROHIBITED_CONTENT", "blockReasonMessage": "no"}
        return Answered(JSONResponse({**base, "promptFeedback": feedback, **_used(asked, 0)}))
    picture = seen.kind == "picture"
    if name == "finish":
        parts: list[dict[str, Any]] = []
    else:
        parts = _painted(seen, reply) if picture else [{"text": _text(seen, reply)}]
        reason = "MAX_TOKENS" if name == "maxtokens" else "STOP"
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": reason, "index": 0}
    used = _used(asked, 1120, image=1120) if picture else _used(asked, 60, thoughts=30)
    return Answered(JSONResponse({**base, "candidates": [candidate], **used}), billed=True)


def _tokens(seen: Seen) -> int:
    parts = [part for turn in seen.body.get("contents", []) for part in turn.get("parts", [])]
    return sum(len(part["text"]) // 4 if "text" in part else 258 for part in parts) or 1


def _used(asked: int, said: int, *, image: int = 0, thoughts: int = 0) -> dict[str, Any]:
    used: dict[str, Any] = {
        "promptTokenCount": asked,
        "candidatesTokenCount": said,
        "totalTokenCount": asked + said + thoughts,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": asked}],
    }
    if thoughts:
        used["thoughtsTokenCount"] = thoughts
    if image:
        used["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": image}]
    return {"usageMetadata": used}


def _text(seen: Seen, reply: Reply) -> str:
    schema = inner(seen.body, "generationConfig").get("responseJsonSchema")
    return worded(reply, schema)


def _painted(seen: Seen, reply: Reply) -> list[dict[str, Any]]:
    if reply == "text-only":
        return [{"text": "I can not draw that."}]
    wanted = inner(seen.body, "generationConfig", "imageConfig")
    scale = SCALES[wanted.get("imageSize", "1K")]
    width, height = (int(side * scale) for side in GEMINI_SIZES[wanted.get("aspectRatio", "1:1")])
    kind, data = painted(reply, width, height, seen.raw.decode())
    return [{"inlineData": {"mimeType": kind, "data": data}, "thoughtSignature": "c2ln"}]
