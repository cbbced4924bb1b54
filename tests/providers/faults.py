"""How a provider fails, by name, and what else an answer can be told to be.

Every wire knows: `429[:seconds]` `429-quota` `503` `500` `504` `400` `400-long` `401` `403` `404` `html` (a
gateway's page) `redirect[:url]` `cut` (the connection ends inside the answer) `badjson` `empty` `odd`
`slow:seconds`. For the answers that are billed see the wires: `invalid` (a field is missing)
`maxtokens` `fenced` `refusal` `blocked-prompt` `finish:REASON` `text-only` `text=…` `json=…`
`jpeg` `size:WxH` `broken` `url-only` `no-usage`. A list of models can be `endless`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from fastapi.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from tests.providers.books import Reply

_JSON = "application/json"
_ODD: dict[str, object] = {
    "candidates": "x",
    "choices": 5,
    "output": [3],
    "content": {},
    "data": [1],
    "usage": [],
}
_REQUESTS = "GenerateRequests"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, whether the provider would bill it, and how much later than usual it comes."""

    response: Response
    billed: bool = False
    later_s: float = 0.0


def split(reply: Reply) -> tuple[str, str]:
    """The name and the argument of a reply: `429:1.5` is `429` and `1.5`."""
    if not isinstance(reply, str):
        return "ok", ""
    name, _, argument = reply.partition(":")
    return name, argument


def gateway_fault(reply: Reply) -> Answered | None:
    """What goes wrong on any wire in the same way; what was cut had been paid for."""
    name, argument = split(reply)
    page = "<html><h1>502 Bad Gateway</h1></html>"
    half = '{"candidates": [{"content": {"parts": [{"te'
    made: dict[str, Callable[[], Answered]] = {
        "html": lambda: Answered(Response(page, 502, media_type="text/html")),
        "redirect": lambda: Answered(RedirectResponse(argument or "http://127.0.0.1:9/")),
        "badjson": lambda: Answered(Response(half, media_type=_JSON), billed=True),
        "odd": lambda: Answered(JSONResponse(_ODD), billed=True),
        "empty": lambda: Answered(Response("", media_type=_JSON), billed=True),
        "cut": lambda: Answered(_cut(), billed=True),
    }
    return made[name]() if name in made else None


def gemini_fault(reply: Reply) -> Answered | None:
    """Google's errors: a status word, and details of several types."""
    name, argument = split(reply)
    made: dict[str, Callable[[], JSONResponse]] = {
        "429": lambda: _gemini_quota(f"{_REQUESTS}PerMinute", f"{argument.rstrip('s') or 2}s"),
        "429-quota": lambda: _gemini_quota(f"{_REQUESTS}PerDayPerProject-FreeTier", "30s"),
        "429-both": lambda: _gemini_quota(f"{_REQUESTS}PerMinute", "30s", f"{_REQUESTS}PerDay"),
        "429-bare": lambda: _gemini(429, "RESOURCE_EXHAUSTED", "Resource exhausted.", [_HELP]),
        "401": _gemini_key,
    }
    if name in _GEMINI:
        return Answered(_gemini(int(name[:3]), *_GEMINI[name]))
    return Answered(made[name]()) if name in made else gateway_fault(reply)


def openai_fault(reply: Reply) -> Answered | None:
    """OpenAI's errors, and those of the servers that speak as it does."""
    name, argument = split(reply)
    if name not in _OPENAI:
        return gateway_fault(reply)
    status, said, kind, code = _OPENAI[name]
    fault = {"message": said, "type": kind, "param": None, "code": code}
    wait = _wait(argument) if name == "429" else None
    return Answered(JSONResponse({"error": fault}, status, wait))


def anthropic_fault(reply: Reply) -> Answered | None:
    """Anthropic's errors."""
    name, argument = split(reply)
    if name == "429":
        return Answered(_anthropic(429, "rate_limit_error", _wait(argument)))
    if name == "429-quota":
        return Answered(_anthropic(400, "invalid_request_error", said=_CREDIT))
    if name == "400-long":
        long = "prompt is too long: 9 tokens > 1 maximum"
        return Answered(_anthropic(400, "invalid_request_error", said=long))
    if name in _ANTHROPIC:
        return Answered(_anthropic(int(name), _ANTHROPIC[name]))
    return gateway_fault(reply)


