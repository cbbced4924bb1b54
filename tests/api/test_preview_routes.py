"""Sample boards of a real server."""

import httpx2
import pytest

PREVIEW = "/v1/previews/board"


def test_a_board_is_drawn_for_the_choice_and_is_safe_to_open(client: httpx2.Client) -> None:
    asked = {"audience": "business_owner", "stage": "shipped", "headline": "<script>x</script>"}
    answer = client.get(PREVIEW, params=asked)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.text.startswith("<svg")
    assert "<title>&lt;script&gt;x&lt;/script&gt;</title>" in answer.text
    assert "<script" not in answer.text


def test_who_has_it_is_told_so(client: httpx2.Client) -> None:
    first = client.get(PREVIEW, params={"width": 320, "format": "square"})
    again = client.get(
        PREVIEW,
        params={"width": 320, "format": "square"},
        headers={"If-None-Match": first.headers["etag"]},
    )

    assert first.headers["content-type"] == "image/png"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("icp_preset", "nobody"),
            ("stage", "nowhere"),
            ("audience", "none"),
            ("format", "round"),
        ),
        *(("width", "159"), ("width", "1921"), ("headline", "\x00"), ("headline", "x" * 201)),
    ],
)
def test_what_cannot_be_chosen_is_named(client: httpx2.Client, name: str, value: str) -> None:
    answer = client.get(PREVIEW, params={name: value})

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert (fault["parameter"], fault["in"]) == (name, "query")


def test_no_job_comes_of_it(client: httpx2.Client) -> None:
    before = client.get("/storyboard/jobs").json()
    client.get(PREVIEW, params={"headline": "Nothing is kept of this"})

    assert client.get("/storyboard/jobs").json() == before
