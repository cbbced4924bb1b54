"""Presets of a real server: listed, kept, given a logo, drawn, and kept by jobs."""

import json
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import httpx2
import pytest
from PIL import Image

PRESETS = "/v1/presets"
ACORN = f"{PRESETS}/icp/acorn"
BODY = {
    "name": "Solar installers",
    "brand": {"name": "Acorn", "palette": {"primary": "#ffdd00", "accent": "#ff8800"}},
    "words": {"companies": "solar installers"},
}
CODE = {"file_content": "def roi():\n    return 1\n", "file_name": "roi.py", "icp_preset": "acorn"}
Json = dict[str, Any]
Finish = Callable[[httpx2.Response], Json]


def png(colour: str = "green") -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 20), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def acme(server: str) -> Generator[httpx2.Client]:
    label = {"X-Org-ID": "brand-editors"}
    with httpx2.Client(base_url=server, timeout=30, headers=label) as client:
        yield client
        client.delete(ACORN)  # the server is there for other tests, too


def test_a_profile_is_kept_shown_and_removed(acme: httpx2.Client, client: httpx2.Client) -> None:
    put = acme.put(ACORN, json=BODY)
    listed = acme.get(PRESETS).json()
    named = acme.get("/storyboard/presets").json()["icp_presets"]
    others = client.get(PRESETS).json()
    removed = acme.delete(ACORN)

    assert put.status_code == 200
    assert put.json()["warnings"][0]["field"] == "brand.palette.primary"
    assert listed["icp"][-1] == put.json()
    assert {one["origin"] for one in others["icp"]} == {"built-in"}
    assert others["stages"][0]["key"] == "preview"
    assert others["audiences"][0]["panels"] == ["problem", "who", "value", "diff"]
    assert named[-1] == {"key": "acorn", "name": "Solar installers", "description": ""}
    assert (removed.status_code, acme.delete(ACORN).status_code) == (204, 404)


def test_two_who_write_one_profile_do_not_undo_each_other(acme: httpx2.Client) -> None:
    first = acme.put(ACORN, json=BODY, headers={"If-None-Match": "*"})
    twice = acme.put(ACORN, json=BODY, headers={"If-None-Match": "*"})
    seen = acme.get(ACORN)
    known = acme.get(ACORN, headers={"If-None-Match": seen.headers["etag"]})
    expecting = {"If-Match": seen.headers["etag"]}
    theirs = acme.put(ACORN, json={**BODY, "name": "Theirs"}, headers=expecting)
    mine = acme.put(ACORN, json={**BODY, "name": "Mine"}, headers=expecting)
    removed = acme.delete(ACORN, headers=expecting)
    kept = acme.get(ACORN)
    again = acme.put(ACORN, json=BODY, headers={"If-Match": f"W/{kept.headers['etag']}"})
    gone = acme.delete(ACORN, headers={"If-Match": again.headers["etag"]})

    assert seen.headers["etag"] == seen.json()["etag"] == first.headers["etag"]
    assert (seen.json(), known.status_code) == (first.json(), 304)
    refused = [twice, mine, removed]
    assert [one.status_code for one in refused] == [412] * 3
    assert {one.json()["code"] for one in refused} == {"profile_changed"}
    assert "Somebody has changed the profile 'acorn'" in mine.json()["detail"]
    assert kept.json() == theirs.json()
    assert (again.status_code, gone.status_code) == (200, 204)
    assert acme.put(ACORN, json=BODY, headers=expecting).status_code == 412
    assert acme.get(ACORN).status_code == 404
    assert acme.get(f"{PRESETS}/icp/software_team").json()["origin"] == "built-in"


def test_what_is_expected_in_no_known_form_is_refused_and_changes_nothing(
    acme: httpx2.Client,
) -> None:
    kept = acme.put(ACORN, json=BODY)
    tag = kept.headers["etag"].strip('"')

    answers = [
        *(acme.put(ACORN, json=BODY, headers={one: tag}) for one in ("If-Match", "If-None-Match")),
        acme.delete(ACORN, headers={"If-Match": tag}),
    ]

    assert [one.status_code for one in answers] == [400] * 3
    assert {one.json()["code"] for one in answers} == {"condition_unreadable"}
    assert acme.get(ACORN).json() == kept.json()


