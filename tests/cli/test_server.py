"""The client of a server, against answers good and bad."""

from collections.abc import Callable

import httpx2
import pytest

from storyloom.access.gate import NO_KEY
from storyloom.cli.server import Server, open_server
from storyloom.errors import (
    BadAnswer,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    StoryloomError,
    TimedOut,
    Unavailable,
)

URL = "http://127.0.0.1:8000"
JOB = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"
PENDING: dict[str, object] = {
    "job_id": JOB,
    "status": "pending",
    "result_image": None,
    "understanding": None,
    "error_message": None,
    "execution_time_ms": None,
    "created_at": "2026-01-01T00:00:00Z",
    "completed_at": None,
    "org_id": "default",
    "error_code": None,
    "image_url": None,
    "warnings": [],
}
Answer = Callable[[httpx2.Request], httpx2.Response]


def answering(answer: Answer, *, key: str | None = None) -> Server:
    transport = httpx2.MockTransport(answer)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return Server(httpx2.AsyncClient(transport=transport, base_url=URL, headers=headers), URL)


def raising(fault: Exception) -> Server:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise fault

    return answering(answer)


@pytest.mark.parametrize(
    ("retry_after", "wait_s"), [("2", 2.0), ("999", 30.0), ("soon", 1.0), (None, 1.0)]
)
async def test_a_poll_says_how_long_to_wait(retry_after: str | None, wait_s: float) -> None:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    server = answering(lambda _: httpx2.Response(200, json=PENDING, headers=headers))

    job, asked = await server.job(JOB)

    assert (job.job_id, asked) == (JOB, wait_s)


async def test_an_id_stays_in_its_place() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.raw_path.decode())
        return httpx2.Response(404, json={"detail": "Job '../x' not found"})

    with pytest.raises(NotFound, match=r"Job '\.\./x' not found"):
        await answering(answer).job("../x")
    assert asked == ["/storyboard/jobs/..%2Fx"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, NotAuthenticated),
        (403, NotAllowed),
        (404, NotFound),
        (409, Conflict),
        (413, InvalidInput),
        (422, InvalidInput),
        (429, RateLimited),
        (500, StoryloomError),
        (503, Unavailable),
        (504, TimedOut),
    ],
)
async def test_a_refusal_is_the_error_of_its_status(
    status: int, kind: type[StoryloomError]
) -> None:
    server = answering(lambda _: httpx2.Response(status, json={"detail": "The reason"}), key="k")

    with pytest.raises(StoryloomError, match="The reason") as caught:
        await server.newest(5, "failed")

    assert isinstance(caught.value, kind)
    assert (caught.value.code, caught.value.exit_status) == (kind.code, kind.exit_status)


async def test_without_a_key_the_setting_for_it_is_named() -> None:
    server = answering(lambda _: httpx2.Response(401, json={"detail": NO_KEY}))

    with pytest.raises(NotAuthenticated, match="A key is needed: set STORYLOOM_KEY") as caught:
        await server.newest(5, None)

    assert "Bearer" not in caught.value.message
    assert (caught.value.code, caught.value.exit_status) == ("not_authenticated", 3)


async def test_faults_of_fields_name_the_options() -> None:
    detail = [
        {"loc": ["body", "icp_preset"], "msg": "Unknown", "type": "enum"},
        {"loc": ["body", "file_content"], "msg": "Too long", "type": "string_too_long"},
    ]
    server = answering(lambda _: httpx2.Response(422, json={"detail": detail}))

    with pytest.raises(InvalidInput, match=r"^--icp: Unknown; Too long$"):
        await server.api.storyboards.from_code("x", name="x.py")


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json={"hello": "world"}),
        httpx2.Response(302, headers={"Location": "/login"}),
        httpx2.Response(404, text="nginx"),
        httpx2.Response(404, json=["nginx"]),
        httpx2.Response(404, json={"error": "nginx"}),
        httpx2.Response(422, json={"detail": [{"why": "not"}]}),
    ],
)
async def test_what_is_not_our_server_is_told_so(answer: httpx2.Response) -> None:
    with pytest.raises(BadAnswer, match="a Storyloom server"):
        await answering(lambda _: answer).newest(5, None)


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        (httpx2.ConnectError("refused"), Unavailable, "no server at .*refused"),
        (httpx2.ConnectTimeout(""), Unavailable, "no server at .*no answer"),
        (httpx2.ReadTimeout("slow"), TimedOut, "longer than 5 seconds"),
        (httpx2.ReadError("cut"), Unavailable, "broke: ReadError"),
    ],
)
async def test_a_broken_connection_is_told(
    fault: Exception, kind: type[StoryloomError], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        await raising(fault).job(JOB)


@pytest.mark.parametrize(
    "url", ["", "foo", "http://", "ftp://host", "http://host:99999", "http://[::"]
)
def test_an_address_is_checked_first(url: str) -> None:
    with pytest.raises(InvalidInput, match="write an address such as"):
        open_server(url, None)
