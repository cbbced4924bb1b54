"""A short way to the two addresses that are asked most: the poll, and the picture.

FastAPI finds a route by trying all of them, and prepares for dependencies, bodies and checks that a
poll does not have; that is more work than the poll. A request that is plainly right is answered
here, by the same calls and with the same responses. All others are passed over: FastAPI's own routes
answer them, and say what is wrong. Those stay the documented ones.
"""

import re
from dataclasses import dataclass

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from storyloom.access.callers import org_of_key
from storyloom.kit.organisations import ORG_LABEL, ORG_LENGTH
from storyloom.storyboard.pictures import StoryboardPictures
from storyloom.storyboard.router import router
from storyloom.storyboard.schemas import BoardFile
from storyloom.storyboard.served import picture_response, poll_response
from storyloom.storyboard.state import StoryboardJobManager

_PATH = re.compile(router.prefix + r"/jobs/([0-9A-Fa-f-]{36})")
_IMAGE = "/image"
_METHODS = frozenset({"GET", "HEAD"})
_LABEL = re.compile(ORG_LABEL)
_ASKED = "storyloom.asked"


@dataclass(frozen=True, slots=True)
class _Asked:
    job_id: str
    org_id: str | None = None
    if_none_match: str | None = None


class _QuickRoute(BaseRoute):
    """Matches plain requests only: a known form of path, no query, one good label at most."""

    def __init__(self, ending: str) -> None:
        self.path = f"{router.prefix}/jobs/{{job_id}}{ending}"
        self._ending = ending
        self._length = len(f"{router.prefix}/jobs/") + 36 + len(ending)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the request can be answered here."""
        path = scope["path"]
        # The length first: it is cheap, and nearly all that is something else fails it.
        if len(path) != self._length or scope["type"] != "http" or not _is_plain(scope):
            return Match.NONE, {}
        found = _PATH.match(path)
        if found is None or not path.endswith(self._ending):
            return Match.NONE, {}
        asked = _asked(found[1], scope["headers"], org_of_key(scope.get("state") or {}))
        return (Match.NONE, {}) if asked is None else (Match.FULL, {_ASKED: asked, "route": self})

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        """These have no names: the documented routes have them."""
        raise NoMatchFound(name, path_params)


class QuickPoll(_QuickRoute):
    """Answers polls."""

    def __init__(self) -> None:
        """Stand before the documented route."""
        super().__init__("")

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with where the job is now."""
        asked: _Asked = scope[_ASKED]
        answer = await _jobs(scope).poll(asked.job_id, asked.org_id)
        await poll_response(answer, asked.if_none_match)(scope, receive, send)


class QuickPicture(_QuickRoute):
    """Answers requests for the picture as a PNG."""

    def __init__(self) -> None:
        """Stand before the documented route."""
        super().__init__(_IMAGE)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the picture."""
        asked: _Asked = scope[_ASKED]
        picture = await _pictures(scope).picture(asked.job_id, BoardFile.PNG, asked.org_id)
        response = picture_response(picture, asked.if_none_match)
        await response(scope, receive, send)


def _jobs(scope: Scope) -> StoryboardJobManager:
    return scope["state"]["jobs"]


def _pictures(scope: Scope) -> StoryboardPictures:
    return scope["state"]["pictures"]


def _is_plain(scope: Scope) -> bool:
    return scope["method"] in _METHODS and not scope["query_string"] and not scope.get("root_path")


def _asked(job_id: str, headers: list[tuple[bytes, bytes]], keys_org: str | None) -> _Asked | None:
    """What is asked; None when a header comes twice, or would be refused."""
    org_id = if_none_match = None
    for name, value in headers:
        if name == b"x-org-id":
            label = value.decode("latin-1")
            if org_id is not None or len(label) > ORG_LENGTH or not _LABEL.fullmatch(label):
                return None
            org_id = label
        elif name == b"if-none-match":
            if if_none_match is not None:
                return None
            if_none_match = value.decode("latin-1")
    # Where there is a key, the label was held against it at the gate.
    return _Asked(job_id, org_id if keys_org is None else keys_org, if_none_match)
