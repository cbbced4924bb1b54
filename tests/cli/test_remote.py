"""Following a job at a server that is slow, away or failing."""

from collections.abc import Mapping

import httpx2
import pytest

from storyloom.cli.makers import order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.remote import JobFailed, ServerMaker
from storyloom.cli.sources import Kind
from storyloom.errors import TimedOut, Unavailable
from storyloom.storyboard.schemas import BoardFile
from tests.cli.conftest import png
from tests.cli.test_server import JOB, PENDING, answering

ORDER = order_of(Kind.CODE, DrawOptions(), BoardFile.PNG)
ACCEPTED = httpx2.Response(202, json={"job_id": JOB, "status": "pending", "poll_url": "/x"})
UNDERSTOOD = {"headline": "Know the payback", "degraded": ["No OCR."]}
COMPLETED: dict[str, object] = PENDING | {
    "status": "completed",
    "understanding": UNDERSTOOD,
    "warnings": ["Cut."],
}
AWAY = httpx2.Response(503, json={"detail": "Starting"})
AT_ONCE = {"Retry-After": "0"}


class Scripted:
    """A server that gives its polls one answer after the other, the last one for ever."""

    def __init__(self, *polls: httpx2.Response) -> None:
        self.polls = list(polls)
        self.sent = b""
        self.kind = ""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.sent = request.content
            return ACCEPTED
        if request.url.path.endswith("/image"):
            self.kind = request.url.params["format"]
            return httpx2.Response(200, content=png())
        return self.polls.pop(0) if len(self.polls) > 1 else self.polls[0]


def _poll(body: Mapping[str, object]) -> httpx2.Response:
    return httpx2.Response(200, json=body, headers=AT_ONCE)


def _silent(_: str) -> None:
    pass


async def test_a_job_is_followed_to_its_picture() -> None:
    phases: list[str] = []
    script = Scripted(_poll(PENDING), _poll(PENDING | {"status": "processing"}), _poll(COMPLETED))

    made = await ServerMaker(answering(script)).code("roi.py", b"x = 1", ORDER, phases.append)

    assert phases == ["sending", "pending", "processing", "fetching"]
    assert (made.headline, made.job_id) == ("Know the payback", JOB)
    assert made.warnings == ("No OCR.", "Cut.")
    assert made.data == png()


@pytest.mark.parametrize("kind", list(BoardFile))
async def test_its_picture_is_fetched_as_it_is_wished(kind: BoardFile) -> None:
    script = Scripted(_poll(COMPLETED))
    order = order_of(Kind.CODE, DrawOptions(), kind)

    await ServerMaker(answering(script)).code("roi.py", b"x = 1", order, _silent)

    assert script.kind == kind


async def test_a_picture_is_sent_as_base64() -> None:
    script = Scripted(_poll(COMPLETED))

    await ServerMaker(answering(script)).roadmap(png(), ORDER, _silent)

    assert b'"image_data":"iVBORw0KGgo' in script.sent
    assert b'"sanitize_ip":true' in script.sent


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        ({"status": "failed", "error_message": "Too dark."}, "Too dark."),
        ({"status": "cancelled"}, "The job was cancelled."),
    ],
)
async def test_a_job_that_failed_is_told(ended: dict[str, object], reason: str) -> None:
    script = Scripted(_poll(PENDING | ended))

    with pytest.raises(JobFailed, match=reason):
        await ServerMaker(answering(script)).code("roi.py", b"x = 1", ORDER, _silent)


async def test_an_understanding_without_remarks_has_only_the_drawings() -> None:
    plain = _poll(COMPLETED | {"understanding": {"headline": "Now"}})

    made = await ServerMaker(answering(Scripted(plain))).code("a.py", b"x = 1", ORDER, _silent)

    assert made.warnings == ("Cut.",)


async def test_a_server_that_is_away_for_a_moment_is_waited_for() -> None:
    script = Scripted(AWAY, _poll(COMPLETED))
    maker = ServerMaker(answering(script), wait_s=0.01)

    made = await maker.code("roi.py", b"x = 1", ORDER, _silent)

    assert made.data == png()


async def test_a_server_that_stays_away_is_given_up() -> None:
    maker = ServerMaker(answering(Scripted(AWAY)), outage_limit_s=0.05, wait_s=0.01)

    with pytest.raises(Unavailable, match="Starting"):
        await maker.code("roi.py", b"x = 1", ORDER, _silent)


async def test_a_job_that_does_not_end_is_given_up() -> None:
    maker = ServerMaker(answering(Scripted(_poll(PENDING))), job_limit_s=0.05)

    with pytest.raises(TimedOut, match=f"jobs watch {JOB} --server URL"):
        await maker.code("roi.py", b"x = 1", ORDER, _silent)
