"""The page as it is served: headers, encodings, and what is said where it is not built."""

import re
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from storyloom.api import page


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "assets").mkdir()
    index = '<meta property="csp-nonce" nonce="__STORYLOOM_NONCE__"><script nonce="__STORYLOOM_NONCE__">'
    (tmp_path / "index.html").write_text(index)
    (tmp_path / "assets" / "a-1.js").write_text("plain")
    (tmp_path / "assets" / "a-1.js.br").write_text("in br")
    (tmp_path / "assets" / "a-1.js.gz").write_text("in gzip")
    (tmp_path / "mark.svg").write_text("<svg/>")
    (tmp_path / "strange.bin").write_text("?")
    monkeypatch.setattr(page, "BUILT", tmp_path)
    return tmp_path


@pytest.fixture
def web() -> TestClient:
    app = FastAPI()
    app.include_router(page.router)
    return TestClient(app)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    "path", ["/", "/studio/", "/studio/jobs/42", "/studio/%2e%2e/%2e%2e/pyproject.toml"]
)
def test_every_address_of_the_page_is_the_page(path: str, web: TestClient) -> None:
    answer = web.get(path)

    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-store"
    nonces = set(re.findall(r'nonce="([^"]+)"', answer.text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("built")
def test_a_nonce_is_never_given_twice(web: TestClient) -> None:
    assert web.get("/").text != web.get("/").text


@pytest.mark.usefixtures("built")
def test_the_policy_lets_nothing_in_from_elsewhere(web: TestClient) -> None:
    policy = web.get("/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.usefixtures("built")
def test_a_file_is_sent_as_the_browser_can_read_it(web: TestClient) -> None:
    def asked(accepted: str) -> tuple[str | None, str]:
        answer = web.send(
            web.build_request(
                "GET", "/studio/assets/a-1.js", headers={"Accept-Encoding": accepted}
            ),
            stream=True,
        )
        return answer.headers.get("Content-Encoding"), b"".join(answer.iter_raw()).decode()

    assert asked("gzip, deflate, br;q=0.9") == ("br", "in br")
    assert asked("gzip") == ("gzip", "in gzip")
    assert asked("identity") == (None, "plain")


@pytest.mark.usefixtures("built")
def test_what_never_changes_is_kept_for_good(web: TestClient) -> None:
    kept = web.get("/studio/assets/a-1.js", headers={"Accept-Encoding": "identity"}).headers

    assert "immutable" in kept["Cache-Control"]
    assert kept["Content-Type"].startswith("text/javascript")
    assert kept["X-Content-Type-Options"] == "nosniff"
    assert "Cache-Control" not in web.get("/studio/mark.svg").headers
    assert web.get("/studio/strange.bin").headers["Content-Type"] == "application/octet-stream"


@pytest.mark.usefixtures("built")
def test_a_part_of_an_older_page_is_not_the_page(web: TestClient) -> None:
    assert web.get("/studio/assets/gone-0.js").status_code == 404


def test_without_the_page_it_says_how_to_build_it(
    web: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "BUILT", tmp_path / "none")

    answer = web.get("/studio/jobs")

    assert answer.status_code == 200
    assert "make page" in answer.text
    assert "/docs" in answer.text


def test_a_real_server_has_it_at_its_front_door(client: httpx2.Client) -> None:
    assert client.get("/").headers["Content-Type"].startswith("text/html")
    assert client.head("/").status_code == 200
