"""Keys over HTTP: who is turned away and how, and the routes about keys."""

import time
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from storyloom.access.gate import OPEN, Admission, Asked, Gate
from storyloom.access.keys import new_id, new_key
from storyloom.access.schemas import Caller
from storyloom.api.access import Access
from storyloom.api.application import create_app
from storyloom.errors import NotAuthenticated
from tests.api.conftest import Json
from tests.measuring import measured
from tests.servers import running

ADMIN = "the-key-of-the-settings-of-a-test-server"
CODE = {
    "file_content": "def pays_back(cost, gain):\n    return gain - cost\n",
    "file_name": "roi.py",
}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    folder = tmp_path_factory.mktemp("guarded") / "data"
    chosen = {"STORYLOOM_ADMIN_KEY": ADMIN, "STORYLOOM_RATE_LIMIT": "200/day", **measured()}
    with running(folder, **chosen) as server:
        yield server.url


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def admin(guarded: str) -> Generator[httpx2.Client]:
    with httpx2.Client(base_url=guarded, timeout=30, headers=bearer(ADMIN)) as client:
        yield client


PROBLEM = {"type", "title", "status", "detail", "instance", "code", "retryable", "request_id"}


def make(admin: httpx2.Client, *scopes: str, **more: object) -> Json:
    answer = admin.post("/v1/keys", json={"name": "one", "scopes": scopes or ["admin"], **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "headers", [{}, bearer(new_key(new_id())), {"Authorization": "Basic eA=="}]
)
@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/storyboard/jobs", {"detail", "code"}),
        ("/storyboard/jobs/00000000-0000-4000-8000-000000000000", {"detail", "code"}),
        ("/v1/keys", PROBLEM),
        ("/metrics", {"detail", "code"}),
        ("/nowhere", {"detail", "code"}),
        ("/api/v1/session/latest", {"success", "error"}),
        ("/api/v1/notifications/check", {"success", "error"}),
        ("/api/v1/gpu/status", {"success", "error"}),
        ("/api/v1/nowhere", {"success", "error"}),
    ],
)
def test_whoever_has_no_key_is_told_in_the_shape_of_the_route(
    guarded: str, path: str, shape: set[str], headers: dict[str, str]
) -> None:
    answer = httpx2.get(guarded + path, headers=headers)

    assert answer.status_code == 401
    assert set(answer.json()) == shape
    assert answer.json().get("success", False) is False
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "X-Request-Id" in answer.headers


def test_a_body_is_not_read_before_its_sender_is_known(guarded: str) -> None:
    answer = httpx2.post(f"{guarded}/storyboard/code", content=b"{", headers={"X-Org-ID": ""})

    assert answer.status_code == 401


def test_a_page_of_another_origin_can_read_why(guarded: str) -> None:
    origin = {"Origin": "http://localhost:5173"}
    ask = origin | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }

    before = httpx2.options(f"{guarded}/storyboard/jobs", headers=ask)
    answer = httpx2.get(f"{guarded}/storyboard/jobs", headers=origin)

    assert before.status_code == 200, "a preflight has no key"
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == origin["Origin"]


def test_a_key_says_which_organisation_it_is(admin: httpx2.Client) -> None:
    key = make(admin, "storyboards")
    with httpx2.Client(base_url=admin.base_url, headers=bearer(key["key"])) as client:
        job = client.post("/storyboard/code", json=CODE).json()

        shown = client.get(job["poll_url"]).json()
        same = client.get(job["poll_url"], headers={"X-Org-ID": "default"})
        other = client.get(job["poll_url"], headers={"X-Org-ID": "beta"})

    assert shown["org_id"] == "default"
    assert same.status_code == 200
    assert (other.status_code, other.json()["code"]) == (403, "foreign_organisation")


