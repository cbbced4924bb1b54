"""Tags of answers: whoever has an answer is not sent it again."""

import httpx2
import pytest
from fastapi import FastAPI
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from storyloom.api.application import create_app
from storyloom.api.conditional import Conditional

POLLED = [
    *("/api/v1/automation/runs", "/api/v1/notifications/check?type=all", "/api/v1/session/list"),
    *("/storyboard/presets", "/storyboard/jobs", "/v1/jobs", "/v1/keys", "/api/v1/gpu/leases"),
]


@pytest.mark.parametrize("path", POLLED)
def test_what_is_polled_has_a_tag(client: httpx2.Client, path: str) -> None:
    org = {"X-Org-ID": "nobody-else"}
    first = client.get(path, headers=org)

    again = client.get(path, headers=org | {"If-None-Match": f"W/{first.headers['ETag']}"})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "no-cache"
    assert again.headers["X-Request-Id"]


def test_the_document_names_the_tags() -> None:
    paths = create_app().openapi()["paths"]

    for path in POLLED:
        responses = paths[path.partition("?")[0]]["get"]["responses"]
        assert "304" in responses
        assert "ETag" in responses["200"]["headers"]
    assert "304" not in paths["/healthz"]["get"]["responses"]


@pytest.fixture
def app() -> httpx2.AsyncClient:
    answers = {
        "json": JSONResponse({}),
        "own": JSONResponse({}, headers={"ETag": '"own"'}),
        "secret": JSONResponse({}, headers={"Cache-Control": "no-store"}),
        "kept": JSONResponse({}, headers={"Cache-Control": "private"}),
        "error": JSONResponse({}, 404),
        "stream": StreamingResponse(iter([b"{", b"}"]), media_type="application/json"),
        "text": Response("{}", media_type="text/plain"),
    }

    async def answer(name: str) -> Response:
        return answers[name]

    served = FastAPI()
    for prefix in ("/v1", "/storyboard/jobs", "/other"):
        served.add_api_route(f"{prefix}/{{name}}", answer, methods=["GET", "POST"])
    served.add_middleware(Conditional)
    transport = httpx2.ASGITransport(app=served)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/secret", "/v1/error", "/v1/stream", "/v1/text"),
        *("/storyboard/jobs/json", "/other/json"),
    ],
)
async def test_other_answers_are_left_as_they_are(path: str, app: httpx2.AsyncClient) -> None:
    answer = await app.get(path, headers={"If-None-Match": "*"})

    assert "ETag" not in answer.headers
    assert answer.text == "{}"


async def test_only_a_get_has_a_tag(app: httpx2.AsyncClient) -> None:
    assert "ETag" not in (await app.post("/v1/json")).headers


async def test_a_tag_of_its_own_stays(app: httpx2.AsyncClient) -> None:
    assert (await app.get("/v1/own")).headers.get_list("ETag") == ['"own"']


async def test_how_long_it_may_be_kept_stays(app: httpx2.AsyncClient) -> None:
    assert (await app.get("/v1/kept")).headers["Cache-Control"] == "private"


async def test_a_body_in_pieces_is_passed_on_with_its_head() -> None:
    sent: list[Message] = []
    headers = [(b"content-length", b"2"), (b"content-type", b"application/json")]
    messages: list[Message] = [
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": b"{", "more_body": True},
        {"type": "http.response.body", "body": b"}"},
    ]

    async def answers(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "GET", "path": "/v1/things", "headers": []}
    await Conditional(answers)(scope, receive, send)

    assert sent == messages
