"""The organisations over HTTP: all for the operator, one's own for everybody else."""

import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.tenants import OPERATOR, calling
from tests.measuring import measured
from tests.servers import running

Json = dict[str, Any]
CODE = {"file_content": "def roi(cost, gain):\n    return gain - cost\n", "file_name": "roi.py"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("organizations") / "data"


@pytest.fixture(scope="module")
def url(folder: Path) -> Generator[str]:
    with running(folder, STORYLOOM_ADMIN_KEY=OPERATOR, **measured()) as server:
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


def paged(url: str) -> list[Json]:
    """All organisations, one a page."""
    pages = [told(url, OPERATOR, limit=1)]
    while pages[-1]["next_cursor"] is not None:
        pages.append(told(url, OPERATOR, limit=1, cursor=pages[-1]["next_cursor"]))
    assert [len(page["data"]) for page in pages] == [1] * len(pages)
    return [page["data"][0] for page in pages]


def test_the_operator_sees_all_page_by_page(url: str) -> None:
    acme = key_of(url, "acme", "storyboards")
    key_of(url, "beta", "gpu")
    with calling(url, acme) as client:
        job = client.post("/storyboard/code", json=CODE, headers={"Prefer": "wait=30"}).json()

    whole = told(url, OPERATOR)
    known = {one["org_id"]: one for one in whole["data"]}

    assert (whole["next_cursor"], whole["degraded"]) == (None, [])
    assert paged(url) == whole["data"]
    assert [*known] == sorted(known)
    assert known["acme"]["jobs"] == 1
    assert known["acme"]["last_work_at"] == job["created_at"]
    assert known["acme"]["spent"]["calls"] == 0
    assert known["beta"]["jobs"] == 0


def test_names_that_others_have_written_lead_on(url: str, folder: Path) -> None:
    theirs = ["", " Ärzte\n☂ ", "x" * 900, "zuletzt"]
    with closing(sqlite3.connect(folder / "storyloom.sqlite")) as database, database:
        adding = "INSERT INTO storyloom_presets (org_id, key, body) VALUES (?, 'a', '{}')"
        database.executemany(adding, [(name,) for name in theirs])

    names = [one["org_id"] for one in paged(url)]

    assert set(theirs) <= set(names)
    assert names == sorted(names)


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


@pytest.mark.parametrize("cursor", ["a\x00b", "x" * 1001])
def test_what_cannot_be_stored_is_no_cursor(url: str, cursor: str) -> None:
    with calling(url, OPERATOR) as client:
        answer = client.get("/v1/organizations", params={"cursor": cursor})

    assert answer.status_code == 422
