"""Answers that are known by their tags."""

import gzip
import json

import httpx2
import pytest

from storyloom.client import errors
from storyloom.client import operations as ops
from storyloom.client.known import MOST_OF_ONE_BYTES, Known
from storyloom.client.line import Line
from storyloom.client.refusals import retry_after_of
from storyloom.errors import BadAnswer
from tests.client.answering import Answering, problem

SAYS = {"name": "storyloom", "version": "1"}


def tagged(tag: str, **headers: str) -> httpx2.Response:
    return httpx2.Response(200, json=SAYS, headers={"ETag": tag, **headers})


def unchanged(**headers: str) -> httpx2.Response:
    return httpx2.Response(304, headers=headers)


def tags(server: Answering) -> list[str | None]:
    return [request.headers.get("If-None-Match") for request in server.asked]


async def twice(line: Line) -> None:
    for _ in range(2):
        assert (await line.ask(ops.GET_VERSION)).version == "1"


async def test_what_has_not_changed_is_read_again_from_here() -> None:
    server = Answering([tagged('"a"'), unchanged(), tagged('"b"'), unchanged()])
    line = server.line()

    await twice(line)
    await twice(line)

    assert tags(server) == [None, '"a"', '"a"', '"b"']


async def test_the_headers_of_the_newer_answer_hold() -> None:
    server = Answering([tagged('"a"', **{"Retry-After": "9"}), unchanged(**{"Retry-After": "1"})])
    line = server.line()

    await line.send(ops.GET_VERSION)
    again = await line.send(ops.GET_VERSION)

    assert (again.status_code, again.json(), retry_after_of(again)) == (200, SAYS, 1)
    assert again.headers["Content-Type"] == "application/json"


async def test_a_packed_answer_is_kept_unpacked() -> None:
    packed = gzip.compress(json.dumps(SAYS).encode())
    headers = {"ETag": '"a"', "Content-Encoding": "gzip"}
    server = Answering([httpx2.Response(200, content=packed, headers=headers), unchanged()])

    await twice(server.line())

    assert tags(server) == [None, '"a"']


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, json=SAYS),
        tagged('"a"', **{"Cache-Control": "private, no-store"}),
        httpx2.Response(
            200, json=SAYS | {"more": "x" * MOST_OF_ONE_BYTES}, headers={"ETag": '"a"'}
        ),
    ],
)
async def test_some_answers_are_not_kept(answer: httpx2.Response) -> None:
    server = Answering([answer, tagged('"b"')])

    await twice(server.line())

    assert tags(server) == [None, None]


async def test_only_what_is_asked_for_the_same_is_known() -> None:
    server = Answering([tagged('"a"'), problem(404, "work_not_found"), tagged('"c"')])
    line = server.line()

    await line.ask(ops.GET_VERSION)
    with pytest.raises(errors.Missing):
        await line.ask(ops.GET_JOB, {"job_id": "j"})
    await line.ask(ops.Operation("POST", "/version", ops.ServerVersion))

    assert tags(server) == [None, None, None]


async def test_a_304_that_was_not_asked_for_is_no_answer() -> None:
    with pytest.raises(BadAnswer):
        await Answering([unchanged()]).line().ask(ops.GET_VERSION)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    known = Known(most_bytes=25)

    def ask(path: str, response: httpx2.Response | None = None) -> bool:
        request = httpx2.Request("GET", f"http://host/{path}")
        answer = known.asked(request)
        if response is not None:
            known.whole(request, response, answer)
        return answer is not None

    for path in "ab":
        ask(path, httpx2.Response(200, content=b"x" * 10, headers={"ETag": path}))
    ask("a", unchanged())
    ask("c", httpx2.Response(200, content=b"x" * 10, headers={"ETag": "c"}))

    assert [ask(path) for path in "abc"] == [True, False, True]
