"""Two organisations at a real server: one that has something of everything, and another."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from storyloom.access.schemas import Scope
from tests.api.belongings import SETTINGS, belonging
from tests.servers import running

OPERATOR = "a-key-for-an-operator-of-32-letters"
Json = dict[str, Any]


@dataclass
class Pair:
    """Who has things, and who looks for them; each with a key that opens every route."""

    url: str
    owner: httpx2.Client
    other: httpx2.Client
    document: Json
    #: what the owner has, by the parameters of paths
    ids: dict[str, str]
    failed_id: str  #: of a storyboard
    #: by which the two call: not to be revoked
    key_ids: frozenset[str]


@contextmanager
def pair(data_dir: Path) -> Generator[Pair]:
    """Start a server whose operator makes a key for each of them."""
    chosen = SETTINGS | {"STORYLOOM_ADMIN_KEY": OPERATOR, "STORYLOOM_RATE_LIMIT": "none"}
    with running(data_dir, **chosen) as server:
        with calling(server.url, OPERATOR) as operator:
            document = operator.get("/openapi.json").json()
            keys = [_key(operator, name) for name in ("acme", "beta")]
        with calling(server.url, keys[0]["key"]) as owner, calling(server.url, keys[1]["key"]) as b:
            spare = owner.post("/v1/keys", json={"name": "spare", "scopes": ["gpu"]}).json()
            ids = belonging(owner, spare["id"])
            failed_id = _fail(owner)
            own = frozenset(key["id"] for key in keys)
            yield Pair(server.url, owner, b, document, ids, failed_id, own)


def calling(url: str, key: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {key}"})


def _key(operator: httpx2.Client, name: str) -> Json:
    wanted = {"name": name, "org_id": name, "scopes": [scope.value for scope in Scope]}
    return operator.post("/v1/keys", json=wanted).json()


def _fail(owner: httpx2.Client) -> str:
    """Let a storyboard fail: nobody can paint here."""
    wanted = {"file_content": "x = 1\n", "file_name": "x.py", "render": "painted"}
    job = owner.post("/storyboard/code", json=wanted).json()
    end = time.monotonic() + 50
    while owner.get(job["poll_url"]).json()["status"] != "failed":
        assert time.monotonic() < end
        time.sleep(0.05)
    return job["job_id"]
