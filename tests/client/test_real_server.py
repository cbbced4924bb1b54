"""The examples, run against a real server; and what else only one can show."""

import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from storyloom.client import AsyncClient, Client
from storyloom.client.following import Snapshot
from storyloom.errors import InvalidInput, TimedOut
from storyloom.storyboard.revision import RevisionRequest
from storyloom.work.schemas import WorkStatus
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
    saved = client.storyboards.download(again.job_id, tmp_path / "board.svg")
    assert "Paid back" in saved.read_text("utf-8") or saved.read_bytes().startswith(b"<svg")
    assert client.storyboards.image(again.job_id).startswith(b"\x89PNG")
    with pytest.raises(InvalidInput, match=r"board\.bmp: .* \.png, \.svg, \.pdf"):
        client.download(job.job_id, tmp_path / "board.bmp")
    assert [path.name for path in tmp_path.iterdir()] == ["board.svg"]


async def test_a_wait_has_an_end(url: str) -> None:
    async with AsyncClient(url) as client:
        job = await client.create(ROADMAP)

        with pytest.raises(TimedOut, match="has not ended after 0 seconds"):
            await client.wait(job.job_id, limit_s=0)
