"""Answers and pictures as responses."""

from starlette.responses import Response

from storyloom.kit.tagged import is_known
from storyloom.storyboard.answers import Answer
from storyloom.storyboard.pictures import PictureFile

POLL_EVERY_S = "1"
_NOT_MODIFIED = 304
#: An SVG is a document: opened by itself, it may load and run nothing.
SAFE_TO_OPEN = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}
_HEADERS_OF_PICTURES = [
    (b"cache-control", b"private, max-age=3600"),
    *((name.encode(), value.encode()) for name, value in SAFE_TO_OPEN.items()),
]


class _Ready(Response):
    """A response of bytes and headers that need no more work."""

    def __init__(self, status_code: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code = status_code
        self.body = body
        self.raw_headers = headers
        self.background = None


def poll_response(answer: Answer, if_none_match: str | None) -> Response:
    """The answer to a poll, or the word that the client has it."""
    headers = [(b"etag", answer.etag.encode("ascii")), (b"cache-control", b"no-cache")]
    if not answer.is_terminal:
        headers.append((b"retry-after", POLL_EVERY_S.encode("ascii")))
    if is_known(answer.etag, if_none_match):
        return _Ready(_NOT_MODIFIED, b"", headers)
    return _whole(answer.body, "application/json", headers)


def picture_response(picture: PictureFile, if_none_match: str | None) -> Response:
    """The picture, or the word that the client has it."""
    name = f'inline; filename="{picture.name}"'
    headers = [
        (b"etag", picture.etag.encode("ascii")),
        (b"content-disposition", name.encode("ascii")),
        *_HEADERS_OF_PICTURES,
    ]
    if is_known(picture.etag, if_none_match):
        return _Ready(_NOT_MODIFIED, b"", headers)
    return _whole(picture.data, picture.media_type, headers)


def _whole(body: bytes, media_type: str, headers: list[tuple[bytes, bytes]]) -> Response:
    headers.append((b"content-length", str(len(body)).encode("ascii")))
    headers.append((b"content-type", media_type.encode("ascii")))
    return _Ready(200, body, headers)
