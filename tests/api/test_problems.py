"""Problem details: their shape, where they are used, and that every code is written down."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import Body, FastAPI
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from storyloom.access.gate import Admission, Asked, Gate
from storyloom.access.schemas import Caller, RateLimit, Standing
from storyloom.api.access import Access
from storyloom.api.application import create_app
from storyloom.api.bodies import DEFAULT_LIMIT, BodyLimit
from storyloom.api.errors import render_errors
from storyloom.api.problems import HTTP_CODES, MEDIA_TYPE
from storyloom.api.requests import Requests
from storyloom.errors import InvalidInput, RateLimited, StoryloomError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
CODE = re.compile(r'^    code(: ClassVar\[str\])? = "', re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| (\d{3}) \| (yes|no) \| (.+) \|$", re.MULTILINE)


class Thing(BaseModel):
    names: list[int]


class Open(Gate):
    """Lets everybody in, and says what is left."""

    def __init__(self) -> None: ...

    async def admit(self, asked: Asked) -> Admission:
        return Admission(Caller(), Standing(RateLimit(9, "minute"), 8, 30))


@pytest.fixture
def client() -> httpx2.AsyncClient:
    app = FastAPI()
    render_errors(app)

    async def fails(fault: str) -> None:
        faults: dict[str, Exception] = {
            "slow": RateLimited("Slow down.", retry_after_s=7),
            "field": InvalidInput("Bad.", loc=("body", "a/b", 0), kind="bad"),
            "bare": InvalidInput("Bad."),
            "bug": RuntimeError("password=hunter2"),
        }
        raise faults[fault]

    async def takes(thing: Thing, limit: int) -> None: ...

    async def reads(text: bytes = Body()) -> None: ...

    app.add_api_route("/v1/things/{fault}", fails)
    app.add_api_route("/v1/things", takes, methods=["POST"])
    app.add_api_route("/v1/raw", reads, methods=["POST"])
    for middleware in (BodyLimit, Access, Requests):
        app.add_middleware(middleware)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "state": {"gate": Open()}}, receive, send)

    transport = httpx2.ASGITransport(app=served, raise_app_exceptions=False)
    headers = {"X-Request-Id": "r-1"}
    return httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers)


def problem(answer: httpx2.Response) -> dict[str, Any]:
    told = answer.json()
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert answer.headers["X-Request-Id"] == told["request_id"] == "r-1"
    assert answer.headers["RateLimit"] == '"default";r=8;t=30'
    assert told["status"] == answer.status_code
    assert told["type"] == f"urn:storyloom:error:{told['code']}"
    assert told["title"]
    return told


@pytest.mark.parametrize(
    ("fault", "status", "code", "retryable"),
    [
        ("slow", 429, "rate_limited", True),
        ("field", 422, "invalid_input", False),
        ("bare", 422, "invalid_input", False),
        ("bug", 500, "internal", False),
    ],
)
async def test_every_error_is_a_problem(
    fault: str, status: int, code: str, *, retryable: bool, client: httpx2.AsyncClient
) -> None:
    answer = await client.get(f"/v1/things/{fault}")

    told = problem(answer)
    assert (answer.status_code, told["code"], told["retryable"]) == (status, code, retryable)
    assert told["instance"] == f"/v1/things/{fault}"
    assert "hunter2" not in answer.text


async def test_what_may_pass_says_when_to_come_back(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/v1/things/slow")).headers["Retry-After"] == "7"


async def test_a_field_is_named_by_a_pointer(client: httpx2.AsyncClient) -> None:
    told = problem(await client.get("/v1/things/field"))

    assert told["detail"] == "Bad."
    assert told["errors"] == [{"detail": "Bad.", "code": "bad", "pointer": "#/a~1b/0"}]


async def test_each_wrong_field_is_named(client: httpx2.AsyncClient) -> None:
    told = problem(await client.post("/v1/things?limit=x", json={"names": [1, "x"]}))

    query, body = told["errors"]
    assert (query["parameter"], query["in"]) == ("limit", "query")
    assert (body["pointer"], body["code"]) == ("#/names/1", "int_parsing")
    assert told["detail"] == f"limit: {query['detail']} (and 1 more)"


@pytest.mark.parametrize("body", [b"{", b"\xff", b""])
async def test_a_body_that_is_no_json_is_named_as_a_whole(
    body: bytes, client: httpx2.AsyncClient
) -> None:
    json_headers = {"Content-Type": "application/json"}
    told = problem(await client.post("/v1/things?limit=1", content=body, headers=json_headers))

    assert [e["pointer"] for e in told["errors"]] == ["#"]
    assert told["detail"] == told["errors"][0]["detail"]


async def test_what_http_says_by_itself_is_a_problem_too(client: httpx2.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * (DEFAULT_LIMIT // 2)

    answers = [
        await client.get("/v1/nowhere/ä"),
        await client.delete("/v1/things"),
        await client.post("/v1/raw", content=b"x" * (DEFAULT_LIMIT + 1)),
        await client.post("/v1/raw", content=chunks()),
    ]

    told = [problem(answer) for answer in answers]
    assert [one["code"] for one in told] == [
        *("not_found", "method_not_allowed", "body_too_large", "body_too_large"),
    ]
    assert told[0]["instance"] == "/v1/nowhere/%C3%A4"
    assert answers[1].headers["Allow"] == "POST"
    assert not any(one["retryable"] for one in told)


async def test_other_routes_keep_their_bodies(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/nowhere")

    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_the_document_has_the_shape_of_every_error_there() -> None:
    document = create_app().openapi()

    errors = [
        (path, response)
        for path, operations in document["paths"].items()
        for operation in operations.values()
        for status, response in operation["responses"].items()
        if status >= "400"
    ]
    assert {path.startswith("/v1/") for path, _ in errors} == {True, False}
    for path, response in errors:
        assert (list(response.get("content", ())) == [MEDIA_TYPE]) == path.startswith("/v1/"), path
    assert {"Problem", "FieldFault"} <= document["components"]["schemas"].keys()


def _classes() -> set[type[StoryloomError]]:
    """Every class of error that has a code of its own, wherever it is."""
    source = ROOT / "src"
    for path in source.rglob("*.py"):
        if CODE.search(path.read_text("utf-8")):
            import_module(".".join(path.relative_to(source).with_suffix("").parts))

    def below(cls: type[StoryloomError]) -> Iterator[type[StoryloomError]]:
        yield cls
        for one in cls.__subclasses__():
            yield from below(one)

    return {cls for cls in below(StoryloomError) if cls.__module__.startswith("storyloom.")}


def test_every_code_is_in_the_table() -> None:
    listed = {code: (int(status), retry == "yes") for code, status, retry, _ in ROW.findall(PAGE)}

    classes = _classes()
    codes = {(cls.code, cls.http_status, cls.retryable) for cls in classes}
    of_http = {(code, status, False) for status, code in HTTP_CODES.items()}
    wanted = {code: (status, retry) for code, status, retry in codes | of_http}
    assert len(wanted) == len(codes | of_http), "a code has one status"
    assert listed == wanted


def test_the_example_of_the_page_is_what_is_answered(server: str) -> None:
    told = json.loads(re.search(r"```json\n(.+?)```", PAGE, re.DOTALL)[1])  # type: ignore[index]

    answer = httpx2.get(f"{server}{told['instance']}?limit=0")

    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert answer.json() == told | {"request_id": answer.headers["X-Request-Id"]}
