"""`jobs list|show|watch`, in the archive and over HTTP; and drawing at a server."""

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.bootstrap.database import database_file
from storyloom.cli import jobs as jobs_module
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.ids import JobId
from tests.cli.conftest import CODE, Run, json_of
from tests.servers import Running, running

DONE = JobId("3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a")
FAILED = JobId("3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9b")
WAITING = JobId("3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9c")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def _jobs() -> list[Job]:
    done = Job(
        id=DONE,
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.COMPLETED,
        input_params={},
        created_at=AT,
        completed_at=AT,
        execution_time_ms=240,
        understanding={"headline": "Know the [payback]", "evidence": []},
    )
    failed = done.model_copy(
        update={
            "id": FAILED,
            "status": JobStatus.FAILED,
            "error_message": "Too\ndark.",
            "understanding": None,
        }
    )
    waiting = done.model_copy(
        update={"id": WAITING, "status": JobStatus.PENDING, "org_id": "default"}
    )
    return [done, failed, waiting]


async def _fill(folder: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{database_file(folder)}") as database:
        for job in _jobs():
            await SqlJobArchive(database).add(job)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    folder = tmp_path / "archive"
    folder.mkdir()
    asyncio.run(_fill(folder))
    return str(folder)


def test_jobs_are_listed_for_people(run: Run, archive: str) -> None:
    told = run("jobs", "list", "--data-dir", archive).stdout

    assert [
        word for word in (DONE, FAILED, WAITING, "240 ms", "Too dark.") if word not in told
    ] == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--status", "failed"], {FAILED}),
        (["--org", "default"], {WAITING}),
        (["--limit", "1", "--status", "pending"], {WAITING}),
    ],
)
def test_jobs_are_picked(run: Run, archive: str, asked: list[str], found: set[str]) -> None:
    listed = json_of(run("jobs", "list", "--data-dir", archive, "--json", *asked))

    assert {job["job_id"] for job in listed["jobs"]} == found


def test_one_job_is_shown(run: Run, archive: str) -> None:
    told = run("jobs", "show", DONE, "--data-dir", archive).stdout

    assert "Know the [payback]" in told
    assert "Evidence" not in told
    assert json_of(run("jobs", "show", DONE, "--data-dir", archive, "--json"))["job_id"] == DONE


@pytest.mark.parametrize("asked", [["abc"], [DONE.replace("3f", "4f")], [DONE, "--org", "another"]])
def test_what_is_not_there_is_not_found(run: Run, archive: str, asked: list[str]) -> None:
    result = run("jobs", "show", "--data-dir", archive, *asked)

    assert result.exit_code == 4
    assert result.stderr == f"storyloom: Job '{asked[0]}' not found\n"


def test_where_no_server_ever_ran_there_are_no_jobs(run: Run) -> None:
    result = run("jobs", "list")

    assert result.exit_code == 8
    assert "There are no jobs yet" in result.stderr


@pytest.mark.parametrize(("job_id", "status"), [(DONE, 0), (FAILED, 1)])
def test_watching_tells_how_it_ended(run: Run, archive: str, job_id: str, status: int) -> None:
    assert run("jobs", "watch", job_id, "--data-dir", archive).exit_code == status


def test_watching_waits_for_the_end(
    run: Run, archive: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def end_it(_: float) -> None:
        async with open_database(f"sqlite+aiosqlite:///{database_file(Path(archive))}") as database:
            end = Outcome(status=JobStatus.COMPLETED, completed_at=AT, execution_time_ms=1)
            await SqlJobArchive(database).finish(WAITING, end)

    monkeypatch.setattr(jobs_module.anyio, "sleep", end_it)

    result = run("jobs", "watch", WAITING, "--data-dir", archive, "--json")

    assert result.exit_code == 0
    assert json_of(result)["status"] == "completed"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    with running(tmp_path_factory.mktemp("served") / "data") as started:
        yield started


def test_a_server_draws_and_its_jobs_can_be_read(run: Run, source: Path, server: Running) -> None:
    at, org = ("--server", server.url), ("--org", "readers")
    drawn = run("code", "roi.py", "--headline", "Hello", *at, *org, "--json")
    (board,) = json_of(drawn)["storyboards"]

    assert Path(board["path"]).read_bytes().startswith(b"\x89PNG")
    (listed,) = json_of(run("jobs", "list", *at, *org, "--status", "completed", "--json"))["jobs"]
    assert listed["job_id"] == board["job_id"]
    assert run("jobs", "watch", board["job_id"], *at).exit_code == 0
    beside = run("jobs", "show", board["job_id"], "--data-dir", str(server.data_dir))
    assert "Hello" in beside.stdout
    assert run("jobs", "show", board["job_id"], *at, "--org", "others").exit_code == 4


def test_a_server_says_what_is_wrong_with_each_file(run: Run, place: Path, server: Running) -> None:
    (place / "a.py").write_text(CODE, "utf-8")
    (place / "b.py").write_text(" ", "utf-8")

    result = run(
        "code", "a.py", "b.py", "--server", server.url, "-o", "out/", "--file-format", "svg"
    )

    assert result.exit_code == 2
    assert [file.name for file in (place / "out").iterdir()] == ["a.storyboard.svg"]
    assert result.stderr == "error: b.py: The file holds nothing but white space\n"


def test_a_server_that_is_not_there_is_told_so(run: Run, source: Path) -> None:
    result = run("code", "roi.py", "--server", "http://127.0.0.1:1")

    assert result.exit_code == 6
    assert "There is no server at http://127.0.0.1:1" in result.stderr
