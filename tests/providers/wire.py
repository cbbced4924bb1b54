"""What the wires have in common: writing a request down, and answering in the time told."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from fastapi import Request, Response

from tests.providers.books import Books, Kind, Reply, Seen
from tests.providers.faults import Answered, split


def books_of(request: Request) -> Books:
    books = request.app.state.books
    assert isinstance(books, Books)
    return books


async def seen_of(
    request: Request, key: str, kind: Kind, body: Mapping[str, Any] | None = None
) -> Seen:
    return Seen(
        key=key,
        kind=kind,
        method=request.method,
        path=request.url.path,
        query=request.url.query,
        headers=dict(request.headers),
        raw=await request.body(),
        body=body or {},
    )


async def answered(request: Request, seen: Seen, answer: Callable[[Reply], Answered]) -> Response:
    """Answer a request, even when its sender is gone: a provider works, and bills, to the end.

    The charge is counted when the request comes, before the wait.
    """
    books = books_of(request)
    reply = books.take(seen)
    name, argument = split(reply)
    later_s = books.latency_of(seen.key)
    result = answer("ok") if name == "slow" else answer(reply)
    if name == "slow":
        result = replace(result, later_s=float(argument))
    if result.billed:
        books.charge(seen.key, seen.kind)
    await asyncio.sleep(later_s + result.later_s)
    return result.response


def inner(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The object below these names; an empty one where there is none."""
    found: Any = body
    for name in names:
        found = found.get(name) or {}
    return found
