"""Health, limits, errors and documents of the app."""

import json
import re
from http.client import HTTPConnection
from importlib.metadata import version

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from storyloom.api.application import create_app
from storyloom.api.bodies import DEFAULT_LIMIT, LIMITS, BodyLimit
from storyloom.api.errors import render_errors
from storyloom.errors import InvalidInput, RateLimited, Unavailable

MIB = 1024 * 1024


@pytest.mark.parametrize("path", ["/healthz", "/livez"])
def test_it_lives(path: str, client: httpx2.Client) -> None:
    assert client.get(path).json() == {"status": "ok"}


def test_it_tells_its_version(client: httpx2.Client) -> None:
    assert client.get("/version").json() == {"name": "storyloom", "version": version("storyloom")}


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_the_documentation_needs_no_internet(page: str, client: httpx2.Client) -> None:
    text = client.get(page).text

    scripts = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert scripts
    assert [s for s in scripts if not s.startswith("/")] == []
    assert {client.get(s).status_code for s in scripts} == {200}


@pytest.mark.parametrize("path", list(LIMITS))
def test_a_body_that_announces_too_much_is_refused_unread(path: str, server: str) -> None:
    connection = HTTPConnection(server.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(LIMITS[path] + 1))
    connection.endheaders()

    answer = connection.getresponse()

    assert answer.status == 413
    assert "MiB" in json.loads(answer.read())["detail"]
    connection.close()


def test_a_body_that_does_not_announce_its_size_is_refused_at_the_limit(
    client: httpx2.Client,
) -> None:
    chunks = (b" " * 65536 for _ in range(3 * MIB // 65536))

    answer = client.post(
        "/storyboard/code", content=chunks, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413


def test_other_routes_take_small_bodies_only(client: httpx2.Client) -> None:
    answer = client.post("/nowhere", content=b"x" * (DEFAULT_LIMIT + 1))

    assert answer.status_code == 413
    assert "64 KiB" in answer.json()["detail"]


def test_an_unknown_route_is_a_404(client: httpx2.Client) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not Found"}


def test_the_document_names_presets_and_examples(client: httpx2.Client) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]

    fields = schemas["CodeStoryboardRequest"]["properties"]
    assert fields["stage"]["enum"] == ["preview", "demo", "shipped"]
    assert fields["audience"]["default"] == "c_suite"
    assert schemas["CodeStoryboardRequest"]["examples"][0]["file_name"] == "calculator.py"
    assert set(schemas["ValidationError"]["properties"]) == {"loc", "msg", "type"}


def test_the_document_can_be_made_without_a_server() -> None:
    app = create_app()

    assert app.openapi() is app.openapi()
    assert "/storyboard/jobs/{job_id}" in app.openapi()["paths"]


def test_the_document_refers_to_nothing_that_it_does_not_have() -> None:
    document = create_app().openapi()
    there = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

    assert set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))) <= there


@pytest.fixture
def faulty() -> httpx2.AsyncClient:
    app = FastAPI()
    render_errors(app)

    def fails(fault: Exception) -> None:
        raise fault

    app.add_api_route("/wait", lambda: fails(RateLimited("Slow down.", retry_after_s=7)))
    app.add_api_route("/down", lambda: fails(Unavailable("Down.", system="x")))
    app.add_api_route("/input", lambda: fails(InvalidInput("Bad.", loc=("query", "q"))))
    app.add_api_route("/bare", lambda: fails(InvalidInput("Bad.")))
    app.add_api_route("/bug", lambda: fails(RuntimeError("password=hunter2")))
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/wait", 429, {"detail": "Slow down.", "code": "rate_limited"}),
        ("/down", 503, {"detail": "Down.", "code": "unavailable"}),
        (
            "/input",
            422,
            {"detail": [{"loc": ["query", "q"], "msg": "Bad.", "type": "invalid_input"}]},
        ),
        ("/bare", 422, {"detail": "Bad.", "code": "invalid_input"}),
        (
            "/bug",
            500,
            {"detail": "Something unexpected happened inside Storyloom.", "code": "internal"},
        ),
    ],
)
async def test_errors_are_rendered_in_one_place(
    path: str, status: int, body: object, faulty: httpx2.AsyncClient
) -> None:
    answer = await faulty.get(path)

    assert answer.status_code == status
    assert answer.json() == body


async def test_an_unavailable_part_says_when_to_come_back(faulty: httpx2.AsyncClient) -> None:
    waits = [(await faulty.get(path)).headers["Retry-After"] for path in ("/wait", "/down")]

    assert waits == ["7", "5"]


async def test_what_is_no_request_has_no_body_to_limit() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None: ...

    await BodyLimit(app)({"type": "lifespan"}, receive, send)

    assert seen == ["lifespan"]
