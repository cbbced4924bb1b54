"""One tenant walks every route of the document with its own key, and finds nothing of another."""

import asyncio
import re
import time
from base64 import b64encode
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from storyloom.access.gate import OPEN
from storyloom.access.schemas import NewKey, Scope
from storyloom.access.state import KeyRing
from storyloom.bootstrap.access import open_key_store
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from tests.servers import running

# In everything that the first tenant makes, and in nothing that the other sends.
MARK = "Xylographica"
SESSION = 1738195200000
BEATS = {"beatId": "b1", "beatText": MARK}
BEAT_PROMPT = {"beatId": "b1", "cinematic": "A ship", "vertical": "A mast"}
EPISODE = {"episodeNumber": 2, "scenes": [{"sceneNumber": 1, "beats": [BEATS]}]}
SETTINGS = {
    "STORYLOOM_NVIDIA_SMI": "none",
    "STORYLOOM_SWARMUI_URL": "http://127.0.0.1:9",
    "STORYLOOM_WEBHOOK_ALLOW": "127.0.0.1",
}


def picture() -> str:
    out = BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "PNG")
    return b64encode(out.getvalue()).decode()


SHOT = "/api/v1/automation/runs/{run_id}/shots/{shot_id}"

#: What is sent to each route that wants a body: as good as what the first tenant has sent.
BODIES: dict[str, Any] = {
    "/storyboard/code": {"file_content": "x = 1\n", "file_name": "x.py"},
    "/storyboard/roadmap": {"image_data": picture()},
    "/storyboard/jobs/{job_id}/revise": {"custom_headline": "Mine now"},
    "/api/v1/session/save": {"timestamp": SESSION + 1, "analyzedEpisode": {"scenes": []}},
    "/api/v1/session/{session_timestamp}/prompts": {"prompts": [BEAT_PROMPT]},
    "/api/v1/trigger/beats-ready": {"sessionTimestamp": SESSION},
    "/v1/jobs": {
        "kind": "code_to_storyboard",
        "input": {"file_content": "x = 1\n", "file_name": "x.py"},
    },
    "/v1/keys": {"name": "mine", "scopes": ["gpu"]},
    "/v1/webhooks": {"url": "http://127.0.0.1:9/mine"},
    "/v1/webhooks/{webhook_id}": {"description": "mine"},
    "/api/v1/gpu/leases": {"holder": "mine"},
    "/api/v1/automation/config": {"style": "mine"},
    "/api/v1/automation/runs": {"script": "A ship sails."},
    "/api/v1/automation/runs/preflight": {"script": "A ship sails."},
    "/api/v1/automation/runs/{run_id}/exports": {"formats": ["otio"]},
    f"{SHOT}/regenerate": {"seed": 7},
    f"{SHOT}/restore": {"version": 1},
}
#: The header that each of these wants: what is in it is a guess.
LEASE = "/api/v1/gpu/leases/{lease_id}"
HEADERS = {LEASE: {"X-Lease-Token": "0" * 64}}


@dataclass
class Tenants:
    """A server, the owner of things at it, and whoever is looking for them."""

    owner: httpx2.Client
    other: httpx2.Client
    ids: dict[str, str]

    def operations(self) -> Iterator[tuple[str, str]]:
        document = self.other.get("/openapi.json").json()
        for path, operations in document["paths"].items():
            for method in operations:
                yield method.upper(), path

    def walk(self, client: httpx2.Client, method: str, path: str) -> httpx2.Response:
        """Call a route about the owner's things."""
        # A route with something new in its path has to be taken up in the test.
        real = re.sub(r"{(\w+)}", lambda found: self.ids[found[1]], path)
        body = (
            {"json": BODIES[path]} if method in {"POST", "PUT", "PATCH"} and path in BODIES else {}
        )
        return client.request(method, real, headers=HEADERS.get(path), **body)

    def belongings(self) -> dict[str, Any]:
        """All that the owner sees of its own."""
        read = [
            *("/storyboard/jobs", f"/storyboard/jobs/{self.ids['job_id']}"),
            *("/v1/webhooks", f"/v1/webhooks/{self.ids['webhook_id']}/deliveries"),
            *("/v1/jobs", f"/v1/jobs/{self.ids['job_id']}", f"/v1/jobs/{self.ids['run_id']}"),
            *("/api/v1/session/list", f"/api/v1/session/{SESSION}"),
            f"/api/v1/session/{SESSION}/prompts-status",
            "/api/v1/notifications/check?type=all",
            *("/api/v1/gpu/leases", "/api/v1/automation/config"),
            *("/api/v1/automation/runs", f"/api/v1/automation/runs/{self.ids['run_id']}"),
            f"/api/v1/automation/runs/{self.ids['run_id']}/exports",
            f"/v1/jobs/{self.ids['export_id']}",
        ]
        seen = {path: self.owner.get(path).json() for path in read}
        for job in seen["/storyboard/jobs"]["jobs"]:
            assert job["org_id"] == "acme"
        return seen


async def _keys(data_dir: Path) -> list[tuple[str, str]]:
    async with open_key_store(Settings.load(data_dir=data_dir)) as store:
        ring = KeyRing(store, SystemClock())
        made = [
            await ring.make(NewKey(name=name, scopes=list(Scope)), org)
            for name, org in ((MARK, "acme"), ("another", "beta"))
        ]
    return [(one.id, one.key) for one in made]