_TYPE = "type.googleapis.com/google.rpc."
_HELP = {"@type": f"{_TYPE}Help", "links": [{"url": "https://ai.google.dev/rate-limits"}]}
_CREDIT = "Your credit balance is too low to access the Anthropic API."
_GEMINI = {
    "400": ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    "400-long": ("INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number (1)."),
    "403": ("PERMISSION_DENIED", "Generative Language API has not been used in project 1."),
    "404": ("NOT_FOUND", "models/x is not found for API version v1beta."),
    "500": ("INTERNAL", "An internal error has occurred."),
    "503": ("UNAVAILABLE", "The model is overloaded. Please try again later."),
    "504": ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
_OPENAI = {
    "400": (400, "Invalid value.", "invalid_request_error", "invalid_value"),
    "400-long": (400, "Too many tokens.", "invalid_request_error", "context_length_exceeded"),
    "401": (401, "Incorrect API key provided", "invalid_request_error", "invalid_api_key"),
    "403": (403, "You are not allowed to use this model", "invalid_request_error", None),
    "404": (404, "The model `x` does not exist", "invalid_request_error", "model_not_found"),
    "429": (429, "Rate limit reached", "requests", "rate_limit_exceeded"),
    "429-quota": (429, "You exceeded your current quota", *["insufficient_quota"] * 2),
    "moderation": (400, "Rejected by the safety system.", "user_error", "moderation_blocked"),
    "500": (500, "The server had an error", "server_error", None),
    "503": (503, "The engine is currently overloaded", "server_error", None),
    "504": (504, "Gateway timeout", "server_error", None),
}
_ANTHROPIC = {
    "400": "invalid_request_error", "401": "authentication_error", "403": "permission_error",
    "404": "not_found_error", "500": "api_error", "503": "api_error", "504": "timeout_error",
    "529": "overloaded_error",
}  # fmt: skip


def _wait(argument: str) -> dict[str, str]:
    """Whole seconds for everybody, and exactly for those who know that header."""
    seconds = float(argument.rstrip("s") or 1)
    return {"retry-after": str(ceil(seconds)), "retry-after-ms": str(round(seconds * 1000))}


def _gemini_quota(quota: str, delay: str, *more: str) -> JSONResponse:
    violations = [{"quotaId": name, "quotaValue": "10"} for name in (quota, *more)]
    said = "You exceeded your current quota, please check your plan and billing details."
    details = [
        {"@type": f"{_TYPE}QuotaFailure", "violations": violations},
        _HELP,
        {"@type": f"{_TYPE}RetryInfo", "retryDelay": delay},
    ]
    return _gemini(429, "RESOURCE_EXHAUSTED", said, details)


def _gemini_key() -> JSONResponse:
    reason = {"@type": f"{_TYPE}ErrorInfo", "reason": "API_KEY_INVALID"}
    said = "API key not valid. Please pass a valid API key."
    return _gemini(400, "INVALID_ARGUMENT", said, [reason])


def _gemini(code: int, status: str, said: str, details: list[Any] | None = None) -> JSONResponse:
    more = {"details": details} if details else {}
    return JSONResponse({"error": {"code": code, "message": said, "status": status, **more}}, code)


def _anthropic(
    status: int, kind: str, headers: Mapping[str, str] | None = None, said: str = ""
) -> JSONResponse:
    fault = {"type": kind, "message": said or kind.replace("_", " ")}
    return JSONResponse({"type": "error", "error": fault}, status, headers)


def _cut() -> Response:
    """End the connection before the announced number of bytes has come."""

    async def parts() -> AsyncGenerator[bytes]:
        yield b'{"candidates": [{"content": '
        await asyncio.sleep(0.02)
        raise ConnectionAbortedError

    return StreamingResponse(parts(), media_type=_JSON, headers={"content-length": "5000"})
