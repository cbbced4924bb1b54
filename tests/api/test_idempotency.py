"""`Idempotency-Key` over HTTP: done once, answered again, and never for another."""

import asyncio
import re
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import anyio
import httpx2
import pytest
from fastapi import FastAPI, HTTPException, Request, Response
from starlette.types import Message, Receive, Scope, Send

from storyloom.access.callers import STATE as CALLER
from storyloom.access.schemas import Caller
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.idempotency_store import SqlIdempotencyStore
from storyloom.api.application import create_app
from storyloom.api.bodies import DEFAULT_LIMIT, BodyLimit
from storyloom.api.errors import render_errors
from storyloom.api.idempotency import HEADER, REPLAYED, STATE, Idempotency
from storyloom.errors import Unavailable
from storyloom.idempotency.state import MAX_ANSWER_BYTES, IdempotencyKeys
from storyloom.kit.clock import SystemClock
from tests.until import until

CODE = {"file_content": "x = 1\n", "file_name": "x.py", "format": "square"}
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


def key(name: str | None = None) -> dict[str, str]:
    return {HEADER: name or str(uuid4())}


def jobs_of(client: httpx2.Client, org: dict[str, str]) -> int:
    return len(client.get("/storyboard/jobs", headers=org).json()["jobs"])


def test_a_request_that_is_sent_again_is_answered_again_and_done_once(
    client: httpx2.Client,
) -> None:
    headers = key() | {"X-Org-ID": f"org-{uuid4()}"}

    first, second = (client.post("/storyboard/code", json=CODE, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (202, 202)
    assert first.content == second.content
    assert (first.headers.get(REPLAYED), second.headers.get(REPLAYED)) == (None, "true")
    kept = ("Content-Type", "Content-Length", "Location", "Retry-After")
    assert [second.headers[name] for name in kept] == [first.headers[name] for name in kept]
    assert second.headers.get_list("X-Request-Id") != first.headers.get_list("X-Request-Id")
    assert jobs_of(client, headers) == 1


def test_without_a_key_each_request_is_another(client: httpx2.Client) -> None:
    org = {"X-Org-ID": f"org-{uuid4()}"}

    answers = [client.post("/storyboard/code", json=CODE, headers=org) for _ in range(2)]

    assert [REPLAYED in answer.headers for answer in answers] == [False, False]
    assert jobs_of(client, org) == 2


def test_a_key_is_for_one_request(client: httpx2.Client) -> None:
    headers = key()
    client.post("/storyboard/code", json=CODE, headers=headers)

    other = client.post("/storyboard/code", json=CODE | {"file_name": "y.py"}, headers=headers)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("?a=1", {}),
        ("", {"Content-Type": "application/json; a=b"}),
        ("", {"X-Priority": "low"}),
        ("", {"If-Match": "*"}),
    ],
)
def test_the_whole_request_has_to_be_the_same(
    client: httpx2.Client, query: str, more: dict[str, str]
) -> None:
    headers = key()
    client.post("/storyboard/code", json=CODE, headers=headers)

    answer = client.post(f"/storyboard/code{query}", json=CODE, headers=headers | more)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_save_that_was_refused_may_come_again_and_one_that_was_done_is_answered_again(
    client: httpx2.Client,
) -> None:
    org, headers = {"X-Org-ID": f"org-{uuid4()}"}, key()

    def saved(text: str, **more: str) -> httpx2.Response:
        body = {"timestamp": 1, "scriptText": text}
        return client.post("/api/v1/session/save", json=body, headers=org | more)

    first = saved("first")
    refused = saved("mine", **headers, **{"If-Match": '"another"'})
    seen = {"If-Match": first.headers["ETag"]}
    done = saved("mine", **headers, **seen)
    saved("theirs")
    again = saved("mine", **headers, **seen)

    assert [one.status_code for one in (refused, done, again)] == [412, 200, 200]
    assert (again.headers[REPLAYED], again.headers["ETag"]) == ("true", done.headers["ETag"])
    session = client.get("/api/v1/session/1", headers=org).json()
    assert session["data"]["scriptText"] == "theirs"


