"""Which requests go the short way."""

from typing import Any

import pytest
from starlette.routing import Match, NoMatchFound

from storyloom.storyboard.quick import QuickPicture, QuickPoll

JOB = "00000000-0000-4000-8000-000000000000"
PLAIN: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": f"/storyboard/jobs/{JOB}",
    "query_string": b"",
    "headers": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"method": "HEAD"},
        {"path": f"/storyboard/jobs/{JOB.replace('0', 'A')}"},
        {"headers": [(b"accept", b"*/*"), (b"x-org-id", b"my org"), (b"if-none-match", b"*")]},
    ],
)
def test_a_plain_poll_goes_the_short_way(change: dict[str, Any]) -> None:
    match, scope = QuickPoll().matches(PLAIN | change)

    assert match is Match.FULL
    assert scope["route"].path == "/storyboard/jobs/{job_id}"


@pytest.mark.parametrize(
    "change",
    [
        {"type": "websocket"},
        {"method": "DELETE"},
        {"query_string": b"a=1"},
        {"root_path": "/storyboard"},
        {"path": "/storyboard/jobs"},
        {"path": f"/storyboard/jobs/{JOB[:-1]}"},
        {"path": f"/storyboard/jobs/{JOB[:-1]}\u0660"},
        {"path": f"/storyboard/jobs/{JOB}/image"},
        {"headers": [(b"x-org-id", b"")]},
        {"headers": [(b"x-org-id", b"x" * 129)]},
        {"headers": [(b"x-org-id", b" x")]},
        {"headers": [(b"x-org-id", b"x\n")]},
        {"headers": [(b"x-org-id", "é".encode("latin-1"))]},
        {"headers": [(b"x-org-id", b"a"), (b"x-org-id", b"b")]},
        {"headers": [(b"if-none-match", b'"a"'), (b"if-none-match", b'"b"')]},
    ],
)
def test_everything_else_is_left_to_the_documented_routes(change: dict[str, Any]) -> None:
    assert QuickPoll().matches(PLAIN | change) == (Match.NONE, {})


@pytest.mark.parametrize(
    ("ending", "match"), [("/image", Match.FULL), ("/imagE", Match.NONE), ("-image", Match.NONE)]
)
def test_pictures_have_a_short_way_of_their_own(ending: str, match: Match) -> None:
    path = f"/storyboard/jobs/{JOB}{ending}"

    assert QuickPicture().matches(PLAIN | {"path": path})[0] is match


def test_the_short_way_has_no_name() -> None:
    with pytest.raises(NoMatchFound):
        QuickPoll().url_path_for("poll_job", job_id=JOB)
