"""The examples, run against a real server; and what else only one can show."""

import re
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest

from storyloom.client import AsyncClient, Client
from storyloom.client.errors import Missing
from storyloom.client.following import Snapshot
from storyloom.client.patience import Patience
from storyloom.errors import InvalidInput, TimedOut
from storyloom.storyboard.revision import RevisionRequest
from storyloom.work.schemas import WorkKind, WorkStatus
from tests.servers import environment, running

ROOT = Path(__file__).parents[2]
CODE = (ROOT / "examples" / "code" / "roi_calculator.py").read_text("utf-8")
ROADMAP = ROOT / "examples" / "roadmap" / "roadmap.png"
PAGES = ["README.md", "docs/client.md"]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("blocking_calls_allowed"),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with running(tmp_path_factory.mktemp("server") / "data") as server:
        yield server.url


@pytest.fixture
def client(url: str) -> Generator[Client]:
    with Client(url) as client:
        yield client


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_the_pages_run(
    page: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("calculator.py").write_text(CODE, "utf-8")
    blocks = BLOCK.findall((ROOT / page).read_text("utf-8"))
    known: dict[str, object] = {"__name__": "example"}

    assert blocks
    for block in blocks:
        exec(block.replace("http://127.0.0.1:8000", url), known)  # noqa: S102 - our own pages

    assert Path("board.pdf").read_bytes().startswith(b"%PDF")


def test_the_example_program_runs(url: str, tmp_path: Path) -> None:
    (tmp_path / "roi.py").write_text(CODE, "utf-8")
    run = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "client.py"), str(tmp_path / "roi.py"), url],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )

    assert "job.completed" in run.stdout
    assert (tmp_path / "roi.storyboard.pdf").read_bytes().startswith(b"%PDF")


def test_a_stream_begins_with_a_snapshot_and_ends_with_the_job(client: Client) -> None:
    job = client.storyboards.from_code(CODE, name="roi.py")

    first, *events = client.stream(job.job_id)

    assert isinstance(first, Snapshot)
    seqs = [one.seq for one in events if not isinstance(one, Snapshot)]
    assert seqs == sorted(set(seqs))
    assert client.wait(job.job_id).status is WorkStatus.SUCCEEDED


def test_a_board_is_revised_and_saved_by_the_ending_of_its_name(
    client: Client, tmp_path: Path
) -> None:
    job = client.create(CODE, name="roi.py")
    client.wait(job.job_id)

    again = client.storyboards.revise(job.job_id, RevisionRequest(custom_headline="Paid back"))

    assert client.wait(again.job_id).error is None
    assert client.storyboards.get(again.job_id).revised_from == job.job_id
    client.wait(again.job_id)
    found = client.storyboards.revise(again.job_id, RevisionRequest(custom_headline=None))
    client.wait(found.job_id)
    understood = client.storyboards.get(found.job_id).understanding
    assert understood == client.storyboards.get(job.job_id).understanding
    saved = client.storyboards.download(again.job_id, tmp_path / "board.svg")
    assert "Paid back" in saved.read_text("utf-8") or saved.read_bytes().startswith(b"<svg")
    assert client.storyboards.image(again.job_id).startswith(b"\x89PNG")
    with pytest.raises(InvalidInput, match=r"board\.bmp: .* \.png, \.svg, \.pdf"):
        client.download(job.job_id, tmp_path / "board.bmp")
    assert [path.name for path in tmp_path.iterdir()] == ["board.svg"]


def test_both_transports_tell_the_same(client: Client) -> None:
    job = client.create(CODE, name="roi.py")
    client.wait(job.job_id)
    written = job.job_id.upper()

    by_stream, by_socket = (
        list(client.stream(written, after=0, transport=one)) for one in ("sse", "websocket")
    )

    assert by_socket == by_stream
    assert [one.type for one in by_socket][-1] == "job.completed"
    with pytest.raises(Missing):
        next(client.stream("00000000-0000-4000-8000-000000000000", transport="websocket"))


def test_a_socket_goes_on_through_a_killed_server(tmp_path: Path) -> None:
    patience = Patience(attempts=20, waits_s=120, first_s=0.1)
    with running(tmp_path / "data") as server, Client(server.url, patience=patience) as client:
        client.create(CODE, name="roi.py")
        told = client.events.follow(after=0, transport="websocket")
        seen = [next(told)]
        server.stop(signal.SIGKILL)
        with running(tmp_path / "data", "--port", server.url.rpartition(":")[2]):
            last = client.create(CODE, name="again.py").job_id
            while (seen[-1].type, seen[-1].subject.id) != ("job.accepted", last):
                seen.append(next(told))
            told.close()
            log = client.events.list(after=0, limit=1000).data

    assert seen == log[: len(seen)]


def test_a_file_is_sent_as_it_is(client: Client, tmp_path: Path) -> None:
    board = client.jobs.upload(WorkKind.ROADMAP, ROADMAP, labels={"sent": "whole"}, priority="high")
    (tmp_path / "script.txt").write_text("INT. LIGHTHOUSE - NIGHT\n\nMara lights the lamp.\n")
    run = client.jobs.upload(
        WorkKind.RUN, tmp_path / "script.txt", asked={"title": "The lamp"}, labels={"sent": "whole"}
    )

    listed = client.jobs.list(labels={"sent": "whole"}).data
    assert [one.id for one in listed] == [run.id, board.id]
    assert client.wait(board.id).status is WorkStatus.SUCCEEDED
    with pytest.raises(InvalidInput, match="not text in UTF-8"):
        client.create(b"\xff\xfe\x00", name="a.py")


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    job = client.create(CODE, name="roi.py")
    client.wait(job.job_id)
    answered: list[int] = []

    async def note(response: httpx2.Response) -> None:
        answered.append(response.status_code)

    client.line.http.event_hooks = {"response": [note]}

    first = client.jobs.get(job.job_id), client.storyboards.image(job.job_id)
    again = client.jobs.get(job.job_id), client.storyboards.image(job.job_id)

    assert again == first
    assert answered == [200, 200, 304, 304]


async def test_a_wait_has_an_end(url: str) -> None:
    async with AsyncClient(url) as client:
        job = await client.create(ROADMAP)

        with pytest.raises(TimedOut, match="has not ended after 0 seconds"):
            await client.wait(job.job_id, limit_s=0)