def form(
    client: httpx2.Client, headers: dict[str, str], boundary: str, source: str = "x = 1\n"
) -> httpx2.Response:
    mark = "--" + boundary.strip('"')
    named = 'Content-Disposition: form-data; name="file"; filename="x.py"'
    kind = 'Content-Disposition: form-data; name="kind"\r\n\r\ncode_to_storyboard'
    body = f"{mark}\r\n{kind}\r\n{mark}\r\n{named}\r\n\r\n{source}\r\n{mark}--\r\n"
    sent = headers | {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return client.post("/v1/jobs", content=body, headers=sent)


def test_a_form_is_the_same_whatever_its_boundary(client: httpx2.Client) -> None:
    headers = key() | {"X-Org-ID": f"org-{uuid4()}"}

    first, second, third = (form(client, headers, name) for name in ("abc", "d-e", '"f g"'))
    other = form(client, headers, "abc", "y = 1\n")

    assert first.status_code == 202, first.text
    assert first.content == second.content == third.content
    assert third.headers[REPLAYED] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert jobs_of(client, headers) == 1


def test_the_key_of_another_organisation_or_route_is_another(client: httpx2.Client) -> None:
    headers = key()
    mine = client.post("/storyboard/code", json=CODE, headers=headers | {"X-Org-ID": "acme"})

    theirs = client.post("/storyboard/code", json=CODE, headers=headers | {"X-Org-ID": "beta"})
    elsewhere = client.post("/storyboard/roadmap", json=CODE, headers=headers)

    assert theirs.status_code == 202
    assert theirs.json()["job_id"] != mine.json()["job_id"]
    assert elsewhere.json().get("code") != "idempotency_key_reused"


def test_what_the_server_refused_is_refused_again(client: httpx2.Client) -> None:
    headers = key()

    first, second = (client.post("/storyboard/code", json={}, headers=headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (422, 422)
    assert first.content == second.content
    assert second.headers[REPLAYED] == "true"


def test_of_many_at_the_same_time_one_is_done(client: httpx2.Client) -> None:
    headers = key() | {"X-Org-ID": f"org-{uuid4()}"}

    def post(_: int) -> httpx2.Response:
        return client.post("/storyboard/code", json=CODE, headers=headers)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(post, range(8)))

    assert {answer.status_code for answer in answers} <= {202, 409}
    accepted = {answer.json()["job_id"] for answer in answers if answer.status_code == 202}
    assert len(accepted) == jobs_of(client, headers) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_in_flight"
            assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize("name", ["", "x" * 256, "tab\there", "\u00e9"])
def test_a_key_that_is_none_is_refused(client: httpx2.Client, name: str) -> None:
    headers = [(HEADER.encode(), name.encode("latin-1"))]

    answer = client.post("/storyboard/code", json=CODE, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["header", HEADER]


def test_what_is_kept_is_not_given_to_a_request_that_is_wrong(client: httpx2.Client) -> None:
    headers = key()
    client.post("/storyboard/code", json=CODE, headers=headers)

    answer = client.post("/storyboard/code", json=CODE, headers=headers | {"X-Org-ID": ""})

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["header", "X-Org-ID"]


def test_two_keys_are_none(client: httpx2.Client) -> None:
    answer = client.post("/storyboard/code", json=CODE, headers=[(HEADER, "a"), (HEADER, "b")])

    assert answer.status_code == 422


def test_the_document_names_it_in_every_post() -> None:
    posts = [one["post"] for one in create_app().openapi()["paths"].values() if "post" in one]

    assert len(posts) > 10
    for post in posts:
        assert HEADER in {parameter["name"] for parameter in post["parameters"]}
        assert {"409", "422", "503"} <= post["responses"].keys()


def test_the_example_of_the_page(client: httpx2.Client) -> None:
    found = re.search(r"-H 'Idempotency-Key: (\S+)' \\\n +-d '(.+)'", PAGE)
    assert found is not None
    headers = {HEADER: found[1], "Content-Type": "application/json"}

    answers = [client.post("/storyboard/code", content=found[2], headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1].headers[REPLAYED] == "true"


class Tried:
    """An app with the middleware, called without a server."""

    def __init__(self, keys: IdempotencyKeys, caller: Caller) -> None:
        self.calls: int = 0
        self.is_away = False
        self._state = {STATE: keys, CALLER: caller}
        app = FastAPI()
        render_errors(app)
        app.add_api_route("/v1/things/{kind}", self.thing, methods=["POST", "PUT"])
        for middleware in (Idempotency, BodyLimit):
            app.add_middleware(middleware)
        self._app = app

    async def thing(self, kind: str, request: Request) -> Response:
        self.calls += 1
        body = await request.body()
        if kind == "away" and self.is_away:
            raise Unavailable("Away.")
        if kind == "bug" and self.is_away:
            raise RuntimeError
        if kind == "conflict" and self.is_away:
            raise HTTPException(409, "Not now")
        if kind == "secret":
            return Response(b"sl_1", headers={"Cache-Control": "private, no-store"})
        if kind == "gone":
            assert await request.is_disconnected()
        return Response(b"x" * (MAX_ANSWER_BYTES + 1) if kind == "long" else body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "state": dict(self._state)}, receive, send)

    def client(self) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://test", headers=key("one"))


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncGenerator[IdempotencyKeys]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/keys.sqlite") as database:
        yield IdempotencyKeys(SqlIdempotencyStore(database, SystemClock()))


@pytest.fixture
def tried(keys: IdempotencyKeys) -> Tried:
    return Tried(keys, Caller())


@pytest.mark.parametrize(("kind", "status"), [("away", 503), ("bug", 500), ("conflict", 409)])
async def test_what_was_not_done_may_be_tried_again(kind: str, status: int, tried: Tried) -> None:
    async with tried.client() as client:
        tried.is_away = True
        first = await client.post(f"/v1/things/{kind}")
        tried.is_away = False
        second = await client.post(f"/v1/things/{kind}")

    assert (first.status_code, second.status_code) == (status, 200)
    assert REPLAYED not in second.headers
    assert tried.calls == 2


@pytest.mark.parametrize("kind", ["secret", "long"])
async def test_an_answer_that_is_not_kept_is_not_made_again_either(
    kind: str, tried: Tried, tmp_path: Path
) -> None:
    async with tried.client() as client:
        first, second = [await client.post(f"/v1/things/{kind}") for _ in range(2)]

    assert (first.status_code, second.status_code) == (200, 409)
    assert len(first.content) == (4 if kind == "secret" else MAX_ANSWER_BYTES + 1)
    assert second.json()["code"] == "idempotency_answer_not_kept"
    assert tried.calls == 1
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())  # noqa: ASYNC240
    assert b"sl_1" not in written


async def test_a_key_of_the_organisation_is_what_counts(keys: IdempotencyKeys) -> None:
    for org in ("acme", "beta"):
        one = Tried(keys, Caller("k", org))
        async with one.client() as client:
            await client.post("/v1/things/x", headers={"X-Org-ID": "acme"})
        assert one.calls == 1


async def test_other_methods_have_no_keys(tried: Tried) -> None:
    async with tried.client() as client:
        answers = [await client.put("/v1/things/x") for _ in range(2)]

    assert [REPLAYED in answer.headers for answer in answers] == [False, False]


async def test_a_body_in_pieces_is_one_body(tried: Tried) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        yield b"a"
        yield b"b"

    async with tried.client() as client:
        first = await client.post("/v1/things/x", content=pieces())
        second = await client.post("/v1/things/x", content=b"ab")

    assert (first.content, second.content) == (b"ab", b"ab")
    assert second.headers[REPLAYED] == "true"


async def test_a_body_over_its_limit_is_refused_before_it_is_claimed(tried: Tried) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        for _ in range(3):
            yield b"x" * (DEFAULT_LIMIT // 2)

    async with tried.client() as client:
        refused = await client.post("/v1/things/x", content=pieces())
        good = await client.post("/v1/things/x", content=b"ab")

    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    assert (good.status_code, tried.calls) == (200, 1)


async def called(app: Tried, messages: list[Message], kind: str) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": f"/v1/things/{kind}",
        "query_string": b"",
        "headers": [(HEADER.lower().encode(), b"one")],
    }
    await app(scope, receive, send)
    return sent


async def test_whoever_has_gone_before_the_end_of_the_body_has_asked_nothing(
    tried: Tried,
) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]

    assert await called(tried, messages, "x") == []
    assert tried.calls == 0


async def test_whoever_has_gone_after_it_is_answered_when_it_comes_again(tried: Tried) -> None:
    messages: list[Message] = [{"type": "http.request", "body": b"a"}, {"type": "http.disconnect"}]
    await called(tried, messages, "gone")

    async with tried.client() as client:
        again = await client.post("/v1/things/gone", content=b"a")

    assert (again.content, again.headers[REPLAYED]) == (b"a", "true")
    assert tried.calls == 1


class Stuck(Tried):
    """Does not come to an end, the first time."""

    async def thing(self, kind: str, request: Request) -> Response:
        self.calls += 1
        await asyncio.sleep(60 if self.calls == 1 else 0)
        return Response(kind)


async def test_who_is_cancelled_holds_nothing(keys: IdempotencyKeys) -> None:
    stuck = Stuck(keys, Caller())
    messages: list[Message] = [{"type": "http.request", "body": b""}]

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(called, stuck, messages, "x")
        await until(lambda: stuck.calls == 1)
        tasks.cancel_scope.cancel()

    async with stuck.client() as client:
        answer = await client.post("/v1/things/x")
    assert (answer.status_code, answer.text) == (200, "x")