def test_without_keys_a_strangers_name_leads_nowhere(server: str) -> None:
    jobs = f"{server}/storyboard/jobs"

    assert httpx2.get(jobs).status_code == 200
    assert httpx2.get(jobs, headers={"Host": "evil.example"}).status_code == 401
    assert httpx2.get(jobs, headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 401


@pytest.mark.parametrize(
    ("origin", "may_call"),
    [
        ("https://evil.example", False),
        ("null", False),
        ("http://127.0.0.1:1@evil.example", False),
        ("http://localhost:5173", True),
        (None, True),  #: the server's own
    ],
)
def test_without_keys_a_strangers_page_does_nothing(
    server: str, origin: str | None, *, may_call: bool
) -> None:
    """Browsers send such a request without asking first, and keep only its answer from the page."""
    answer = httpx2.post(
        f"{server}/api/v1/notifications/notif_unknown/ack", headers={"Origin": origin or server}
    )

    assert answer.status_code == (404 if may_call else 403)
    assert answer.json()["success"] is False


def test_a_missing_scope_is_named(admin: httpx2.Client) -> None:
    key = make(admin, "gpu")["key"]

    storyboards = httpx2.get(f"{admin.base_url}/storyboard/jobs", headers=bearer(key))
    stories = httpx2.get(f"{admin.base_url}/api/v1/session/latest", headers=bearer(key))

    assert (storyboards.status_code, stories.status_code) == (403, 403)
    assert "'storyboards'" in storyboards.json()["detail"]
    assert "'stories'" in stories.json()["error"]


def test_keys_are_made_shown_and_revoked(admin: httpx2.Client) -> None:
    made = admin.post("/v1/keys", json={"name": "ci", "scopes": ["storyboards", "gpu"]})
    key = made.json()
    mine = bearer(key["key"])
    used = httpx2.get(f"{admin.base_url}/storyboard/jobs", headers=mine)
    end = time.monotonic() + 20
    while True:
        (listed,) = [k for k in admin.get("/v1/keys").json()["keys"] if k["id"] == key["id"]]
        if listed["last_used_at"] is not None:
            break
        assert time.monotonic() < end
        time.sleep(0.05)

    assert made.headers["Cache-Control"] == "no-store"
    assert key["key"].startswith(key["prefix"] + "_")
    assert used.status_code == 200
    assert {**listed, "last_used_at": None, "key": key["key"]} == key
    assert "digest" not in listed

    for _ in range(2):
        assert admin.delete(f"/v1/keys/{key['id']}").status_code == 204
    assert httpx2.get(f"{admin.base_url}/storyboard/jobs", headers=mine).status_code == 401
    unknown = admin.delete("/v1/keys/nobody")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "key_not_found")
    assert unknown.json()["detail"] == "Key 'nobody' not found"


def test_a_key_makes_keys_for_its_own_organisation_only(admin: httpx2.Client) -> None:
    acme = make(admin, "admin", org_id="acme")
    beta = make(admin, "gpu", org_id="beta")
    with httpx2.Client(base_url=admin.base_url, headers=bearer(acme["key"])) as client:
        wanted = {"name": "x", "scopes": ["gpu"]}
        foreign = client.post("/v1/keys", json=wanted | {"org_id": "beta"})
        own = client.post("/v1/keys", json=wanted)
        listed = {key["org_id"] for key in client.get("/v1/keys").json()["keys"]}
        revoked = client.delete(f"/v1/keys/{beta['id']}")

    assert (foreign.status_code, revoked.status_code) == (403, 404)
    assert own.json()["org_id"] == "acme"
    assert listed == {"acme"}
    assert {key["org_id"] for key in admin.get("/v1/keys").json()["keys"]} >= {"acme", "beta"}


