"""A server of a few lines: answers in their order, and what was asked."""

from collections.abc import AsyncIterator, Iterator, Sequence

import httpx2

from storyloom.client.line import Line
from storyloom.client.patience import Patience

URL = "http://127.0.0.1:8000"
Answer = httpx2.Response | Exception
AT_ONCE = Patience(first_s=0)


class Answering:
    """Gives one answer after the other, and keeps the requests."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.asked: list[httpx2.Request] = []
        self._answers: Iterator[Answer] = iter(answers)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def line(self, patience: Patience = AT_ONCE) -> Line:
        """A line that asks it."""
        transport = httpx2.MockTransport(self)
        return Line(httpx2.AsyncClient(transport=transport, base_url=URL), URL, patience)


class Pieces(httpx2.AsyncByteStream):
    """A body that comes in pieces, and may break."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


def problem(status: int, code: str, **more: object) -> httpx2.Response:
    """Problem details."""
    told = {"status": status, "code": code, "detail": "The reason", "retryable": False, **more}
    headers = {"X-Request-Id": "r-1", "Content-Type": "application/problem+json"}
    return httpx2.Response(status, json=told, headers=headers)
