"""The gate's answers to those who are turned away, and what it is asked, without a server."""

import httpx2
import pytest
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from storyloom.access.errors import TooManyRequests
from storyloom.access.gate import Admission, Asked, Gate
from storyloom.access.schemas import RateLimit, Standing
from storyloom.api.access import Access
from storyloom.errors import NotAllowed, NotAuthenticated, StoryloomError, Unavailable

STANDING = Standing(RateLimit(200, "day"), 0, 59.5)


class Saying(Gate):
    """Lets nobody in for one reason, or everybody with this standing; remembers what was asked."""

    def __init__(self, says: StoryloomError | Admission) -> None:
        self._says = says
        self.asked: list[Asked] = []

    async def admit(self, asked: Asked) -> Admission:
        self.asked.append(asked)
        if isinstance(self._says, StoryloomError):
            raise self._says
        return self._says


async def _through(
    gate: Saying, path: str = "/storyboard/jobs", headers: list[tuple[str, str]] | None = None
) -> httpx2.Response:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse({"hello": "you"})(scope, receive, send)

    async def opened(scope: Scope, receive: Receive, send: Send) -> None:
        await Access(app)({**scope, "state": {"gate": gate}}, receive, send)

    transport = httpx2.ASGITransport(app=opened)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (NotAuthenticated("No key."), 401, {"WWW-Authenticate": 'Bearer realm="storyloom"'}),
        (NotAllowed("Not that."), 403, {}),
        (Unavailable("Nobody knows."), 503, {"Retry-After": "5"}),
        (Unavailable("Nobody knows.", retry_after_s=1.2), 503, {"Retry-After": "2"}),
        (
            TooManyRequests(STANDING),
            429,
            {"Retry-After": "60", "RateLimit": '"default";r=0;t=60'},
        ),
    ],
)
async def test_who_is_turned_away_is_told_why(
    fault: StoryloomError, status: int, told: dict[str, str]
) -> None:
    answer = await _through(Saying(fault))
    story = await _through(Saying(fault), "/api/v1/session/latest")

    assert answer.json() == {"detail": fault.message, "code": fault.code}
    assert story.json() == {"success": False, "error": fault.message}
    for turned in (answer, story):
        assert turned.status_code == status
        headers = {**told, "Cache-Control": "no-store"}
        assert {name: turned.headers[name] for name in headers} == headers


async def test_the_gate_is_asked_with_what_tells_who_calls() -> None:
    gate = Saying(Admission(standing=STANDING))
    sent = [("Authorization", "Bearer x"), ("X-Org-ID", "acme"), ("Origin", "http://evil")]

    answer = await _through(gate, headers=sent)

    assert answer.json() == {"hello": "you"}
    assert answer.headers["RateLimit-Policy"] == '"default";q=200;w=86400'
    [asked] = gate.asked
    assert (asked.path, asked.host, asked.is_strange) == ("/storyboard/jobs", "here", True)
    assert (list(asked.authorization), list(asked.labels)) == (["Bearer x"], ["acme"])