def test_the_operator_may_act_for_everybody(admin: httpx2.Client) -> None:
    job = admin.post("/storyboard/code", json=CODE, headers={"X-Org-ID": "acme"}).json()

    assert admin.get(job["poll_url"]).json()["org_id"] == "acme"
    assert admin.get(job["poll_url"], headers={"X-Org-ID": "beta"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": ["gpu"]}, "#/name"),
        ({"name": "x", "scopes": ["everything"]}, "#/scopes/0"),
        ({"name": "x", "scopes": ["gpu"], "expires_at": "2001-01-01T00:00:00Z"}, "#/expires_at"),
    ],
)
def test_wrong_wishes_name_their_field(admin: httpx2.Client, body: Json, field: str) -> None:
    answer = admin.post("/v1/keys", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == field


def test_figures_are_for_administrators(admin: httpx2.Client) -> None:
    key = make(admin, "storyboards", "stories", "gpu", "engine")["key"]

    assert httpx2.get(f"{admin.base_url}/metrics", headers=bearer(key)).status_code == 403
    assert "storyloom_" in admin.get("/metrics").text


def test_too_many_requests_are_told_when_to_go_on(admin: httpx2.Client) -> None:
    key = make(admin, "storyboards", "stories")["key"]
    job = "/storyboard/jobs/00000000-0000-4000-8000-000000000000"

    with httpx2.Client(base_url=admin.base_url, headers=bearer(key)) as client:
        answers = [client.get(job) for _ in range(201)]
        stories = client.get("/api/v1/session/latest")

    first, last = answers[0], answers[-1]
    assert (first.status_code, last.status_code) == (404, 429)
    assert first.headers["RateLimit-Policy"] == '"default";q=200;w=86400'
    assert first.headers["RateLimit"].startswith('"default";r=199;t=')
    assert 0 < int(last.headers["Retry-After"]) <= 86_400
    assert last.headers["RateLimit"] == f'"default";r=0;t={last.headers["Retry-After"]}'
    assert last.headers["RateLimit-Policy"] == first.headers["RateLimit-Policy"]
    assert last.json()["code"] == "too_many_requests"
    assert (stories.status_code, set(stories.json())) == (429, {"success", "error"})
    assert httpx2.get(f"{admin.base_url}/healthz", headers=bearer(key)).status_code == 200


def test_the_document_says_what_a_key_has_to_cover(guarded: str, server: str) -> None:
    document = httpx2.get(f"{guarded}/openapi.json").json()
    private = httpx2.get(f"{server}/openapi.json").json()

    (scheme,) = document["components"]["securitySchemes"]
    assert document["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path in OPEN:
                assert "security" not in operation
                continue
            assert operation["security"] == [{scheme: []}], path
            assert {"401", "403", "429"} <= set(operation["responses"]), path
            assert private["paths"][path][method]["security"] == [{scheme: []}, {}]
    assert document["paths"]["/storyboard/jobs"]["get"]["x-scope"] == "storyboards"


def test_a_route_of_its_own_scope_is_named() -> None:
    """A path that is not named needs `admin`: see that nobody only forgot it."""
    admin = [
        path
        for path, operations in create_app().openapi()["paths"].items()
        if any(operation.get("x-scope") == "admin" for operation in operations.values())
    ]

    meant = ("/v1/keys", "/v1/queues", "/v1/doctor")
    assert [path for path in admin if not path.startswith(meant)] == []


class Shut(Gate):
    """Lets nobody in, or everybody."""

    def __init__(self, *, is_open: bool) -> None:
        self._is_open = is_open

    async def admit(self, asked: Asked) -> Admission:
        if not self._is_open:
            raise NotAuthenticated("No.")
        return await Gate.admit(self, Asked("/docs", (), (), None))


async def _socket(*, is_open: bool) -> tuple[list[Message], list[Scope]]:
    sent: list[Message] = []
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "websocket",
        "path": "/api/v1/news",
        "headers": [],
        "state": {"gate": Shut(is_open=is_open)},
    }
    await Access(app)(scope, receive, send)
    await Access(app)({"type": "lifespan"}, receive, send)
    return sent, seen


async def test_a_web_socket_passes_the_same_gate() -> None:
    sent, seen = await _socket(is_open=False)
    assert [message["code"] for message in sent] == [1008]
    assert [scope["type"] for scope in seen] == ["lifespan"]

    sent, seen = await _socket(is_open=True)
    assert sent == []
    assert isinstance(seen[0]["state"]["caller"], Caller)


async def test_without_a_gate_nobody_is_let_in() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        pytest.fail("let in")

    scope: Scope = {"type": "http", "path": "/", "headers": [], "state": {}}
    with pytest.raises(KeyError):
        await Access(app)(scope, app, app)  # pyright: ignore[reportArgumentType]


def test_a_first_key_is_seen_by_a_running_server(tmp_path: Path) -> None:
    with running(tmp_path / "data", "--log-level", "warning") as server:
        assert "none, so only this machine can call" in server.said
        made = httpx2.post(f"{server.url}/v1/keys", json={"name": "x", "scopes": ["admin"]}).json()

        shut = httpx2.get(f"{server.url}/storyboard/jobs")
        opened = httpx2.get(f"{server.url}/storyboard/jobs", headers=bearer(made["key"]))
        gone = httpx2.delete(f"{server.url}/v1/keys/{made['id']}", headers=bearer(made["key"]))
        again = httpx2.get(f"{server.url}/storyboard/jobs")

    statuses = [answer.status_code for answer in (shut, opened, gone, again)]
    assert statuses == [401, 200, 204, 200]