def test_of_many_who_write_at_the_same_moment_one_is_kept(acme: httpx2.Client) -> None:
    acme.put(ACORN, json=BODY)
    expecting = {"If-Match": acme.get(ACORN).headers["etag"]}

    def written(number: int) -> int:
        named = {**BODY, "name": f"Name {number}"}
        return acme.put(ACORN, json=named, headers=expecting).status_code

    with ThreadPoolExecutor(8) as threads:
        told = sorted(threads.map(written, range(8)))

    assert told == [200] + [412] * 7


def test_a_logo_stands_on_boards_and_jobs_keep_what_they_began_with(
    acme: httpx2.Client, finish: Finish
) -> None:
    acme.put(ACORN, json=BODY)
    bare = acme.get("/v1/previews/board", params={"icp_preset": "acorn", "width": 320})
    given = acme.put(f"{ACORN}/logo", content=png())
    seen = acme.get("/v1/previews/board", params={"icp_preset": "acorn", "width": 320})
    logo = acme.get(given.json()["brand"]["logo"]["url"])
    known = acme.get(f"{ACORN}/logo", headers={"If-None-Match": logo.headers["etag"]})
    job = finish(acme.post("/storyboard/code", json=CODE))
    acme.delete(ACORN)
    revised = acme.post(f"/storyboard/jobs/{job['job_id']}/revise", json={"stage": "shipped"})
    again = finish(revised)
    svg = acme.get(again["image_url"], params={"format": "svg"})
    gone = acme.post(f"/storyboard/jobs/{job['job_id']}/revise", json={"icp_preset": "acorn"})

    assert bare.content != seen.content
    assert logo.headers["content-type"] == "image/png"
    assert known.status_code == 304
    assert (job["status"], again["status"]) == ("completed", "completed")
    assert svg.text.startswith("<svg")
    assert gone.status_code == 422


def test_a_profile_is_drawn_before_it_is_kept(acme: httpx2.Client) -> None:
    acme.put(ACORN, json=BODY)
    acme.put(f"{ACORN}/logo", content=png())
    usual = acme.post(f"{PRESETS}/sample", json={**BODY, "width": 320})
    with_logo = acme.post(f"{PRESETS}/sample", json={**BODY, "width": 320, "logo_of": "acorn"})
    svg = acme.post(f"{PRESETS}/sample", json={**BODY, "headline": "Sun", "stage": "demo"})
    unknown = acme.post(f"{PRESETS}/sample", json={**BODY, "logo_of": "nobody"})
    told = json.loads(usual.headers["x-palette-warnings"])
    took_away = acme.delete(f"{ACORN}/logo")

    assert usual.headers["content-type"] == "image/png"
    assert usual.headers["cache-control"] == "no-store"
    assert with_logo.content != usual.content
    assert told == took_away.json()["warnings"] != []
    assert "<title>Sun</title>" in svg.text
    assert unknown.status_code == 404
    assert took_away.json()["brand"]["logo"] is None


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"brand": {"name": "A", "palette": {"primary": "red"}}}, "#/brand/palette/primary"),
        ({"brand": {"name": "A", "logo": "x"}}, "#/brand/logo"),
        ({"words": {"boss": "x"}}, "#/words/boss"),
        ({"words": {"trade": "\x00"}}, "#/words/trade"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named_by_its_path(
    acme: httpx2.Client, changed: Json, pointer: str
) -> None:
    answer = acme.put(ACORN, json={**BODY, **changed})

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_what_cannot_be_a_logo_or_a_name_is_refused(acme: httpx2.Client) -> None:
    acme.put(ACORN, json=BODY)

    assert acme.put(f"{ACORN}/logo", content=b"<svg/>").status_code == 422
    assert acme.put(f"{ACORN}/logo", content=bytes(2 * 1024 * 1024 + 1)).status_code == 413
    assert acme.put(f"{PRESETS}/icp/A-b", json=BODY).status_code == 422
    assert acme.put(f"{PRESETS}/icp/software_team", json=BODY).status_code == 409
