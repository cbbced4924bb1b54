"""The exports of a run over HTTP: asked for, made beside the requests, fetched, made again."""

import json
from collections.abc import Generator
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from zipfile import ZipFile

import httpx2
import pytest

from tests.ffmpeg import stand_in
from tests.measuring import measured
from tests.servers import Running, running

RUNS = "/api/v1/automation/runs"
Json = dict[str, Any]
SCRIPT = """INT. KITCHEN - NIGHT

ANNA pours tea. Steam rises over the table.

EXT. HARBOUR - DAY

A ship leaves the harbour.
"""


@pytest.fixture(scope="module")
def filming(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """A server with a program that is called as ffmpeg is."""
    folder = tmp_path_factory.mktemp("filming")
    chosen = {"STORYLOOM_FFMPEG": str(stand_in(folder))}
    with running(folder / "data", **chosen, **measured()) as server:
        yield server


@pytest.fixture(scope="module")
def http(filming: Running) -> Generator[httpx2.Client]:
    with httpx2.Client(base_url=filming.url, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def at(http: httpx2.Client) -> str:
    """The address of the exports of a run that has ended."""
    run = made(http)
    return f"{RUNS}/{run}/exports"


def made(client: httpx2.Client, script: str = SCRIPT) -> str:
    begun = client.post(RUNS, json={"script": script, "config": {"backend": "frames"}}).json()
    until(lambda: client.get(begun["pollUrl"]).json()["status"] == "completed")
    return begun["runId"]


def until(condition: Any) -> None:
    end = monotonic() + 50
    while not condition():
        assert monotonic() < end
        sleep(0.05)


def exported(client: httpx2.Client, at: str, *formats: str, **more: Any) -> list[httpx2.Response]:
    """The files, once they are there."""
    answer = client.post(at, json={"formats": formats, **more})
    assert answer.status_code == 202, answer.text
    asked = answer.json()["exports"]
    until(lambda: all(one["status"] == "completed" for one in client.get(at).json()["exports"]))
    return [client.get(one["url"]) for one in asked]


def test_every_format_is_made_and_fetched(http: httpx2.Client) -> None:
    # A run of its own: what was asked for before comes first.
    at = f"{RUNS}/{made(http)}/exports"
    formats = ("sheet", "slides", "archive", "viewer", "animatic", "edl", "otio")

    files = exported(http, at, *formats)

    kinds = [file.headers["content-type"].partition(";")[0] for file in files]
    assert [file.status_code for file in files] == [200] * 7
    assert kinds[0] == "application/pdf"
    assert kinds[2:] == [
        *("application/zip", "text/html", "video/mp4", "text/plain", "application/json"),
    ]
    starts = (b"%PDF", b"PK", b"PK", b"<!doctype html>", b"\0\0\0\x20ftyp", b"TITLE", b"{")
    assert [file.content.startswith(start) for file, start in zip(files, starts, strict=True)] == [
        True
    ] * 7
    sheet = files[0].headers
    assert sheet["content-disposition"].startswith('attachment; filename="')
    assert sheet["content-disposition"].endswith('-contact-sheet.pdf"')
    assert sheet["x-content-type-options"] == "nosniff"
    assert "sandbox" in sheet["content-security-policy"]
    with ZipFile(BytesIO(files[2].content)) as archive:
        assert json.loads(archive.read("manifest.json"))["run"] in at
    # Fetched alone, the page has its pictures in it.
    assert b'<img src="data:image/jpeg;base64,' in files[3].content
    assert b"img-src data:" in files[3].content


def test_the_answer_says_where_and_the_client_has_it_already(http: httpx2.Client, at: str) -> None:
    wish = {"formats": ["sheet"], "layout": "notes"}

    answer = http.post(at, json=wish)
    (asked,) = answer.json()["exports"]

    assert answer.headers["location"] == asked["url"] == f"{at}/contact-sheet-notes.pdf"
    assert answer.headers["retry-after"]
    assert asked["status"] in {"pending", "processing"}
    assert (asked["format"], asked["layout"], asked["madeAt"]) == ("sheet", "notes", None)
    until(lambda: http.get(asked["url"]).status_code == 200)
    etag = http.get(asked["url"]).headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = http.get(asked["url"], headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
    (shown,) = [one for one in http.get(at).json()["exports"] if one["name"] == asked["name"]]
    assert shown["sizeBytes"] == len(http.get(asked["url"]).content)
    assert (shown["errorCode"], shown["leftOut"]) == (None, [])


def test_a_file_that_has_gone_is_made_again(http: httpx2.Client, at: str, filming: Running) -> None:
    (file,) = exported(http, at, "edl")
    (kept,) = (filming.data_dir / "images" / "exports").glob(
        f"{file.headers['etag'].strip(chr(34))}*"
    )
    kept.unlink()

    gone = http.get(f"{at}/timeline.edl")

    assert (gone.status_code, gone.json()["code"]) == (409, "export_not_ready")
    until(lambda: http.get(f"{at}/timeline.edl").status_code == 200)
    assert http.get(f"{at}/timeline.edl").content == file.content
    assert kept.exists()


def test_what_cannot_be_is_said(http: httpx2.Client, at: str) -> None:
    def code(answer: httpx2.Response) -> tuple[int, object]:
        return answer.status_code, answer.json().get("code")

    assert code(http.get(f"{at}/nothing.pdf")) == (404, None)
    assert code(http.get(f"{RUNS}/nothing/exports")) == (404, None)
    assert code(http.post(f"{RUNS}/nothing/exports", json={"formats": ["edl"]})) == (404, None)
    bodies: list[Json] = [{}, {"formats": []}, {"formats": ["gif"]}]
    for body in (*bodies, {"formats": ["edl"], "filmHeight": "720"}):
        assert http.post(at, json=body).status_code == 422
    none = http.post(
        RUNS, json={"script": "A ship sails.", "config": {"stopAfter": "beats"}}
    ).json()
    until(lambda: http.get(none["pollUrl"]).json()["status"] == "completed")
    empty = http.post(f"{none['pollUrl']}/exports", json={"formats": ["edl"]})
    assert code(empty) == (409, "nothing_to_export")
    other = {"X-Org-ID": "rival"}
    assert http.get(at, headers=other).status_code == 404
    assert http.post(at, json={"formats": ["edl"]}, headers=other).status_code == 404


def test_without_ffmpeg_there_is_no_animatic(tmp_path: Path) -> None:
    with (
        running(tmp_path / "data", STORYLOOM_FFMPEG=str(tmp_path / "none")) as server,
        httpx2.Client(base_url=server.url, timeout=30) as client,
    ):
        at = f"{RUNS}/{made(client)}/exports"

        refused = client.post(at, json={"formats": ["animatic", "edl"]})

        assert (refused.status_code, refused.json()["code"]) == (422, "unsupported")
        assert refused.json()["detail"].startswith("Film needs ffmpeg")
        # Whoever offers formats knows it beforehand.
        told = {"animatic": refused.json()["detail"]}
        assert client.get(at).json() == {"exports": [], "unsupported": told}
