"""Answers that are held until a job has ended, over HTTP."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from starlette.types import Message, Receive, Scope, Send

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.api.application import create_app
from storyloom.api.ends import Ends
from storyloom.api.errors import render_errors
from storyloom.api.idempotency import HEADER as KEY
from storyloom.api.idempotency import Idempotency
from storyloom.api.waiting import APPLIED, PREFER, STATE, Waiting
from storyloom.events.state import Events
from storyloom.kit.ids import new_job_id

CODE = {"file_content": "x = 1\n", "file_name": "x.py", "format": "square"}
RUNS = "/api/v1/automation/runs"
SCRIPT = {"script": "A ship sails at night."}
WAIT = {PREFER: "wait=50"}
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "body", "polled"), [("/storyboard/code", CODE, "poll_url"), (RUNS, SCRIPT, "pollUrl")]
)
def test_a_poll_is_held_until_the_job_has_ended(
    client: httpx2.Client, path: str, body: dict[str, str], polled: str
) -> None:
    accepted = client.post(path, json=body, headers={"X-Org-ID": f"org-{uuid4()}"})
    url = accepted.json()[polled]
    org = {"X-Org-ID": accepted.request.headers["X-Org-ID"]}

    waited = client.get(f"{url}?wait=50", headers=org)

    plain = client.get(url, headers=org)
    assert (waited.status_code, waited.json()["status"]) == (200, "completed")
    assert waited.content == plain.content
    assert waited.headers["ETag"] == plain.headers["ETag"]
    assert "Retry-After" not in waited.headers


@pytest.mark.parametrize(("path", "body"), [("/storyboard/code", CODE), (RUNS, SCRIPT)])
def test_a_post_is_answered_with_the_finished_job(
    client: httpx2.Client, path: str, body: dict[str, str]
) -> None:
    headers = WAIT | {"X-Org-ID": f"org-{uuid4()}", KEY: str(uuid4())}

    answer = client.post(path, json=body, headers=headers)
    again = client.post(path, json=body, headers=headers)

    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert answer.headers[APPLIED] == "wait=50"
    assert client.get(answer.headers["Location"], headers=headers).content == answer.content
    assert again.content == answer.content
    assert again.headers["Idempotency-Replayed"] == "true"


def test_whoever_does_not_want_to_wait_does_not(client: httpx2.Client) -> None:
    plain = client.post("/storyboard/code", json=CODE)
    asynchronous = client.post("/storyboard/code", json=CODE, headers={PREFER: "respond-async"})

    assert (plain.status_code, asynchronous.status_code) == (202, 202)
    assert (plain.headers.get(APPLIED), asynchronous.headers[APPLIED]) == (None, "respond-async")
    assert plain.json().keys() == asynchronous.json().keys()


@pytest.mark.parametrize("wait", ["-1", "61", "x", "1.5", "", "9999999999"])
def test_a_wait_is_a_number_of_seconds(client: httpx2.Client, wait: str) -> None:
    answer = client.get(f"/storyboard/jobs/{new_job_id()}?wait={wait}")

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "wait"]


@pytest.mark.parametrize("path", ["/storyboard/jobs", RUNS])
def test_nobody_waits_for_what_is_not_there(client: httpx2.Client, path: str) -> None:
    assert client.get(f"{path}/{new_job_id()}?wait=60").status_code == 404


def test_many_may_wait_at_once(client: httpx2.Client) -> None:
    url = client.post("/storyboard/code", json=CODE).json()["poll_url"]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(client.get, [f"{url}?wait=50"] * 8))

    assert [answer.json()["status"] for answer in answers] == ["completed"] * 8


def test_the_document_names_it_where_a_job_is_made_or_told() -> None:
    paths = create_app().openapi()["paths"]

    waited = {p for p, one in paths.items() if "wait" in _names(one.get("get"))}
    preferred = {p for p, one in paths.items() if PREFER in _names(one.get("post"))}
    assert {"/storyboard/jobs/{job_id}", f"{RUNS}/{{run_id}}", "/v1/jobs/{job_id}"} <= waited
    assert {"/storyboard/code", "/storyboard/jobs/{job_id}/revise", RUNS} <= preferred
    for path in preferred:
        assert {"200", "202"} <= paths[path]["post"]["responses"].keys()


def _names(operation: dict[str, list[dict[str, str]]] | None) -> set[str]:
    return {one["name"] for one in (operation or {}).get("parameters", ())}


def test_the_examples_of_the_page(client: httpx2.Client) -> None:
    found = re.search(r"-H 'Prefer: (\S+)' \\\n +-d '(.+)'", PAGE)
    assert found is not None
    headers = {PREFER: found[1], "Content-Type": "application/json"}

    answer = client.post("/storyboard/code", content=found[2], headers=headers)

    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert answer.headers[APPLIED] == found[1]


class Tried:
    """An app with the middleware, called without a server. Its job does not end by itself."""

    def __init__(self) -> None:
        self.polls: list[Scope] = []
        self.status = 200
        self.location = f"/v1/jobs/{new_job_id()}"
        app = FastAPI()
        render_errors(app)
        app.add_api_route("/v1/jobs/{job_id}", self.poll, methods=["GET"])
        app.add_api_route("/v1/jobs", self.accept, methods=["POST"])
        app.add_middleware(Waiting)
        self._app = app
        self._state = {STATE: Ends(Events(MemoryEventLog(), MemoryEventBus()), self.outdate)}
        self.routes: list[object] = []

    async def outdate(self, job_id: str) -> None: ...

    async def poll(self, request: Request) -> Response:
        self.polls.append(request.scope)
        body = b"" if self.status == 304 else b"{}"
        return Response(body, self.status, {"Retry-After": "1"})

    async def accept(self) -> Response:
        return Response(b"accepted", 202, {"Location": self.location})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        called = {**scope, "state": dict(self._state)}
        await self._app(called, receive, send)
        self.routes.append(called.get("route"))

    async def ask(self, method: str, path: str, **headers: str) -> httpx2.Response:
        transport = httpx2.ASGITransport(app=self)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, headers=headers)


@pytest.fixture
async def tried() -> Tried:
    return Tried()


@pytest.mark.parametrize(
    ("prefer", "applied"),
    [
        ("wait=1", "wait=1"),
        ('WAIT="1"; a=b', "wait=1"),
        ("respond-async, wait=1", "respond-async, wait=1"),
        ("wait=0", "wait=0"),
        ("respond-async", "respond-async"),
        ("wait=x, handling=lenient", None),
        ("wait=1, wait=30", "wait=1"),
    ],
)
async def test_preferences_are_read_as_the_standard_has_them(
    tried: Tried, prefer: str, applied: str | None
) -> None:
    answer = await tried.ask("POST", "/v1/jobs", Prefer=prefer)

    assert (answer.status_code, answer.text) == (202, "accepted")
    assert answer.headers.get(APPLIED) == applied


async def test_a_wait_is_cut_to_the_longest(tried: Tried) -> None:
    tried.status = 404  # gone before anybody looked

    answer = await tried.ask("POST", "/v1/jobs", Prefer="wait=3600")

    assert (answer.status_code, answer.headers[APPLIED]) == (202, "wait=60")


async def test_what_is_no_job_is_not_waited_for(tried: Tried) -> None:
    tried.location = "/v1/things/1"

    answer = await tried.ask("POST", "/v1/jobs", Prefer="wait=60")

    assert (answer.status_code, APPLIED in answer.headers, tried.polls) == (202, False, [])


async def test_whoever_knows_the_answer_is_held_too(tried: Tried) -> None:
    tried.status = 304

    answer = await tried.ask("GET", f"{tried.location}?wait=1", **{"If-None-Match": '"a"'})

    assert answer.status_code == 304
    assert len(tried.polls) == 3, "at once, when it listens, and when the time is over"
    assert getattr(tried.routes[0], "path", None) == "/v1/jobs/{job_id}"


async def test_a_post_looks_with_its_own_label_and_nothing_else(tried: Tried) -> None:
    label = {"X-Org-ID": "acme", "If-None-Match": '"a"'}

    await tried.ask("POST", "/v1/jobs", Prefer="wait=1", **label)

    assert {tuple(scope["headers"]) for scope in tried.polls} == {((b"x-org-id", b"acme"),)}


@pytest.mark.parametrize("path", ["/v1/jobs/none?wait=x", "/v1/jobs/none?await=1"])
async def test_other_addresses_are_passed_on(tried: Tried, path: str) -> None:
    assert (await tried.ask("GET", path)).status_code == 200
    assert len(tried.polls) == 1


async def test_a_query_that_only_looks_like_it_waits_for_nothing(tried: Tried) -> None:
    assert (await tried.ask("GET", f"{tried.location}?await=9")).status_code == 200
    assert len(tried.polls) == 1


async def test_whoever_has_gone_is_waited_for_no_longer(tried: Tried) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": tried.location,
        "headers": [],
        "query_string": b"wait=60",
    }
    await tried(scope, receive, send)

    assert sent[0]["status"] == 200


async def test_whoever_leaves_while_it_sends_its_request_is_answered_nothing(tried: Tried) -> None:
    sent: list[Message] = []
    coming: list[Message] = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(PREFER.lower().encode(), b"wait=60"), (KEY.lower().encode(), b"one")]
    scope: Scope = {"type": "http", "method": "POST", "path": "/v1/jobs", "headers": headers}
    await Waiting(Idempotency(tried))(scope, receive, send)

    assert (sent, tried.routes) == ([], [])
