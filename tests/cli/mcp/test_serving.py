"""The real command, asked by the SDK's own client over stdio and HTTP."""

import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from mcp import Client, StdioServerParameters

from tests.cli.conftest import CODE, Run
from tests.cli.mcp.agents import pictures, told
from tests.measuring import measured
from tests.processes import wait_until
from tests.servers import environment, running

pytestmark = pytest.mark.slow
COMMAND = ["-m", "storyloom", "mcp"]


@pytest.fixture
def project(place: Path) -> Path:
    (place / "roi.py").write_text(CODE, "utf-8")
    return place


async def test_over_stdio_it_works_without_a_server(project: Path, tmp_path: Path) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=[*COMMAND, "--root", str(project), "--data-dir", str(tmp_path / "data")],
        env=environment(**measured()),
    )

    async with Client(command) as client:
        made = await client.call_tool("code_to_storyboard", {"path": "roi.py"})

    assert told(made)["status"] == "succeeded"
    assert len(pictures(made)) == 1
    assert (project / "storyboards" / "roi.storyboard.png").exists()


def test_it_ends_when_stdin_closes(project: Path) -> None:
    command = [sys.executable, *COMMAND, "--root", str(project)]

    done = subprocess.run(
        command, input=b"", capture_output=True, env=environment(**measured()), check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@contextmanager
def _answering(*more: str, log: Path) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    with log.open("wb") as stderr:
        command = [sys.executable, *COMMAND, "--http", "--port", "0", *more]
        process = subprocess.Popen(command, stderr=stderr, env=environment(**measured()))
    try:
        wait_until(lambda: "answers at" in log.read_text("utf-8"))
        (address,) = re.findall(r"http://\S+", log.read_text("utf-8"))
        yield address, process
    finally:
        process.kill()
        process.wait()


async def test_over_http_it_hands_the_work_to_a_server(project: Path, tmp_path: Path) -> None:
    with (
        running(tmp_path / "server") as server,
        _answering("--server", server.url, log=tmp_path / "mcp.log") as (address, process),
    ):
        async with Client(address) as client:
            made = await client.call_tool("code_to_storyboard", {"path": "roi.py"})
            listed = await client.call_tool("list_jobs")
        refused = [
            httpx2.post(address, headers={name: "http://evil.example"}, json={}).status_code
            for name in ("Host", "Origin")
        ]
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=30)

    assert status == 0, (tmp_path / "mcp.log").read_text("utf-8")
    assert refused == [421, 403]
    assert [job["id"] for job in told(listed)["data"]] == [told(made)["job_id"]]
    assert Path(told(made)["files"][0]).is_relative_to(project)


def test_a_root_that_is_not_there_is_refused(run: Run) -> None:
    result = run("mcp", "--root", "nowhere")

    assert result.exit_code == 4
    assert result.stderr == "storyloom: There is no folder nowhere.\n"


def test_without_the_package_it_says_how_to_get_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)

    result = run("mcp")

    assert result.exit_code == 7
    assert "pip install 'storyloom[mcp]'" in result.stderr
