"""The line to a server: what is tried again, what is refused, and what is not Storyloom at all."""

from pathlib import Path

import anyio
import httpx2
import pytest

from storyloom.client import errors
from storyloom.client import operations as ops
from storyloom.client.errors import ApiError, Field
from storyloom.client.line import Wanted, address, new_http
from storyloom.client.patience import ONCE, Patience
from storyloom.client.saving import save
from storyloom.errors import (
    BadAnswer,
    Conflict,
    InvalidInput,
    NotFound,
    StoryloomError,
    TimedOut,
    Unavailable,
    Unreachable,
)
from tests.client.answering import Answering, Pieces, problem

OK = {"status": "ok"}
BUSY = httpx2.Response(503, json={"detail": "Later"}, headers={"Retry-After": "0"})


def good() -> httpx2.Response:
    return httpx2.Response(200, json=OK)


async def test_what_may_pass_is_tried_again() -> None:
    cut = httpx2.ReadError("cut")
    server = Answering([BUSY, problem(429, "too_many_requests"), cut, good()])

    assert await server.line().ask(ops.GET_HEALTH) == ops.Health(status="ok")
    assert len(server.asked) == 4


async def test_only_so_often() -> None:
    server = Answering([BUSY] * 9)

    with pytest.raises(errors.ServiceUnavailable, match="Later"):
        await server.line().ask(ops.GET_HEALTH)
    assert len(server.asked) == 4


async def test_a_server_that_asks_for_too_long_a_wait_is_not_waited_for() -> None:
    later = httpx2.Response(429, json={"detail": "Later"}, headers={"Retry-After": "3600"})
    server = Answering([later])

    with pytest.raises(errors.TooManyRequests) as caught:
        await server.line().ask(ops.GET_HEALTH)
    assert caught.value.retry_after_s == 3600


def test_waits_grow_and_end() -> None:
    patience = Patience(attempts=9, waits_s=10, first_s=1)

    assert [patience.wait_s(n, None, 0) for n in (1, 2, 3)] == [1, 2, 4]
    assert patience.wait_s(3, None, 7) is None
    assert patience.wait_s(1, 4, 0) == 4
    assert ONCE.wait_s(1, 0, 0) is None


async def test_a_post_is_the_same_whenever_it_is_sent_again() -> None:
    taken = httpx2.Response(200, json={"name": "x", "version": "1"})
    in_flight = problem(409, "idempotency_in_flight")
    server = Answering([httpx2.ConnectError("no"), in_flight, taken, taken])
    line = server.line()
    post = ops.Operation("POST", "/made-up", ops.ServerVersion)

    await line.ask(post, body={"a": 1})
    await line.ask(post, body=b"{}")

    keys = [request.headers["Idempotency-Key"] for request in server.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert [request.content for request in server.asked[2:]] == [b'{"a":1}', b"{}"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(400, "bad"), errors.BadRequest),
        (problem(401, "not_authenticated"), errors.Unauthorized),
        (problem(402, "budget"), errors.PaymentRequired),
        (problem(403, "not_allowed"), errors.Forbidden),
        (problem(404, "work_not_found"), errors.Missing),
        (problem(409, "run_ended"), errors.Clash),
        (problem(409, "gpu_held"), errors.GpuHeld),
        (problem(410, "events_gone"), errors.Gone),
        (problem(412, "profile_changed"), errors.Changed),
        (problem(413, "body_too_large"), errors.Unprocessable),
        (problem(415, "unsupported_media_type"), errors.Unprocessable),
        (problem(422, "invalid_input"), errors.Unprocessable),
        (problem(422, "idempotency_key_reused"), errors.KeyReused),
        (problem(500, "internal"), errors.ServerError),
        (problem(504, "timeout"), errors.GatewayTimeout),
    ],
)
async def test_a_refusal_is_of_the_class_of_its_code_or_status(
    answer: httpx2.Response, kind: type[ApiError]
) -> None:
    with pytest.raises(ApiError, match="The reason") as caught:
        await Answering([answer]).line().ask(ops.GET_HEALTH)

    fault = caught.value
    assert type(fault) is kind
    assert (fault.status, fault.code) == (answer.status_code, answer.json()["code"])
    assert (fault.request_id, fault.retryable) == ("r-1", False)


async def test_a_refusal_is_also_what_it_stands_for() -> None:
    gone = Answering([httpx2.Response(404, json={"success": False, "error": "No session"})])
    with pytest.raises(NotFound, match="No session") as missing:
        await gone.line().ask(ops.LATEST_SESSION)
    assert missing.value.code == "not_found"

    told = problem(409, "gpu_held", lease={"holder": "training"})
    with pytest.raises(Conflict) as held:
        await Answering([told]).line().ask(ops.LIST_LEASES)
    assert isinstance(held.value, errors.GpuHeld)
    assert held.value.body["lease"] == {"holder": "training"}


