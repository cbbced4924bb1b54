"""The session of the page over HTTP: a key becomes a cookie, and the cookie lets in."""

from collections.abc import Generator

import httpx2
import pytest

from tests.measuring import measured
from tests.servers import running

ADMIN = "sl_operator_" + "x" * 40
PAGE = {"X-Storyloom-Page": "1"}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A server that needs a key."""
    data = tmp_path_factory.mktemp("guarded") / "data"
    with running(data, STORYLOOM_ADMIN_KEY=ADMIN, **measured()) as server:
        yield server.url


@pytest.fixture
def browser(guarded: str) -> Generator[httpx2.Client]:
    """Keeps cookies, as a browser does."""
    with httpx2.Client(base_url=guarded, timeout=30, headers=PAGE) as client:
        yield client


def sign_in(browser: httpx2.Client, key: str = ADMIN, **body: str) -> httpx2.Response:
    return browser.post("/v1/session", json=body, headers={"Authorization": f"Bearer {key}"})


def key_of(browser: httpx2.Client, org: str) -> str:
    body = {"name": "k", "org_id": org, "scopes": ["storyboards"]}
    headers = {"Authorization": f"Bearer {ADMIN}"}
    return browser.post("/v1/keys", json=body, headers=headers).json()["key"]


def test_without_a_key_nobody_is_told_anything(browser: httpx2.Client) -> None:
    assert browser.get("/v1/session").status_code == 401


def test_a_key_becomes_a_cookie_that_lets_in(browser: httpx2.Client) -> None:
    answer = sign_in(browser)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get("/v1/session").json()["needs_key"] is True
    assert browser.get("/v1/jobs").status_code == 200


def test_what_a_browser_keeps_is_kept_for_one_session(browser: httpx2.Client) -> None:
    """A picture may be kept for a while, and somebody else may sign in meanwhile."""
    sign_in(browser)

    answers = [browser.get(path) for path in ("/v1/jobs", "/v1/previews/board", "/")]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    varies = [answer.headers.get("Vary", "") for answer in answers]
    assert varies == ["Cookie, X-Org-ID", "Cookie, X-Org-ID", ""]


def test_a_wrong_key_does_not(browser: httpx2.Client) -> None:
    answer = sign_in(browser, "sl_wrong")

    assert answer.status_code == 401
    assert not browser.cookies


def test_the_cookie_alone_changes_nothing(browser: httpx2.Client) -> None:
    sign_in(browser)

    foreign = browser.post(
        "/v1/queues/storyboards/pause",
        headers={"X-Storyloom-Page": "1", "Origin": "https://evil.example"},
    )
    del browser.headers["X-Storyloom-Page"]
    form = browser.post("/v1/queues/storyboards/pause")

    assert (foreign.status_code, form.status_code) == (401, 401)


@pytest.mark.parametrize(("site", "status"), [("same-origin", 200), ("same-site", 401)])
def test_a_page_on_another_port_of_this_host_sees_no_picture(
    browser: httpx2.Client, site: str, status: int
) -> None:
    """It is of the same site, so the browser sends the cookie with it, and no origin."""
    sign_in(browser)

    answer = browser.get("/v1/previews/board", headers={"Sec-Fetch-Site": site})

    assert answer.status_code == status


def test_the_operator_looks_at_one_organisation_after_the_other(browser: httpx2.Client) -> None:
    sign_in(browser)

    assert browser.get("/v1/session").json()["org_id"] == "default"
    assert browser.post("/v1/session", json={"org_id": "acme"}).json()["org_id"] == "acme"
    assert browser.get("/v1/session").json()["org_id"] == "acme"
    code = {"file_name": "a.py", "file_content": "def a(): return 1"}
    job = browser.post("/storyboard/code", json=code).json()["job_id"]
    assert browser.get(f"/v1/jobs/{job}").json()["org_id"] == "acme"


def test_a_key_of_one_organisation_sees_no_other(browser: httpx2.Client) -> None:
    key = key_of(browser, "acme")

    refused = sign_in(browser, key, org_id="rival")
    taken = sign_in(browser, key, org_id="acme")

    assert refused.status_code == 403
    assert taken.json()["may_choose_org"] is False
    assert taken.json()["scopes"] == ["storyboards"]
    assert browser.get("/v1/session").json()["org_id"] == "acme"


def test_signing_out_forgets_the_key(browser: httpx2.Client) -> None:
    sign_in(browser)

    assert browser.delete("/v1/session").status_code == 204
    assert not browser.cookies
    assert browser.get("/v1/session").status_code == 401


def test_a_key_that_has_ended_is_forgotten(browser: httpx2.Client) -> None:
    key = key_of(browser, "acme")
    sign_in(browser, key)
    headers = {"Authorization": f"Bearer {ADMIN}"}
    made = browser.get("/v1/session").json()["key_id"]
    browser.delete(f"/v1/keys/{made}", headers=headers)

    assert browser.get("/v1/session").status_code == 401
    assert "storyloom_key" not in browser.cookies


def test_where_no_key_is_needed_the_page_says_so(client: httpx2.Client) -> None:
    told = client.get("/v1/session").json()

    assert told["needs_key"] is False
    assert told["org_id"] == "default"
    assert "admin" in told["scopes"]


def test_without_keys_the_label_is_kept_too(client: httpx2.Client, server: str) -> None:
    with httpx2.Client(base_url=server, headers=PAGE) as browser:
        browser.post("/v1/session", json={"org_id": "mine"})

        assert browser.get("/v1/session").json()["org_id"] == "mine"
        assert browser.get("/v1/session", headers={"X-Org-ID": "yours"}).json()["org_id"] == "yours"
        browser.delete("/v1/session")
        assert browser.get("/v1/session").json()["org_id"] == "default"
