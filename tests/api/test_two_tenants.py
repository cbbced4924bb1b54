"""One tenant walks every route of the document with its own key, and finds nothing of another."""

import asyncio
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from storyloom.access.gate import OPEN
from storyloom.access.schemas import NewKey, Scope
from storyloom.access.state import KeyRing
from storyloom.bootstrap.access import open_key_store
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from tests.api.belongings import HEADERS, MARK, NAMING, SESSION, SETTINGS, belonging, sent_to
from tests.servers import running


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
        return client.request(method, real, headers=HEADERS.get(path), **sent_to(method, path))

    def belongings(self) -> dict[str, Any]:
        """All that the owner sees of its own."""
        read = [
            *("/storyboard/jobs", f"/storyboard/jobs/{self.ids['job_id']}"),
            *("/v1/webhooks", f"/v1/webhooks/{self.ids['webhook_id']}/deliveries"),
            *("/v1/jobs", f"/v1/jobs/{self.ids['job_id']}", f"/v1/jobs/{self.ids['run_id']}"),
            *("/api/v1/session/list", f"/api/v1/session/{SESSION}"),
            f"/api/v1/session/{SESSION}/prompts-status",
            *("/api/v1/notifications/check?type=all", "/v1/presets"),
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
            yield Tenants(clients[0], clients[1], belonging(clients[0], owner_id))


def test_nothing_of_another_is_found_or_changed(tenants: Tenants) -> None:
    before = tenants.belongings()
    assert str(before).count(MARK) > 4, "or the walk would have nothing to find"

    for method, path in tenants.operations():
        if (method, path) == NAMING:
            continue  # what it makes by that name is its own, as the test of presets shows
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


def test_the_name_of_another_is_not_told(tenants: Tenants) -> None:
    told = tenants.other.get("/v1/organizations").json()

    assert [one["org_id"] for one in told["data"]] == ["beta"]


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