async def test_the_fields_that_are_wrong_are_named() -> None:
    listed = [
        {"pointer": "#/labels/a~1b", "detail": "Too long", "code": "string_too_long"},
        {"parameter": "limit", "in": "query", "detail": "Too many", "code": "less_than_equal"},
    ]
    with pytest.raises(errors.Unprocessable) as caught:
        await Answering([problem(422, "invalid_input", errors=listed)]).line().ask(ops.LIST_JOBS)
    assert caught.value.fields == (
        Field(("body", "labels", "a/b"), "Too long", "string_too_long"),
        Field(("query", "limit"), "Too many", "less_than_equal"),
    )

    detail = [
        {"loc": ["body", "file_name"], "msg": "Unknown", "type": "enum"},
        {"loc": ["body"], "msg": "Missing", "type": "missing"},
    ]
    documented = Answering([httpx2.Response(422, json={"detail": detail})])
    with pytest.raises(InvalidInput, match=r"^file_name: Unknown; the body: Missing$"):
        await documented.line().ask(ops.CREATE_FROM_CODE, body={})


async def test_an_error_with_a_full_answer_is_an_answer() -> None:
    down = httpx2.Response(503, json={"status": "unavailable", "checks": {"archive": "away"}})

    readiness = await Answering([down]).line().ask(ops.GET_READINESS)

    assert readiness.checks == {"archive": "away"}


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
        await Answering([answer]).line().ask(ops.GET_HEALTH)


@pytest.mark.parametrize(
    ("fault", "kind", "sentence"),
    [
        (httpx2.ConnectError("refused"), errors.NoServer, "no server at .*refused"),
        (httpx2.ConnectTimeout(""), errors.NoServer, "no server at .*no answer"),
        (httpx2.ReadTimeout("slow"), TimedOut, "longer than 7 seconds"),
        (httpx2.ReadError("cut"), Unreachable, "broke: ReadError"),
    ],
)
async def test_a_broken_connection_is_told(
    fault: Exception, kind: type[StoryloomError], sentence: str
) -> None:
    line = Answering([fault]).line(ONCE)

    with pytest.raises(Unavailable, match=sentence) as caught:
        await line.ask(ops.GET_HEALTH, timeout_s=7)

    assert type(caught.value) is kind


async def test_names_stay_in_their_places() -> None:
    server = Answering([problem(404, "work_not_found")])

    with pytest.raises(errors.Missing):
        await server.line().ask(ops.GET_JOB, {"job_id": "../x"})

    assert server.asked[0].url.raw_path == b"/v1/jobs/..%2Fx"


@pytest.mark.parametrize(
    "url", ["", "foo", "http://", "ftp://host", "http://host:99999", "http://[::"]
)
def test_an_address_is_checked_first(url: str) -> None:
    with pytest.raises(InvalidInput, match="write an address such as"):
        address(url)


def test_a_key_and_an_organisation_go_with_every_request() -> None:
    headers = new_http("http://host", key="sl_x", org="acme").headers

    assert (headers["Authorization"], headers["X-Org-ID"]) == ("Bearer sl_x", "acme")
    assert "Authorization" not in new_http("http://host", key=None, org=None).headers


@pytest.mark.parametrize("org", ["", "é", "a\r\nX-Other: b", " acme", "acme\n"])
def test_what_names_no_organisation_is_not_sent(org: str) -> None:
    with pytest.raises(InvalidInput, match="names no organisation") as refused:
        new_http("http://host", key=None, org=org)
    assert refused.value.loc == ("org",)


@pytest.mark.parametrize("key", ["ü", "sl_x\r\nX-Other: b", "sl_\u200bx"])
def test_what_is_no_key_is_not_sent_and_not_told(key: str) -> None:
    with pytest.raises(InvalidInput, match="copy it again") as refused:
        new_http("http://host", key=key, org=None)
    assert key not in refused.value.message


async def test_a_link_of_an_answer_is_fetched_from_this_server_alone() -> None:
    server = Answering([httpx2.Response(200, content=b"<svg/>")])
    line = server.line()

    assert await line.fetch("/a/{b}/image?version=1") == b"<svg/>"
    assert server.asked[0].url.raw_path == b"/a/%7Bb%7D/image?version=1"
    for link in ("https://evil.example/x", "//evil.example/x"):
        with pytest.raises(BadAnswer, match="at another server"):
            await line.fetch(link)


async def test_nothing_half_saved_is_left(tmp_path: Path) -> None:
    whole = httpx2.Response(200, stream=Pieces(b"%PDF", b"-1"))
    broken = httpx2.Response(200, stream=Pieces(b"%PDF", httpx2.ReadError("cut")))
    line = Answering([whole, broken, problem(404, "export_not_found")]).line()
    wanted = Wanted(ops.GET_EXPORT, {"run_id": "r", "export_name": "sheet"})

    assert (await save(line, wanted, tmp_path / "a.pdf")).name == "a.pdf"
    with pytest.raises(Unreachable):
        await save(line, wanted, tmp_path / "b.pdf")
    with pytest.raises(errors.Missing):
        await save(line, wanted, tmp_path / "c.pdf")

    saved = [path async for path in anyio.Path(tmp_path).iterdir()]
    assert [(path.name, await path.read_bytes()) for path in saved] == [("a.pdf", b"%PDF-1")]
