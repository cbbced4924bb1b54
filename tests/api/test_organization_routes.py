"""The organisations over HTTP: all for the operator, one's own for everybody else."""

from collections.abc import Generator
from typing import Any

import httpx2
import pytest

from tests.api.tenants import OPERATOR, calling
from tests.servers import running

Json = dict[str, Any]
CODE = {"file_content": "def roi(cost, gain):\n    return gain - cost\n", "file_name": "roi.py"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    folder = tmp_path_factory.mktemp("organizations") / "data"
    with running(folder, STORYLOOM_ADMIN_KEY=OPERATOR) as server:
        yield server.url


def key_of(url: str, org: str, *scopes: str) -> str:
    with calling(url, OPERATOR) as operator:
        wanted = {"name": org, "org_id": org, "scopes": scopes}
        return operator.post("/v1/keys", json=wanted).json()["key"]


def told(url: str, key: str, **query: Any) -> Json:
    with calling(url, key) as client:
        answer = client.get("/v1/organizations", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_operator_sees_all_page_by_page(url: str) -> None:
    acme = key_of(url, "acme", "storyboards")
    key_of(url, "beta", "gpu")
    with calling(url, acme) as client:
        job = client.post("/storyboard/code", json=CODE, headers={"Prefer": "wait=30"}).json()

    first = told(url, OPERATOR, limit=1)
    second = told(url, OPERATOR, limit=1, cursor=first["next_cursor"])

    (one,) = first["data"]
    assert (one["org_id"], one["jobs"], first["degraded"]) == ("acme", 1, [])
    assert one["last_work_at"] == job["created_at"]
    assert one["spent"]["calls"] == 0
    assert [other["org_id"] for other in second["data"]] == ["beta"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("scope", ["admin", "gpu"])
def test_a_key_sees_its_own_organisation_alone(url: str, scope: str) -> None:
    key_of(url, "another", "admin")
    own = key_of(url, f"own-{scope}", scope)

    assert [one["org_id"] for one in told(url, own)["data"]] == [f"own-{scope}"]
    with calling(url, own) as client:
        answer = client.get("/v1/organizations", headers={"X-Org-ID": "another"})
    assert answer.status_code == 403


def test_without_a_key_nobody_is_told_anything(url: str) -> None:
    assert httpx2.get(f"{url}/v1/organizations", timeout=30).status_code == 401


@pytest.mark.parametrize("cursor", ["", " x", "ä", "x" * 129])
def test_what_is_no_name_is_no_cursor(url: str, cursor: str) -> None:
    with calling(url, OPERATOR) as client:
        answer = client.get("/v1/organizations", params={"cursor": cursor})

    assert answer.status_code == 422
