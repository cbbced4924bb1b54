"""Links of the OpenAPI document: which answers hold what other operations ask for.

People who read the document, and programs made from it, see where an answer leads; tests follow
every link.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_STORYBOARD = "/storyboard/jobs/{job_id}"
_WORK = "/v1/jobs/{job_id}"
# Work of other kinds was not read from a source.
_READ = (f"{_WORK}/source", f"{_WORK}/evidence")
_RUNS = "/api/v1/automation/runs"
_RUN = f"{_RUNS}/{{run_id}}"
_LEASES = "/api/v1/gpu/leases"
_SESSIONS = "/api/v1/session"
_SESSION = f"{_SESSIONS}/{{session_timestamp}}"
_NOTIFICATION = "/api/v1/notifications/{notification_id}"
_HOOKS = "/v1/webhooks"
_HOOK = f"{_HOOKS}/{{webhook_id}}"
_DELIVERIES = f"{_HOOK}/deliveries"
_DELIVERY = f"{_DELIVERIES}/{{delivery_id}}"
_PROFILE = "/v1/presets/icp/{key}"
_OF_RUN = {"run_id": "$request.path.run_id"}
_OF_HOOK = {"webhook_id": "$request.path.webhook_id"}
#: What stands in a body, for the parameters of a path; for which paths, or what is below them.
Held = Mapping[str, Mapping[str, str]]


def _body(pointer: str) -> str:
    return f"$response.body#{pointer}"


def _job(pointer: str) -> Held:
    held = {"job_id": _body(pointer)}
    return dict.fromkeys((_STORYBOARD, _WORK, *_READ), held)


def _run(pointer: str) -> Held:
    return {_RUN: {"run_id": _body(pointer)}, _WORK: {"job_id": _body(pointer)}}


def _one(path: str, name: str, pointer: str) -> Held:
    return {path: {name: _body(pointer)}}


_EXPORT: Held = {
    f"{_RUN}/exports/{{export_name}}": {"export_name": _body("/exports/0/name"), **_OF_RUN}
}
HELD: Mapping[tuple[str, str], Held] = {
    ("post", "/storyboard/code"): _job("/job_id"),
    ("post", "/storyboard/roadmap"): _job("/job_id"),
    ("post", f"{_STORYBOARD}/revise"): _job("/job_id"),
    ("get", "/storyboard/jobs"): _job("/jobs/0/job_id"),
    ("post", "/v1/jobs"): _one(_WORK, "job_id", "/id"),
    ("post", f"{_WORK}/retry"): _one(_WORK, "job_id", "/id"),
    ("get", "/v1/jobs"): _one(_WORK, "job_id", "/data/0/id"),
    ("post", _RUNS): _run("/runId"),
    ("get", _RUNS): _run("/runs/0/runId"),
    ("get", _RUN): {f"{_RUN}/shots/{{shot_id}}": {"shot_id": _body("/shots/0/id"), **_OF_RUN}},
    ("post", f"{_RUN}/exports"): _EXPORT,
    ("get", f"{_RUN}/exports"): _EXPORT,
    ("post", _LEASES): {
        f"{_LEASES}/{{lease_id}}": {
            "lease_id": _body("/leaseId"),
            "X-Lease-Token": _body("/token"),
        }
    },
    ("post", f"{_SESSIONS}/save"): _one(_SESSION, "session_timestamp", "/sessionTimestamp"),
    ("get", f"{_SESSIONS}/latest"): _one(_SESSION, "session_timestamp", "/data/timestamp"),
    ("get", f"{_SESSIONS}/list"): _one(_SESSION, "session_timestamp", "/sessions/0/timestamp"),
    ("post", "/api/v1/trigger/beats-ready"): _one(
        _NOTIFICATION, "notification_id", "/notificationId"
    ),
    ("get", "/api/v1/notifications/check"): _one(
        _NOTIFICATION, "notification_id", "/notifications/0/id"
    ),
    ("post", _HOOKS): _one(_HOOK, "webhook_id", "/id"),
    ("get", _HOOKS): _one(_HOOK, "webhook_id", "/data/0/id"),
    ("post", f"{_HOOK}/test"): {_DELIVERY: {"delivery_id": _body("/id"), **_OF_HOOK}},
    ("get", _DELIVERIES): {_DELIVERY: {"delivery_id": _body("/data/0/id"), **_OF_HOOK}},
    ("put", _PROFILE): _one(_PROFILE, "key", "/key"),
    ("get", "/v1/queues"): _one("/v1/queues/{name}", "name", "/data/0/name"),
    ("post", "/v1/keys"): _one("/v1/keys/{key_id}", "key_id", "/id"),
    ("get", "/v1/keys"): _one("/v1/keys/{key_id}", "key_id", "/keys/0/id"),
}


def document_links(schema: dict[str, Any]) -> None:
    """Let each good answer say which operations it leads to."""
    for (method, path), held in HELD.items():
        links = {
            name: {"operationId": operation_id, "parameters": dict(parameters)}
            for below, parameters in held.items()
            for name, operation_id in _led_to(schema, below)
            if operation_id != schema["paths"][path][method]["operationId"]
        }
        for status, answer in schema["paths"][path][method]["responses"].items():
            if status.startswith("2"):
                answer["links"] = links


def _led_to(schema: dict[str, Any], below: str) -> Iterator[tuple[str, str]]:
    """The operations of a path and of what is below it, unless that asks for more."""
    for path, operations in schema["paths"].items():
        is_below = path.startswith(below) and "{" not in path[len(below) :]
        if path == below or (is_below and path not in _READ):
            # FastAPI ends an id with the path and the method, which are no part of a name.
            ending = re.sub(r"\W", "_", path)
            for method, operation in operations.items():
                operation_id = operation["operationId"]
                name = operation_id.removesuffix(f"_{method}").removesuffix(ending)
                yield name, operation_id