def _belonging(owner: httpx2.Client, key_id: str) -> dict[str, str]:
    """Let the owner have one of everything."""
    code = {"file_content": f"def {MARK}():\n    return 1\n", "file_name": f"{MARK}.py"}
    job = owner.post("/storyboard/code", json=code | {"custom_headline": MARK}).json()
    end = time.monotonic() + 50
    while owner.get(job["poll_url"]).json()["status"] != "completed":
        assert time.monotonic() < end
        time.sleep(0.05)
    session = {"timestamp": SESSION, "scriptText": MARK, "analyzedEpisode": EPISODE}
    assert owner.post("/api/v1/session/save", json=session).status_code == 200
    sent = owner.post("/api/v1/trigger/beats-ready", json={"sessionTimestamp": SESSION}).json()
    assert owner.put("/api/v1/automation/config", json={"style": MARK}).status_code == 200
    run = owner.post("/api/v1/automation/runs", json={"sessionTimestamp": SESSION}).json()
    while owner.get(run["pollUrl"]).json()["status"] != "completed":
        assert time.monotonic() < end
        time.sleep(0.05)
    exports = f"{run['pollUrl']}/exports"
    export = owner.post(exports, json={"formats": ["edl"]}).json()["exports"][0]
    while owner.get(export["url"]).status_code != 200:
        assert time.monotonic() < end
        time.sleep(0.05)
    hook = owner.post("/v1/webhooks", json={"url": f"http://127.0.0.1:9/{MARK}"}).json()
    trial = owner.post(f"/v1/webhooks/{hook['id']}/test").json()
    # It is tried once, and then stays as it is.
    while not owner.get(f"/v1/webhooks/{hook['id']}/deliveries/{trial['id']}").json()["attempts"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    lease = owner.post("/api/v1/gpu/leases", json={"holder": MARK, "ttlSeconds": 3600}).json()
    return {
        "lease_id": lease["leaseId"],
        "run_id": run["runId"],
        "shot_id": "0001-cinematic-1",
        "export_name": export["name"],
        "export_id": owner.get("/v1/jobs", params={"kind": "run_export"}).json()["data"][0]["id"],
        "job_id": job["job_id"],
        "session_timestamp": str(SESSION),
        "notification_id": sent["notificationId"],
        "key_id": key_id,
        "name": "no-queue",  # queues are nobody's, and only known ones can be paused
        "webhook_id": hook["id"],
        "delivery_id": trial["id"],
    }


@pytest.fixture(scope="module", params=["embedded", "redis"])
def tenants(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Tenants]:
    folder = tmp_path_factory.mktemp("tenants") / "data"
    chosen = dict(SETTINGS)
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        server.flush()
        chosen["REDIS_URL"] = server.url
    (owner_id, owner), (_, other) = asyncio.run(_keys(folder))
    with running(folder, **chosen) as server:
        clients = [
            httpx2.Client(base_url=server.url, timeout=30, headers={"Authorization": f"Bearer {k}"})
            for k in (owner, other)
        ]
        with clients[0], clients[1]:
            yield Tenants(clients[0], clients[1], _belonging(clients[0], owner_id))


def test_nothing_of_another_is_found_or_changed(tenants: Tenants) -> None:
    before = tenants.belongings()
    assert str(before).count(MARK) > 4, "or the walk would have nothing to find"

    for method, path in tenants.operations():
        answer = tenants.walk(tenants.other, method, path)

        where = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        assert MARK not in answer.text, where
        if "{" in path:
            assert answer.status_code == 404, where
        else:
            # Shots have the same names in every run.
            ids = [one for name, one in tenants.ids.items() if name != "shot_id"]
            assert [one for one in ids if one in answer.text] == [], where
        assert answer.status_code not in {401, 403, 405, 422, 429}, where

    export = f"/v1/jobs/{tenants.ids['export_id']}"
    for path in (export, f"{export}/explain", f"{export}/cost", f"{export}/events"):
        assert tenants.other.get(path).status_code == 404, path
    for word in ("cancel", "retry"):
        assert tenants.other.post(f"{export}/{word}").status_code == 404, word
    assert tenants.belongings() == before


def test_the_walk_finds_what_is_ones_own(tenants: Tenants) -> None:
    """Or the walk would prove nothing: its requests are good ones."""
    read = [(m, p) for m, p in tenants.operations() if m == "GET" and "{" in p]

    statuses = {p: tenants.walk(tenants.owner, m, p).status_code for m, p in read}

    assert set(statuses.values()) == {200}, statuses


def test_the_name_of_another_opens_nothing(tenants: Tenants) -> None:
    with httpx2.Client(
        base_url=tenants.other.base_url,
        timeout=30,
        headers={**tenants.other.headers, "X-Org-ID": "acme"},
    ) as pretender:
        for method, path in tenants.operations():
            if path in OPEN:
                continue
            answer = tenants.walk(pretender, method, path)
            assert answer.status_code == 403, f"{method} {path}"


def test_without_a_key_nothing_is_open_but_health_and_documents(tenants: Tenants) -> None:
    with httpx2.Client(base_url=tenants.other.base_url, timeout=30) as stranger:
        answers = {
            (method, path): tenants.walk(stranger, method, path).status_code
            for method, path in tenants.operations()
        }

    open_to_all = {path for (_, path), status in answers.items() if status != 401}
    assert open_to_all == {"/healthz", "/livez", "/readyz", "/version"}
