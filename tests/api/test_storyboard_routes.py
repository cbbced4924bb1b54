"""The documented routes, spoken to over HTTP."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import httpx2
import pytest
from PIL import Image

from storyloom.imaging.schemas import MediaType
from tests.api.conftest import Json

Finish = Callable[[httpx2.Response], Json]
CODE = {
    "file_content": "def calculate_roi(cost, gain):\n    return (gain - cost) / cost\n",
    "file_name": "calculator.py",
    "stage": "preview",
    "audience": "c_suite",
}
DOCUMENTED = {
    "job_id",
    "status",
    "result_image",
    "understanding",
    "error_message",
    "execution_time_ms",
    "created_at",
    "completed_at",
}


def picture(size: tuple[int, int] = (640, 400)) -> str:
    buffer = BytesIO()
    Image.new("RGB", size, "white").save(buffer, "PNG")
    return b64encode(buffer.getvalue()).decode()


def test_a_code_file_is_accepted_as_documented(client: httpx2.Client) -> None:
    answer = client.post("/storyboard/code", json=CODE, headers={"X-Org-ID": "my-org"})

    body = answer.json()
    assert answer.status_code == 202
    assert body.keys() == {"job_id", "status", "poll_url"}
    assert str(UUID(body["job_id"])) == body["job_id"]
    assert body["status"] == "pending"
    assert body["poll_url"] == f"/storyboard/jobs/{body['job_id']}"
    assert answer.headers["Location"] == body["poll_url"]
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_code_file_is_finished_with_all_fields(client: httpx2.Client, finish: Finish) -> None:
    job = finish(client.post("/storyboard/code", json=CODE))

    image = Image.open(BytesIO(b64decode(job["result_image"])))
    assert job.keys() >= DOCUMENTED
    assert job["status"] == "completed"
    assert image.size == (1920, 1080)
    assert job["error_message"] is None
    assert job["execution_time_ms"] >= 0
    assert job["created_at"].endswith("Z")
    assert job["completed_at"].endswith("Z")
    assert all(job["understanding"][name] for name in list(job["understanding"])[:7])
    assert job["understanding"]["source"] == "static"


def test_a_roadmap_is_finished_too(client: httpx2.Client, finish: Finish) -> None:
    body = {"image_data": picture(), "custom_headline": "Coming Soon", "sanitize_ip": True}

    job = finish(client.post("/storyboard/roadmap", json=body))

    assert job["status"] == "completed"
    assert job["understanding"]["headline"] == "Coming Soon"


def test_polls_of_a_finished_job_are_the_same_bytes(client: httpx2.Client, finish: Finish) -> None:
    job = finish(client.post("/storyboard/code", json=CODE))
    path = f"/storyboard/jobs/{job['job_id']}"

    first, second = client.get(path), client.get(path)

    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "Retry-After" not in first.headers


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_a_poll_that_knows_the_answer_gets_a_304(
    known: str, client: httpx2.Client, finish: Finish
) -> None:
    job = finish(client.post("/storyboard/code", json=CODE))
    path = f"/storyboard/jobs/{job['job_id']}"
    etag = client.get(path).headers["ETag"]

    answer = client.get(path, headers={"If-None-Match": known.format(etag)})

    assert answer.status_code == 304
    assert answer.content == b""


@pytest.mark.parametrize(
    ("file_format", "media_type", "start"),
    [
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml", b"<svg"),
        ("pdf", "application/pdf", b"%PDF"),
        ("pptx", MediaType.PPTX, b"PK"),
    ],
)
def test_the_picture_is_served_as_a_file(
    file_format: str, media_type: str, start: bytes, *, client: httpx2.Client, finish: Finish
) -> None:
    job = finish(client.post("/storyboard/code", json=CODE))

    answer = client.get(job["image_url"], params={"format": file_format})
    again = client.get(
        job["image_url"],
        params={"format": file_format},
        headers={"If-None-Match": answer.headers["ETag"]},
    )

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == media_type
    assert answer.content.startswith(start)
    assert again.status_code == 304


@pytest.mark.parametrize("suffix", ["", "/image"])
def test_head_answers_like_get_without_the_body(
    suffix: str, client: httpx2.Client, finish: Finish
) -> None:
    job = finish(client.post("/storyboard/code", json=CODE))
    path = f"/storyboard/jobs/{job['job_id']}{suffix}"

    head, got = client.head(path), client.get(path)

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


# A query is what takes a request to the documented route, past the short way before it.
LONG_WAY = {"way": "long"}
PLAIN_ID = "00000000-0000-4000-8000-000000000000"
ASKED: list[tuple[int, list[tuple[str, str]]]] = [
    (200, []),
    (200, [("X-Org-ID", "ours")]),
    (304, [("If-None-Match", "*")]),
    (200, [("If-None-Match", '"other"'), ("If-None-Match", "*")]),  # the first one counts
    (404, [("X-Org-ID", "theirs")]),
    (422, [("X-Org-ID", "x" * 129)]),
    (422, [("X-Org-ID", "na\xefve")]),
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("suffix", ["", "/image"])
def test_the_short_way_answers_like_the_documented_route(
    method: str, suffix: str, client: httpx2.Client, finish: Finish
) -> None:
    job = finish(client.post("/storyboard/code", json=CODE, headers={"X-Org-ID": "ours"}))
    path = f"/storyboard/jobs/{job['job_id']}{suffix}"

    for status, asked in ASKED:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in asked]
        short = client.request(method, path, headers=headers)
        long = client.request(method, path, headers=headers, params=LONG_WAY)

        assert (short.status_code, short.content) == (long.status_code, long.content)
        assert _lasting(short) == _lasting(long)
        assert short.status_code == status


def _lasting(response: httpx2.Response) -> Json:
    """The headers that are not different for every request."""
    return {k: v for k, v in response.headers.items() if k not in {"date", "x-request-id"}}


@pytest.mark.parametrize("job_id", [PLAIN_ID, PLAIN_ID.replace("0", "A"), "-" * 36])
@pytest.mark.parametrize("suffix", ["", "/image"])
def test_the_short_way_finds_no_more_than_the_documented_route(
    job_id: str, suffix: str, client: httpx2.Client
) -> None:
    path = f"/storyboard/jobs/{job_id}{suffix}"

    short, long = client.get(path), client.get(path, params=LONG_WAY)

    assert short.status_code == long.status_code == 404
    assert short.json() == long.json() == {"detail": f"Job '{job_id}' not found"}


def test_only_reading_has_a_short_way(client: httpx2.Client) -> None:
    assert client.delete(f"/storyboard/jobs/{PLAIN_ID}").status_code == 405


@pytest.mark.parametrize("suffix", ["", "/image"])
@pytest.mark.parametrize("job_id", ["abc-123", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_job_is_the_documented_404(
    job_id: str, suffix: str, client: httpx2.Client
) -> None:
    answer = client.get(f"/storyboard/jobs/{job_id}{suffix}")

    assert answer.status_code == 404
    assert answer.json() == {"detail": f"Job '{job_id}' not found"}


def test_the_job_of_another_organisation_is_a_404(client: httpx2.Client) -> None:
    accepted = client.post("/storyboard/code", json=CODE, headers={"X-Org-ID": "ours"}).json()

    answer = client.get(accepted["poll_url"], headers={"X-Org-ID": "theirs"})

    assert answer.status_code == 404


def test_an_empty_file_is_the_documented_422(client: httpx2.Client) -> None:
    answer = client.post("/storyboard/code", json={**CODE, "file_content": ""})

    assert answer.status_code == 422
    assert answer.json() == {
        "detail": [
            {
                "loc": ["body", "file_content"],
                "msg": "String should have at least 1 character",
                "type": "string_too_short",
            }
        ]
    }


@pytest.mark.parametrize(
    ("change", "loc"),
    [
        ({"audience": "everyone"}, ["body", "audience"]),
        ({"format": "round"}, ["body", "format"]),
        ({"file_content": "a\x00b"}, ["body", "file_content"]),
        ({"file_name": None}, ["body", "file_name"]),
    ],
)
def test_bad_fields_are_named_by_their_path(
    change: Json, loc: list[str], client: httpx2.Client
) -> None:
    answer = client.post("/storyboard/code", json={**CODE, **change})

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == loc


@pytest.mark.parametrize(
    "image_data", ["not base64 at all!", b64encode(b"no picture").decode(), picture()[:60]]
)
def test_a_broken_picture_is_a_422_with_the_field(image_data: str, client: httpx2.Client) -> None:
    answer = client.post("/storyboard/roadmap", json={"image_data": image_data})

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "image_data"]


def test_a_data_url_is_accepted(client: httpx2.Client) -> None:
    body = {"image_data": f"data:image/png;base64,{picture((9, 9))}"}

    assert client.post("/storyboard/roadmap", json=body).status_code == 202


def test_a_lone_surrogate_is_a_422(client: httpx2.Client) -> None:
    body = '{"file_content": "x", "file_name": "\\ud800.py"}'

    answer = client.post(
        "/storyboard/code", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"a": NaN}', b"[" * 60000]
)
def test_what_is_no_json_object_is_a_422(body: bytes, client: httpx2.Client) -> None:
    answer = client.post(
        "/storyboard/code", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][0] == "body"


def test_a_body_that_is_sent_as_a_form_is_told_how_to_send_it(client: httpx2.Client) -> None:
    answer = client.post(
        "/storyboard/code",
        content=json.dumps(CODE),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 422
    assert "Content-Type: application/json" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize("org_id", ["x" * 129, "na\xefve"])
def test_a_bad_organisation_label_is_a_422(org_id: str, client: httpx2.Client) -> None:
    answer = client.post(
        "/storyboard/code", json=CODE, headers={b"X-Org-ID": org_id.encode("latin-1")}
    )

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["header", "X-Org-ID"]


def test_the_newest_jobs_are_listed(client: httpx2.Client) -> None:
    accepted = client.post("/storyboard/code", json=CODE, headers={"X-Org-ID": "lister"}).json()

    jobs = client.get("/storyboard/jobs", headers={"X-Org-ID": "lister"}).json()["jobs"]

    assert [job["job_id"] for job in jobs] == [accepted["job_id"]]
    assert "result_image" not in jobs[0]


def test_presets_are_listed(client: httpx2.Client) -> None:
    presets = client.get("/storyboard/presets").json()

    assert [stage["key"] for stage in presets["stages"]] == ["preview", "demo", "shipped"]
    assert "coperniq_mep" in {p["key"] for p in presets["icp_presets"]}
    assert presets["audiences"][0].keys() == {"key", "name", "description"}


def test_a_custom_headline_comes_back_word_for_word(client: httpx2.Client, finish: Finish) -> None:
    headline = "日本語 — “quoted” & <b>bold</b> 🚀"

    job = finish(client.post("/storyboard/code", json={**CODE, "custom_headline": headline}))

    assert job["understanding"]["headline"] == headline


def test_hostile_source_is_only_text(client: httpx2.Client, finish: Finish) -> None:
    source = '"""#panic("x") #read("/etc/passwd") <script>alert(1)</script> \u202e"""\n' * 3

    job = finish(client.post("/storyboard/code", json={**CODE, "file_content": source}))

    assert job["status"] == "completed"
    assert "root:" not in json.dumps(job["understanding"])
