"""What the session routes document besides their models."""

from typing import Any

from storyloom.story.schemas import MAX_NUMBER, NoSession, NoStatus, Session, SessionList

Responses = dict[int | str, dict[str, Any]]
# Whatever it is, it is kept: a type here would be a promise to refuse others.
_TEXT: dict[str, Any] = {"description": "A text"}
_WORDS: dict[str, Any] = {"type": "string"}
_ETAG: dict[str, Any] = {
    "description": "Changes when the session does; send it back as `If-Match` to change it",
    "schema": _WORDS,
}
_CHANGED: dict[str, Any] = {
    "type": "object",
    "required": ["detail", "code", "etag"],
    "properties": {"detail": _WORDS, "code": _WORDS, "etag": {"type": ["string", "null"]}},
}


def _error(description: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "required": ["detail"],
        "properties": {"detail": {}},
    }
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _body(schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


UNAVAILABLE: Responses = {
    503: _error("The store of sessions is away for now"),
}
REFUSED: Responses = {
    413: _error("The body is too large"),
    422: _error("The body is not what the route takes; `detail` names the field"),
}
EXPECTED: Responses = {
    200: {"headers": {"ETag": _ETAG}},
    400: _error("`If-Match` is not to be read"),
    412: {
        "description": "It is not as `If-Match` expects it; `etag` is the one that it has now, "
        "null where there is no such session",
        "headers": {"ETag": _ETAG},
        "content": {"application/json": {"schema": _CHANGED}},
    },
}
NO_STATUS: Responses = {404: {"model": NoStatus, "description": "There is no such session"}}
NO_SESSION: Responses = {404: {"model": NoSession, "description": "There is no such session"}}
SESSION: Responses = {
    200: {"model": Session, "headers": {"ETag": _ETAG}},
    304: {"description": "Not changed since the `ETag` that was sent"},
}
SESSIONS: Responses = {200: {"model": SessionList}}
SAVING = _body(
    {
        "type": "object",
        "description": "The documented fields, and any others: they are kept as they are",
        "properties": {
            "timestamp": {
                "type": ["integer", "null"],
                "minimum": 0,
                "maximum": MAX_NUMBER,
                "description": "Unix time in milliseconds; without it, now",
            },
            "scriptText": _TEXT,
            "episodeContext": _TEXT,
            "storyUuid": _TEXT,
            "analyzedEpisode": {
                "type": ["object", "array", "null"],
                "description": "`scenes` with `beats`, or `beats` alone",
                "properties": {
                    "scenes": {"type": ["array", "null"]},
                    "beats": {"type": ["array", "null"]},
                },
            },
            "promptMode": _TEXT,
            "retrievalMode": _TEXT,
            "selectedLLM": _TEXT,
        },
    },
    {
        "timestamp": 1738195200000,
        "storyUuid": "59f64b1e-726a-439d-a6bc-0dfefcababdb",
        "promptMode": "storyswarm",
        "analyzedEpisode": {
            "episodeNumber": 2,
            "scenes": [
                {
                    "sceneNumber": 1,
                    "beats": [
                        {"beatId": "s1-b1", "beat_script_text": "The lighthouse goes dark."},
                        {"beatId": "s1-b2", "imageDecision": {"type": "REUSE_IMAGE"}},
                    ],
                }
            ],
        },
    },
)
PROMPTING = _body(
    {
        "type": "object",
        "required": ["prompts"],
        "properties": {
            "prompts": {
                "description": "For each beat its prompts: a list, or an object by beat id. A "
                "prompt is a text, or a set of SwarmUI's parameters with `prompt`",
                "oneOf": [
                    {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["beatId"],
                            "properties": {"beatId": {"type": ["string", "integer"]}},
                        },
                    },
                    {"type": "object"},
                ],
            }
        },
    },
    {"prompts": [{"beatId": "s1-b1", "cinematic": "a dark lighthouse, storm, wide shot"}]},
)
