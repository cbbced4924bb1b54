"""Answers that are known by their tags: what has not changed since is not sent again."""

from collections import OrderedDict
from dataclasses import dataclass

import httpx2

MOST_BYTES = 8 << 20
MOST_OF_ONE_BYTES = 1 << 20
_OK, _NOT_MODIFIED = 200, 304
#: They tell how the body was sent, and the one that is kept is as it is read.
_OF_SENDING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, the tag it came with, and its headers."""

    tag: str
    headers: dict[str, str]
    body: bytes


class Known:
    """Keeps so many bytes of answers; those that were asked for last."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Take the bound of all bodies together."""
        self._most_bytes = most_bytes
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def asked(self, request: httpx2.Request) -> Answer | None:
        """Ask only for what is not known; the answer is wanted again where nothing has changed."""
        answer = self._answers.get(_name(request)) if request.method == "GET" else None
        if answer is not None:
            request.headers["If-None-Match"] = answer.tag
        return answer

    def whole(
        self, request: httpx2.Request, response: httpx2.Response, known: Answer | None
    ) -> httpx2.Response:
        """The response, with the body that was left out of it; it is kept for the next time."""
        if response.status_code == _NOT_MODIFIED and known is not None:
            self._keep(_name(request), known)
            headers = known.headers | _told(response)
            return httpx2.Response(_OK, headers=headers, content=known.body, request=request)
        if request.method == "GET" and response.status_code == _OK and _may_be_kept(response):
            answer = Answer(response.headers["ETag"], _told(response), response.content)
            self._keep(_name(request), answer)
        return response

    def _keep(self, name: str, answer: Answer) -> None:
        self._answers[name] = answer
        self._answers.move_to_end(name)
        while sum(len(one.body) for one in self._answers.values()) > self._most_bytes:
            self._answers.popitem(last=False)


def _name(request: httpx2.Request) -> str:
    """An address may be answered in several forms."""
    return f"{request.headers.get('Accept')} {request.url}"


def _told(response: httpx2.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in _OF_SENDING}


def _may_be_kept(response: httpx2.Response) -> bool:
    return (
        "ETag" in response.headers
        and "no-store" not in response.headers.get("Cache-Control", "")
        and len(response.content) <= MOST_OF_ONE_BYTES
    )
