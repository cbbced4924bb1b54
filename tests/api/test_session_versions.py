"""Versions of sessions over HTTP: each has a tag, and whoever names one changes no other."""

from collections.abc import Generator

import httpx2
import pytest

from tests.api.test_story_routes import BOTH, SESSION, TIMESTAMP, save


@pytest.fixture
def api(server: str, request: pytest.FixtureRequest) -> Generator[httpx2.Client]:
    """A client of an organisation of its own."""
    org = {"X-Org-ID": request.node.name}
    with httpx2.Client(base_url=f"{server}/api/v1", headers=org, timeout=30) as client:
        yield client


def test_a_session_that_somebody_has_changed_is_not_written_over(api: httpx2.Client) -> None:
    url = f"/session/{TIMESTAMP}"
    made = api.post("/session/save", json=SESSION)
    read, newest = api.get(url), api.get("/session/latest")
    seen = {"If-Match": read.headers["ETag"]}

    theirs = api.post("/session/save", json=SESSION | {"note": "theirs"}, headers=seen)
    mine = api.post("/session/save", json=SESSION | {"note": "mine"}, headers=seen)
    words = api.post(f"{url}/prompts", json=BOTH, headers=seen)

    assert {one.headers["ETag"] for one in (made, newest)} == {read.headers["ETag"]}
    assert theirs.status_code == 200
    for refused in (mine, words):
        told = refused.json()
        assert (refused.status_code, told.pop("code")) == (412, "session_changed")
        assert "read it again" in told.pop("detail")
        assert told == {"etag": theirs.headers["ETag"]}
        assert refused.headers["ETag"] == theirs.headers["ETag"]
    assert api.get(url).json()["data"] == SESSION | {"note": "theirs"}
    now = {"If-Match": f'"other", W/{theirs.headers["ETag"]}'}
    taken = api.post(f"{url}/prompts", json=BOTH, headers=now)
    assert taken.status_code == 200
    assert taken.headers["ETag"] == api.get(url).headers["ETag"]


def test_whoever_has_a_version_is_not_sent_it_again(api: httpx2.Client) -> None:
    save(api)
    url = f"/session/{TIMESTAMP}"
    known = {"If-None-Match": api.get(url).headers["ETag"]}

    answers = [api.get(one, headers=known) for one in (url, "/session/latest")]
    save(api, note="another")
    answers.append(api.get(url, headers=known))

    assert [one.status_code for one in answers] == [304, 304, 200]


def test_what_a_save_expects_may_be_any_session_or_is_not_to_be_read(api: httpx2.Client) -> None:
    def saved(if_match: str) -> httpx2.Response:
        return api.post("/session/save", json=SESSION, headers={"If-Match": if_match})

    missing = saved("*")
    save(api)
    answers = [saved(one) for one in ("*", "abc", '"abc')]
    prompts = api.post(f"/session/{TIMESTAMP}/prompts", json=BOTH, headers={"If-Match": "abc"})

    assert (missing.status_code, missing.json()["etag"], "ETag" in missing.headers) == (
        412,
        None,
        False,
    )
    assert [one.status_code for one in [*answers, prompts]] == [200, 400, 400, 400]
    assert prompts.json()["code"] == "condition_unreadable"
