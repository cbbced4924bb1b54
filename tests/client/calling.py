"""Calling every method of the client once, with every argument it takes, to see what it asks."""

import inspect
from collections.abc import Mapping
from datetime import UTC, datetime
from inspect import isawaitable
from operator import attrgetter
from pathlib import Path
from typing import cast

import httpx2

from storyloom.access.schemas import Scope
from storyloom.automation.runs.config import RunConfig
from storyloom.boards.export.schemas import ExportKind, SheetLayout
from storyloom.client.clients import Verbs
from storyloom.client.faces import Awaited, Group, operation, streaming
from storyloom.client.line import Line
from storyloom.client.patience import ONCE
from storyloom.events.schemas import EventType
from storyloom.gpu.lease_bodies import LeaseGrant
from storyloom.jobs.schemas import JobStatus
from storyloom.notifications.schemas import NotificationType
from storyloom.storyboard.profiles.schemas import ProfileBody, ProfileSample
from storyloom.storyboard.revision import RevisionRequest
from storyloom.storyboard.schemas import BoardFile, Wishes
from storyloom.webhooks.schemas import DeliveryStatus
from storyloom.work.schemas import WorkKind, WorkStatus
from tests.client.answering import URL

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_ID = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"
PROFILE = ProfileBody.model_validate({"name": "Acorn", "brand": {"name": "Acorn"}})
_LEASE = LeaseGrant(
    lease_id=_ID,
    token="secret",  # noqa: S106 - of nothing
    resource="studio/gpu0",
    holder="training",
    fencing_token=7,
    ttl_seconds=60,
    granted_at=_AT,
    expires_at=_AT,
)
#: For each name that an argument has, something that the server would take.
_SAMPLES: dict[str, object] = {
    "after": 3,
    "asked": {"file_content": "x = 1", "file_name": "a.py"},
    "before": 1738195200000,
    "config": {"images": 1},
    "created_after": _AT,
    "created_before": _AT,
    "cursor": "c",
    "search": "roi",
    "until": _AT.date(),
    "days": 3,
    "delivery_id": "d",
    "description": "ours",
    "degraded": True,
    "small": True,
    "enabled": True,
    "episode_number": 2,
    "etag": '"a1"',
    "expires_at": _AT,
    "export_name": "contact-sheet.pdf",
    "file_format": BoardFile.SVG,
    "file": b"print(1)",
    "film_height": 720,
    "force": True,
    "fresh": True,
    "formats": [ExportKind.SHEET],
    "frames_per_second": 24,
    "holder": "training",
    "is_new": False,
    "job_id": _ID,
    "key": "acorn",
    "key_id": "k",
    "kind": [WorkKind.RUN],
    "labels": {"team": "web"},
    "layout": SheetLayout.GRID_6,
    "lease": _LEASE,
    "limit": 5,
    "link": f"/storyboard/jobs/{_ID}/image?format=svg",
    "limit_s": 60.0,
    "name": "calculator.py",
    "negative_prompt": "rain",
    "notification_id": "notif_1",
    "org_id": "acme",
    "priority": "high",
    "profile": PROFILE,
    "prompt": "a lighthouse",
    "prompts": {"prompts": {}},
    "resource": "gpu0",
    "revision": RevisionRequest(audience="c_suite"),
    "run_id": _ID,
    "sanitize_ip": False,
    "scopes": [Scope.STORIES],
    "script": "INT. KITCHEN - NIGHT",
    "seed": 4,
    "session": {"scriptText": "INT."},
    "session_timestamp": 1738195200000,
    "shot_id": "0001-cinematic-1",
    "since": _AT,
    "source": b"print(1)",
    "status": [WorkStatus.QUEUED],
    "story_uuid": "u",
    "subject": _ID,
    "timestamp": 1738195200000,
    "title": "Night",
    "to": Path("board.pdf"),
    "transport": "sse",
    "total_beats": 4,
    "ttl_s": 60.0,
    "types": [EventType.SHOT],
    "url": "https://hooks.example/x",
    "version": 1,
    "wait_s": 1.0,
    "width": 640,
    "webhook_id": "w",
    "wishes": Wishes(stage="demo"),
    "within_s": 5.0,
}
#: Where the same name means something else.
_OTHERS: dict[str, object] = {
    "jobs.create.kind": WorkKind.CODE,
    "jobs.upload.kind": WorkKind.CODE,
    "notifications.by_story.types": [NotificationType.BEATS_READY],
    "notifications.check.types": [NotificationType.BEATS_READY],
    "runs.configure.config": RunConfig(),
    "runs.list.before": _AT,
    "presets.sample.profile": ProfileSample(**PROFILE.model_dump()),
    "webhooks.deliveries.status": DeliveryStatus.FAILED,
    "storyboards.list.status": JobStatus.FAILED,
}


_GROUPS = frozenset(cast("list[type[object]]", Group.__subclasses__()))


class _AskedError(Exception):
    """Carries the request that would have been sent."""

    def __init__(self, request: httpx2.Request) -> None:
        super().__init__()
        self.request = request


def methods() -> dict[str, str]:
    """Every method by its full name, such as `jobs.list`, and its sentence."""
    client = _client()
    groups = {name: value for name, value in vars(client).items() if type(value) in _GROUPS}
    return {
        f"{name}.{method}".removeprefix("."): str(vars(written)["__doc__"])
        for name, group in {"": client, **groups}.items()
        for kind in type(group).__mro__
        for method, written in cast("Mapping[str, object]", vars(kind)).items()
        if type(written) in {operation, streaming}
    }


async def asked_by(method: str) -> httpx2.Request:
    """The request that a method makes."""
    call = attrgetter(method)(_client())
    arguments = {
        name: _OTHERS.get(f"{method}.{name}", _SAMPLES.get(name))
        for name in inspect.signature(call).parameters
    }
    assert None not in arguments.values(), f"{method}: give each argument a sample"
    told = call(**arguments)
    try:
        await (told if isawaitable(told) else anext(told))
    except _AskedError as asked:
        return asked.request
    raise AssertionError(f"{method} asks nothing")


def _client() -> Verbs[Awaited]:
    transport = httpx2.MockTransport(_keep)
    http = httpx2.AsyncClient(transport=transport, base_url=URL)
    return Verbs(Line(http, URL, ONCE), Awaited())


def _keep(request: httpx2.Request) -> httpx2.Response:
    raise _AskedError(request)
